import type { YamlNode } from '../../syntax/yaml-node.js';
import { asSequence, get } from '../../syntax/yaml-query.js';
import { emptyValue } from '../empty.js';
import type { InputValue } from '../schema.js';
import { authorizingSteps } from './authorization.js';
import { emitReference } from './container.js';
import { type ReadContext, state } from './context.js';
import { emitText, type Place } from './emit.js';
import { filledInputs } from './handed-inputs.js';
import { locator } from './locate.js';
import { effectivePermissions, readPermissions } from './permissions.js';
import { structureProblem } from './problems.js';
import { type ReachInput, readReach } from './reach.js';
import type { Scope } from './scope.js';
import { readStep } from './step.js';
import { firstStep } from './step-derived.js';
import { createOutputStore } from './taint.js';
import { contentRange, entries, scalarOf, textOf, valueOf } from './tree.js';
import { usedNames } from './used-names.js';
import { parseImage, parseUses } from './uses.js';
import { readMap, readText } from './values.js';

/** States the facts of an `action.yml`: composite steps, or how a JavaScript or Docker action is started. */
export function readAction(root: YamlNode, context: ReadContext): void {
  const runs = valueOf(root, 'runs');
  if (root.kind !== 'mapping' || runs?.kind !== 'mapping') {
    structureProblem(context, runs ?? root, 'an action must be a mapping with `runs`');
    return;
  }
  const triggers = context.repository.triggersOf(context.document.path, []);
  const known = triggers.some((trigger) => trigger.event !== 'workflow_call');
  const scope: Scope = {
    triggers,
    contextScope: { events: known ? triggers.map(({ event }) => event) : [] },
    env: new Map(),
    inputs: filledInputs([...entries(valueOf(root, 'inputs'))].map(([name]) => name.toLowerCase()), context.repository.inputsOf(context.document.path), new Set()),
    matrix: undefined,
    output: () => undefined,
  };
  const first = get(root, 'name') ?? root.pairs[0];
  const pipeline = state(
    context,
    'pipeline',
    {
      ...emptyValue('pipeline'),
      platform: 'github',
      kind: 'action',
      name: textOf(valueOf(root, 'name')) ?? context.document.path,
      triggers: [...triggers],
      inputs: actionInputs(root, scope),
      jobCount: 0,
      reusableOnly: true,
      usesOf: usedNames(root),
      floating: [],
    },
    {},
    locator(root, first?.value.kind === 'scalar' ? first.range : root.range, { permissions: 'runs', triggers: 'runs' }),
  );
  const place: Place = { context, parents: { pipeline }, scope, secretScope: 'step' };
  emitOutputs(root, place);
  const using = textOf(valueOf(runs, 'using'))?.toLowerCase() ?? '';
  if (using === 'composite') readComposite(runs, place);
  else readProgram(runs, using, place);
  for (const fact of context.facts) {
    if (fact.kind === 'reference' && fact.value.kind !== 'local' && fact.value.pin !== 'digest' && fact.value.pin !== '') pipeline.value.floating.push(fact.value.text);
  }
}

function actionInputs(root: YamlNode, scope: Scope): Record<string, InputValue> {
  const inputs: Record<string, InputValue> = {};
  for (const [name, input] of entries(valueOf(root, 'inputs'))) {
    if (name === '__proto__') continue;
    const text = scalarOf(valueOf(input, 'default'));
    const value = text === undefined ? { text: '', literal: true, contexts: [], secrets: [] } : readText(text, scope).value;
    inputs[name.toLowerCase()] = { ...value, controlledBy: scope.inputs.get(name.toLowerCase())?.controlledBy ?? 'unknown' };
  }
  return inputs;
}

function emitOutputs(root: YamlNode, place: Place): void {
  for (const [name, output] of entries(valueOf(root, 'outputs'))) {
    const scalar = scalarOf(valueOf(output, 'value'));
    if (scalar !== undefined) emitText(readText(scalar, place.scope), { sink: 'output', name, handover: 'output', where: '' }, place);
  }
}

function readComposite(runs: YamlNode, place: Place): void {
  const { context, scope } = place;
  const pair = get(runs, 'steps');
  const steps = asSequence(pair?.value);
  if (steps === undefined) {
    structureProblem(context, pair?.value ?? runs, '`runs.steps` of a composite action must be a list');
    return;
  }
  const calls = context.repository.callsOf(context.document.path);
  const granted = calls.map((call) => call.permissions).find((permissions) => permissions.writes.length > 0);
  const permissions = granted ?? effectivePermissions(readPermissions(undefined), undefined, false);
  const surroundings: ReachInput = { triggers: scope.triggers, conditions: [], permissions, secrets: [], environment: '', selfHosted: false };
  const reach = readReach(surroundings);
  // An action has no job of its own; that of its callers stands behind its steps, but is no fact of this file.
  const job = { kind: 'job', value: { ...emptyValue('job'), permissions, reach, stepCount: steps.items.length }, document: context.document, parents: place.parents, locate: () => runs.range } as const;
  const outputs = createOutputStore();
  const inner: Place = { ...place, scope: { ...scope, output: (segments) => outputs.find('', segments) }, parents: { ...place.parents, job }, reach };
  const stepState = firstStep({ triggers: scope.triggers, shell: 'bash', explicitShell: true, workingDirectory: '', authorizes: authorizingSteps(runs), job: '', outputs, surroundings, reach });
  steps.items.forEach(({ value }, index) => readStep(value, index, inner, stepState));
}

/** A JavaScript or Docker action: its runtime and image as settings and references. */
function readProgram(runs: YamlNode, using: string, place: Place): void {
  for (const [name, value] of entries(runs)) {
    if (value.kind !== 'scalar') continue;
    const range = contentRange(value);
    state(place.context, 'setting', { ...emptyValue('setting'), name, value: value.text, scope: 'runs', file: 'action' }, place.parents, () => range);
  }
  const image = scalarOf(valueOf(runs, 'image'));
  if (using === 'docker' && image !== undefined) {
    const remote = image.text.trim().startsWith('docker://');
    const parsed = remote ? parseUses(image.text, false) : parseImage(image.text);
    if (remote) emitReference(image, parsed, 'action', 'trusted', place);
    emitText(readText(image, place.scope), { sink: 'image', name: 'image', handover: 'image', where: '' }, place);
  }
  for (const [name, text] of readMap(valueOf(runs, 'env'), place.scope, false)) emitText(text, { sink: 'env', name, handover: 'env', where: 'env' }, place);
}
