import type { SourceRange } from '../../core/index.js';
import type { YamlMapping, YamlNode, YamlPair, YamlScalar } from '../../syntax/yaml-node.js';
import { asMapping, asSequence, get } from '../../syntax/yaml-query.js';
import { emptyValue } from '../empty.js';
import type { ConditionValue, FactValue, PermissionsValue, ReachValue, TriggerValue } from '../schema.js';
import { type Authorizes, authorizingSteps } from './authorization.js';
import { emitCondition } from './condition-fact.js';
import { emitReference, NO_CONTAINER, readContainer } from './container.js';
import { state } from './context.js';
import { emitText, envUse, type Place } from './emit.js';
import { locator } from './locate.js';
import { effectivePermissions, readPermissions, scopeRange } from './permissions.js';
import { structureProblem } from './problems.js';
import { type ReachInput, readReach } from './reach.js';
import { readRunner } from './runner.js';
import { collectSecrets } from './secret-names.js';
import { readStep } from './step.js';
import type { Scope } from './scope.js';
import { firstStep } from './step-derived.js';
import type { Carried, OutputStore } from './taint.js';
import { contentRange, entries, integerOf, isTrue, scalarOf, textOf, textsOf, valueOf } from './tree.js';
import { isPlatformOwner, NO_USES, parseUses, trailingComment } from './uses.js';
import { plainValues, readMap, readText, withEnv } from './values.js';

/** What a job takes from its workflow. */
export interface JobSurroundings {
  readonly triggers: readonly TriggerValue[];
  readonly permissions: PermissionsValue;
  readonly permissionsNode: YamlNode | undefined;
  /** The file. */
  readonly text: string;
  readonly secrets: readonly string[];
  readonly defaults: YamlNode | undefined;
  /** Conditions of a job and of those that it waits for. */
  conditions(id: string): readonly ConditionValue[];
  readonly outputs: OutputStore;
  /** Outputs of jobs that say whether whoever started the run has rights. */
  readonly authorizes: Authorizes;
  /** The callers hand over all their secrets. */
  readonly inheritsSecrets: boolean;
}

const NAMES = {
  runner: 'runs-on',
  selfHosted: 'runs-on',
  runnerControlledBy: 'runs-on',
  condition: 'if',
  timeoutMinutes: 'timeout-minutes',
  inputs: 'with',
  secretsInherit: 'secrets',
  continueOnError: 'continue-on-error',
  stepCount: 'steps',
} as const;

/** What a workflow says of its jobs together. */
export interface JobSummary {
  readonly reach: ReachValue;
  readonly condition: ConditionValue;
  /** Runs scripts, calls a workflow, or uses actions that are not known to do nothing but call the platform. */
  readonly runsCode: boolean;
}

/** States the facts of one job: its own, then those of its containers, calls and steps. */
export function readJob(id: string, pair: YamlPair, place: Place, around: JobSurroundings): JobSummary | undefined {
  const { context } = place;
  const node = pair.value;
  if (node.kind !== 'mapping') {
    structureProblem(context, node, `job \`${id.slice(0, 100)}\` must be a mapping`);
    return undefined;
  }
  const matrix = valueOf(valueOf(node, 'strategy'), 'matrix');
  const outer: Scope = { ...place.scope, matrix, output: (segments) => around.outputs.find(id, segments) };
  const env = readMap(valueOf(node, 'env'), outer, false);
  const scope = withEnv(outer, env);
  const runner = readRunner(valueOf(node, 'runs-on'), matrix);
  const steps = stepsOf(node, place);
  const value: FactValue<'job'> = { ...emptyValue('job'), ...jobValue(id, node, around), env: plainValues(env), stepCount: steps.length };
  value.runner = [...runner.labels];
  value.selfHosted = runner.selfHosted;
  const fact = state(context, 'job', value, place.parents, locateJob(node, pair, around));
  const surroundings: ReachInput = {
    triggers: around.triggers,
    conditions: around.conditions(id),
    permissions: value.permissions,
    secrets: value.secrets.filter((name) => name.toUpperCase() !== 'GITHUB_TOKEN'),
    environment: value.environment,
    selfHosted: value.selfHosted,
  };
  value.reach = readReach(surroundings);
  const inner: Place = { context, scope, parents: { job: fact, ...place.parents }, secretScope: 'job', reach: value.reach };
  emitCondition(node, value.condition, 'job', inner);
  for (const [name, text] of env) emitText(text, envUse(name), inner);
  emitRunner(runner.scalars, value, inner);
  emitJobTexts(node, inner);
  value.container = readContainer(valueOf(node, 'container'), 'container', inner);
  for (const [name, service] of entries(valueOf(node, 'services'))) {
    const container = readContainer(service, 'service', { ...inner, secretScope: 'service' });
    if (name !== '__proto__') value.services[name] = container;
  }
  emitCall(node, value, inner);
  const run = asMapping(valueOf(valueOf(node, 'defaults'), 'run'));
  const outerRun = valueOf(around.defaults, 'run');
  const shell = textOf(valueOf(run, 'shell')) ?? textOf(valueOf(outerRun, 'shell'));
  const ofSteps = authorizingSteps(node);
  const stepState = firstStep({
    triggers: around.triggers,
    shell: shell ?? (runner.windows ? 'pwsh' : 'bash'),
    explicitShell: shell !== undefined,
    workingDirectory: textOf(valueOf(run, 'working-directory')) ?? textOf(valueOf(outerRun, 'working-directory')) ?? '',
    authorizes: (segments) => ofSteps(segments) || around.authorizes(segments),
    job: id,
    outputs: around.outputs,
    surroundings,
    reach: value.reach,
  });
  steps.forEach((step, index) => readStep(step, index, inner, stepState));
  emitOutputs(id, node, inner, around.outputs);
  value.checksRights = stepState.checksRights;
  value.pushes = stepState.pushes;
  value.deploys = stepState.publishes || value.environment !== '';
  return { reach: value.reach, condition: value.condition, runsCode: stepState.runsCode || value.uses.kind !== '' };
}

function jobValue(id: string, node: YamlMapping, around: JobSurroundings): Partial<FactValue<'job'>> {
  const isolated = around.triggers.length > 0 && around.triggers.every((trigger) => trigger.event === 'pull_request');
  const environment = valueOf(node, 'environment');
  const secrets = valueOf(node, 'secrets');
  const inherit = textOf(secrets) === 'inherit';
  const used = new Set([...around.secrets, ...collectSecrets(node)]);
  if (inherit) used.add('*');
  return {
    id,
    name: textOf(valueOf(node, 'name')) ?? '',
    permissions: effectivePermissions(readPermissions(valueOf(node, 'permissions'), around.text), around.permissions, isolated),
    environment: textOf(environment) ?? textOf(valueOf(environment, 'name')) ?? '',
    condition: around.conditions(id)[0] as ConditionValue,
    needs: textsOf(valueOf(node, 'needs')),
    timeoutMinutes: integerOf(valueOf(node, 'timeout-minutes')),
    secrets: [...used],
    secretsInherit: inherit,
    continueOnError: isTrue(valueOf(node, 'continue-on-error')),
    container: NO_CONTAINER,
    services: {},
    uses: NO_USES,
  };
}

function stepsOf(node: YamlMapping, place: Place): YamlNode[] {
  const pair = get(node, 'steps');
  if (pair === undefined) return [];
  const steps = asSequence(pair.value);
  if (steps === undefined) {
    structureProblem(place.context, pair.value, '`steps` must be a list');
    return [];
  }
  return steps.items.map(({ value }) => value);
}

function emitRunner(scalars: readonly YamlScalar[], value: FactValue<'job'>, place: Place): void {
  value.runnerControlledBy = 'trusted';
  for (const scalar of scalars) {
    const text = readText(scalar, place.scope);
    if (!text.value.literal) value.runnerControlledBy = text.value.controlledBy;
    emitText(text, { sink: 'runner', name: 'runs-on', handover: 'input', where: '' }, place);
  }
}

const TEXTS = [
  ['name', 'name'],
  ['if', 'condition'],
  ['continue-on-error', 'condition'],
] as const;

function emitJobTexts(node: YamlMapping, place: Place): void {
  for (const [key, sink] of TEXTS) {
    const scalar = scalarOf(valueOf(node, key));
    if (scalar !== undefined) emitText(readText(scalar, place.scope), { sink, name: key, handover: 'condition', where: '' }, place);
  }
  const environment = valueOf(node, 'environment');
  for (const [scalar, name] of [[scalarOf(environment) ?? scalarOf(valueOf(environment, 'name')), 'name'], [scalarOf(valueOf(environment, 'url')), 'url']] as const) {
    if (scalar !== undefined) emitText(readText(scalar, place.scope), { sink: 'name', name: `environment.${name}`, handover: 'input', where: '' }, place);
  }
}

/** The outputs of a job: known once its steps are. */
function emitOutputs(id: string, node: YamlMapping, place: Place, outputs: OutputStore): void {
  const held = new Map<string, Carried>();
  for (const [name, text] of readMap(valueOf(node, 'outputs'), place.scope, false)) {
    emitText(text, { sink: 'output', name, handover: 'output', where: '' }, place);
    held.set(name.toLowerCase(), { origin: text.origin, range: contentRange(text.scalar), message: `output \`${name}\` of job \`${id}\`` });
  }
  if (held.size > 0) outputs.addJob(id, held);
}

/** The call of a reusable workflow: reference, inputs and secrets that it is given. */
function emitCall(node: YamlMapping, value: FactValue<'job'>, place: Place): void {
  const scalar = scalarOf(valueOf(node, 'uses'));
  if (scalar === undefined) return;
  const parsed = parseUses(scalar.text, true);
  value.uses = { ...parsed.value, comment: trailingComment(place.context.document, scalar) };
  emitReference(scalar, { ...parsed, value: value.uses }, 'job', 'trusted', place, isPlatformOwner(value.uses));
  const inputs = readMap(valueOf(node, 'with'), place.scope, true);
  value.inputs = plainValues(inputs);
  for (const [name, text] of inputs) emitText(text, { sink: 'input', name, handover: 'input', where: 'input' }, place);
  const secrets = valueOf(node, 'secrets');
  for (const [name, text] of readMap(secrets, place.scope, false)) emitText(text, { sink: 'input', name, handover: 'call', where: 'input' }, place);
  if (value.secretsInherit && secrets !== undefined) {
    const range = contentRange(secrets);
    state(place.context, 'secret-use', { ...emptyValue('secret-use'), name: '*', text: 'inherit', handover: 'call', sinkName: value.uses.name, scope: 'job', whole: true }, place.parents, () => range);
  }
}

function locateJob(node: YamlMapping, pair: YamlPair, around: JobSurroundings): (path?: string) => SourceRange {
  // The key stands for the job: a whole job is too much to point at.
  return locator(node, pair.key.range, NAMES, (path) => {
    if (path.startsWith('permissions.scopes.')) {
      return scopeRange(valueOf(node, 'permissions') ?? around.permissionsNode, path.slice('permissions.scopes.'.length));
    }
    if ((path === 'permissions' || path.startsWith('permissions.')) && get(node, 'permissions') === undefined) {
      return around.permissionsNode === undefined ? undefined : contentRange(around.permissionsNode);
    }
    if (path === 'runner' && valueOf(node, 'runs-on')?.kind === 'mapping') return valueOf(node, 'runs-on')?.range;
    return undefined;
  });
}
