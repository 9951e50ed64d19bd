import type { SourceRange } from '../../core/index.js';
import type { YamlMapping, YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { emptyValue } from '../empty.js';
import type { ConditionValue, FactValue, ReachValue } from '../schema.js';
import { type ActionModel, actionModel } from './action-models.js';
import { deriveAction, inputUse, remember, type StepState } from './step-derived.js';
import { emitCondition } from './condition-fact.js';
import { conditionOf } from './condition-node.js';
import { NO_CONDITION } from './conditions.js';
import { emitReference } from './container.js';
import { type ReadContext, state } from './context.js';
import { emitText, envUse, type Place, type Use } from './emit.js';
import { locator } from './locate.js';
import { structureProblem } from './problems.js';
import { readReach } from './reach.js';
import { failsWithoutRights } from './rights.js';
import { passing, type Scope } from './scope.js';
import { readScript, readScriptFacts } from './scripts.js';
import { type StepTaint, taintOfAction } from './taint.js';
import { contentRange, integerOf, isTrue, scalarOf, textOf, valueOf } from './tree.js';
import { isPlatformOwner, NO_USES, type ParsedUses, parseUses, trailingComment } from './uses.js';
import { plainValues, readMap, readText, type ReadText, withEnv } from './values.js';

type StepValue = FactValue<'step'>;

const NAMES = {
  inputs: 'with',
  condition: 'if',
  workingDirectory: 'working-directory',
  continueOnError: 'continue-on-error',
  timeoutMinutes: 'timeout-minutes',
  checkout: 'with',
  cacheKey: 'with/key',
  executes: 'run',
  uploadsArtifact: 'with/path',
  downloadsArtifact: 'with',
  publishes: 'uses',
} as const;

/** States the facts of one step of a job or composite action. */
export function readStep(node: YamlNode, index: number, place: Place, steps: StepState): void {
  const { context } = place;
  if (node.kind !== 'mapping') {
    structureProblem(context, node, 'each step must be a mapping with `uses` or `run`');
    return;
  }
  const outer = steps.written.size === 0 ? place.scope : { ...place.scope, env: new Map([...place.scope.env, ...steps.written]) };
  const env = readMap(valueOf(node, 'env'), outer, false);
  const scope = withEnv(outer, env);
  const inputs = readMap(valueOf(node, 'with'), scope, true);
  const run = scalarOf(valueOf(node, 'run'));
  const usesScalar = scalarOf(valueOf(node, 'uses'));
  const uses = usesScalar === undefined ? undefined : parseUses(usesScalar.text, false);
  const value = stepValue(node, index, { env, inputs, run, usesScalar, uses }, context, steps);
  const model = uses === undefined ? undefined : actionModel(uses.value.name);
  deriveAction(value, inputs, model, steps);
  value.reach = reachOf(value.condition, steps);
  const fact = state(context, 'step', value, place.parents, locateStep(node, run));
  const inner: Place = { context, scope, parents: { step: fact, ...place.parents }, secretScope: 'step', reach: value.reach };
  emitCondition(node, value.condition, 'step', inner);
  const runText = run === undefined ? undefined : readText(run, scope);
  emitStepTexts(node, { env, inputs, run, usesScalar, uses }, value, model, runText, inner);
  const ownShell = textOf(valueOf(node, 'shell')) !== undefined;
  const taint = runText === undefined ? actionTaint(uses, inputs, scope, steps) : readScript(runText, value, inner, steps, ownShell || steps.explicitShell);
  if ((model?.failsWithoutRights === true || failsWithoutRights(value)) && !value.continueOnError) requireRights(value, steps);
  if (taint !== undefined) {
    if (value.id !== '') steps.outputs.addStep(steps.job, value.id, run !== undefined ? inDocument(taint, run) : usesScalar === undefined ? taint : atAction(taint, contentRange(usesScalar)));
    for (const [name, { origin, range, message }] of taint.env) steps.written.set(name, run === undefined || range === undefined ? origin : passing(origin, run.sourceRange(range), message));
  }
  remember(value, steps);
}

/** What holds behind a step that fails when whoever started the run has no rights. */
function requireRights(value: StepValue, steps: StepState): void {
  const guardedEvents = value.condition.events.length === 0 ? [...steps.events] : value.condition.events;
  const check: ConditionValue = { ...NO_CONDITION, present: true, guards: [{ kind: 'team', text: value.uses.name || value.name || 'a step that looks up rights', sound: true }], guardedEvents };
  steps.surroundings = { ...steps.surroundings, conditions: [...steps.surroundings.conditions, check] };
  steps.reach = readReach(steps.surroundings);
}

/** Who gets to a step: past the job's conditions and its own. */
function reachOf(condition: ConditionValue, steps: StepState): ReachValue {
  if (condition.guards.length === 0 && condition.events.length === 0) return steps.reach;
  return readReach({ ...steps.surroundings, conditions: [...steps.surroundings.conditions, condition] });
}

interface StepParts {
  readonly env: ReadonlyMap<string, ReadText>;
  readonly inputs: ReadonlyMap<string, ReadText>;
  readonly run: YamlScalar | undefined;
  readonly usesScalar: YamlScalar | undefined;
  readonly uses: ParsedUses | undefined;
}

function stepValue(node: YamlMapping, index: number, parts: StepParts, context: ReadContext, steps: StepState): StepValue {
  const { usesScalar, uses, run } = parts;
  return {
    ...emptyValue('step'),
    id: textOf(valueOf(node, 'id')) ?? '',
    name: textOf(valueOf(node, 'name')) ?? '',
    index,
    uses: usesScalar === undefined || uses === undefined ? NO_USES : { ...uses.value, comment: trailingComment(context.document, usesScalar) },
    run: run?.text ?? '',
    shell: run === undefined ? '' : shellName(textOf(valueOf(node, 'shell')) ?? steps.shell),
    workingDirectory: textOf(valueOf(node, 'working-directory')) ?? (run === undefined ? '' : steps.workingDirectory),
    inputs: plainValues(parts.inputs),
    env: plainValues(parts.env),
    condition: conditionOf(valueOf(node, 'if'), steps.triggers, steps.authorizes),
    continueOnError: isTrue(valueOf(node, 'continue-on-error')),
    timeoutMinutes: integerOf(valueOf(node, 'timeout-minutes')),
    afterUntrustedCheckout: steps.untrustedCheckout,
    afterUntrustedArtifact: steps.untrustedArtifact,
  };
}

/** `bash` of `bash -e {0}` and of `/usr/bin/bash`. */
export function shellName(text: string): string {
  const command = text.trim().split(/\s/, 1)[0] ?? '';
  const base = command.slice(Math.max(command.lastIndexOf('/'), command.lastIndexOf('\\')) + 1);
  return base.toLowerCase().replace(/\.exe$/, '');
}

function emitStepTexts(node: YamlMapping, parts: StepParts, value: StepValue, model: ActionModel | undefined, runText: ReadText | undefined, place: Place): void {
  const { usesScalar, uses } = parts;
  if (usesScalar !== undefined && uses !== undefined) {
    const parsed = { ...uses, value: value.uses };
    emitReference(usesScalar, parsed, 'step', 'trusted', place, isPlatformOwner(value.uses));
  }
  for (const [name, text] of parts.env) emitText(text, envUse(name), place);
  for (const [name, text] of parts.inputs) {
    emitText(text, inputUse(value.uses.name, model, name), place);
    if (model?.code !== undefined && Object.hasOwn(model.code, name) && model.code[name] === 'shell') readScriptFacts(text, 'bash', place, true);
  }
  if (runText !== undefined) {
    emitText(runText, { sink: scriptSink(value.shell), name: 'run', handover: 'script', where: 'script' }, place);
  }
  for (const [key, sink] of PLAIN_TEXTS) {
    const scalar = scalarOf(valueOf(node, key));
    if (scalar !== undefined) emitText(readText(scalar, place.scope), { sink, name: key, handover: 'condition', where: '' }, place);
  }
}

/** With the places in the file instead of those in the script. */
function inDocument(taint: StepTaint, run: YamlScalar): StepTaint {
  return {
    ...taint,
    output: (name) => {
      const held = taint.output(name);
      return held?.range === undefined ? held : { ...held, range: run.sourceRange(held.range) };
    },
  };
}

/** With the place of the action as that of its outputs. */
function atAction(taint: StepTaint, range: SourceRange): StepTaint {
  return {
    ...taint,
    output: (name) => {
      const held = taint.output(name);
      return held === undefined ? held : { ...held, range };
    },
  };
}

function actionTaint(uses: ParsedUses | undefined, inputs: ReadonlyMap<string, ReadText>, scope: Scope, steps: StepState): StepTaint | undefined {
  if (uses === undefined) return undefined;
  const texts = new Map([...inputs].map(([name, { value, origin }]) => [name, { text: value.text, origin }]));
  return taintOfAction({ name: uses.value.name, inputs: texts, env: scope.env, contextScope: scope.contextScope, untrustedWorkspace: steps.untrustedCheckout || steps.untrustedArtifact });
}

const PLAIN_TEXTS = [
  ['name', 'name'],
  ['if', 'condition'],
  ['working-directory', 'path'],
  ['shell', 'command-input'],
] as const;

function scriptSink(shell: string): Use['sink'] {
  if (shell === 'pwsh' || shell === 'powershell') return 'script-powershell';
  if (shell.startsWith('python')) return 'script-python';
  return shell === 'node' ? 'script-js' : 'script';
}

function locateStep(node: YamlMapping, run: YamlScalar | undefined): (path?: string) => SourceRange {
  const walk = locator(node, node.range, NAMES);
  return (path) => {
    if (path?.startsWith('checkout.') === true) {
      const part = path.slice('checkout.'.length);
      if (part === 'persistsCredentials') return walk('inputs.persist-credentials') === node.range ? walk('uses') : walkOr(walk, 'inputs.persist-credentials', 'uses');
      if (run === undefined) return walkOr(walk, `inputs.${part}`, 'uses');
      return walk('run');
    }
    return walk(path);
  };
}

function walkOr(walk: (path?: string) => SourceRange, path: string, fallback: string): SourceRange {
  const parent = walk('inputs');
  const found = walk(path);
  return found.start === parent.start && found.end === parent.end ? walk(fallback) : found;
}
