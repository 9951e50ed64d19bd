import { state } from '../common/context.js';
import type { ScriptFlow } from '../github/command-output.js';
import { publishedBy } from '../github/publishing.js';
import { readReach } from '../github/reach.js';
import { emptyValue } from '../empty.js';
import type { ConditionValue, ContainerValue, FactOf, FactValue, PermissionsValue } from '../schema.js';
import { executesWorkspace } from '../shell/index.js';
import type { ShellCommand } from '../../syntax/shell/index.js';
import { readCheckoutCommand } from './checkout.js';
import { readCondition, stateCondition } from './conditions.js';
import { inFront, nothingWritten, type Written } from './names.js';
import { stateImage, stateReference, usesValue } from './references.js';
import { inputValue, type PipelineScope, variableValue, withVariables } from './scope.js';
import { readScript } from './script.js';
import type { JobSource, StepSource } from './source.js';
import { stateInputLiteral, stateText, stateVariable, type TextPlace } from './texts.js';

type StepValue = FactValue<'step'>;

/** What one step knows of those before it. */
export interface StepState {
  untrustedCheckout: boolean;
  untrustedArtifact: boolean;
  /** Steps that checked out an outsider's code, still to be told what runs from it. */
  checkouts: StepValue[];
  artifacts: StepValue[];
  pushes: boolean;
  /** Of steps that have one of their own, by name. */
  containers: [string, ContainerValue][];
  publishes: string[];
  /** Variables that scripts have set for the steps behind them, by lower-case name. */
  readonly written: Written;
}

/** What a job gives its steps. */
export interface StepScope {
  readonly job: JobSource;
  readonly place: TextPlace;
  readonly permissions: PermissionsValue;
  readonly conditions: readonly ConditionValue[];
  readonly secrets: readonly string[];
  readonly environment: string;
  readonly selfHosted: boolean;
  readonly events: readonly string[];
}

/** A state before the first step. */
export function freshState(): StepState {
  return { untrustedCheckout: false, untrustedArtifact: false, checkouts: [], artifacts: [], pushes: false, containers: [], publishes: [], written: nothingWritten() };
}

/** The scope behind scripts that have set variables. */
function withWritten(scope: PipelineScope, written: Written): PipelineScope {
  const settled = written.settle(scope.dialect.environmentName);
  return settled === undefined ? scope : { ...scope, variables: inFront(settled, scope.variables) };
}

/** States a step and everything in it. */
export function readStep(source: StepSource, index: number, outer: StepScope, steps: StepState): FactOf<'step'> {
  const scope: PipelineScope = withVariables(withWritten(outer.place.scope, steps.written), source.variables ?? []);
  const condition = readCondition(source.condition);
  const value: StepValue = {
    ...emptyValue('step'),
    index,
    run: source.script?.text.text ?? '',
    shell: source.script?.shell ?? '',
    ...source.value,
    condition,
    env: Object.fromEntries((source.variables ?? []).map((variable) => [variable.name, variableValue(variable, scope)])),
    inputs: Object.fromEntries((source.inputs ?? []).map(({ name, text }) => [name.toLowerCase(), inputValue(text.text, scope)])),
    afterUntrustedCheckout: steps.untrustedCheckout,
    afterUntrustedArtifact: steps.untrustedArtifact,
    reach: outer.place.reach ?? emptyValue('step').reach,
  };
  if (source.uses !== undefined) value.uses = usesValue(source.uses.value);
  if (condition.present) value.reach = readReach({ triggers: scope.triggers, conditions: [...outer.conditions, condition], permissions: outer.permissions, secrets: outer.secrets, environment: outer.environment, selfHosted: outer.selfHosted });
  const step = state(outer.place.context, 'step', value, source.whole, source.places, outer.place.parents);
  const place: TextPlace = { ...outer.place, parents: { ...outer.place.parents, step }, scope, reach: value.reach, secretScope: 'step' };
  stateCondition(source.condition, condition, 'step', place);
  if (source.uses !== undefined) stateReference(source.uses, place);
  if (source.image !== undefined) steps.containers.push([value.id || value.name || String(index), stateImage(source.image, place)]);
  for (const variable of source.variables ?? []) stateVariable(variable, place);
  for (const input of source.inputs ?? []) {
    stateText(input, place);
    stateInputLiteral(input, place);
  }
  const flow = source.script === undefined ? undefined : readScript(source.script, place, { untrusted: steps.untrustedCheckout || steps.untrustedArtifact, written: steps.written });
  if (flow !== undefined) deriveCommands(value, flow, outer.events, steps);
  after(value, steps);
  return step;
}

function deriveCommands(value: StepValue, flow: ScriptFlow, events: readonly string[], steps: StepState): void {
  const executes: string[] = [...value.executes];
  const checkout = value.checkout.kind === '' ? readCheckoutCommand(flow, events) : undefined;
  if (checkout !== undefined) value.checkout = checkout.value;
  for (const command of flow.script.commands) {
    const executed = executesWorkspace({ name: command.name, path: command.path, args: command.words.map((word) => word.value) });
    if (executed !== undefined) {
      if (!executes.includes(executed)) executes.push(executed);
      if (value.checkout.kind === 'untrusted' && value.checkout.executed === '' && (checkout === undefined || command.index > checkout.index)) value.checkout.executed = executed;
    }
    if (value.publishes === '') value.publishes = publishedBy(command);
    if (value.securityCheck === '' && SECURITY_CHECKS.has(command.name)) value.securityCheck = command.name;
    if (needsToken(command)) steps.pushes = true;
  }
  value.executes = executes;
}

/** Programs whose only work is to find weaknesses. */
const SECURITY_CHECKS = new Set(['trivy', 'grype', 'semgrep', 'bandit', 'gosec', 'govulncheck', 'checkov', 'tfsec', 'terrascan', 'kics', 'snyk', 'gitleaks', 'trufflehog', 'osv-scanner', 'pip-audit', 'safety', 'zizmor', 'brakeman', 'bundler-audit', 'bundle-audit', 'kube-linter', 'kubescape', 'dockle', 'poutine']);

const TOKEN_COMMANDS = new Set(['push', 'fetch', 'pull', 'submodule', 'lfs', 'ls-remote']);

function needsToken({ name, operands }: ShellCommand): boolean {
  return name === 'git' ? TOKEN_COMMANDS.has(operands[0] ?? '') : name === 'semantic-release';
}

/** What later steps have to know of this one, and earlier ones of what this one runs. */
function after(value: StepValue, steps: StepState): void {
  const [executed] = value.executes;
  if (executed !== undefined) {
    for (const earlier of steps.checkouts) if (earlier.checkout.executed === '') earlier.checkout = { ...earlier.checkout, executed };
    steps.checkouts = [];
    for (const earlier of steps.artifacts) if (earlier.downloadsArtifact.executed === '') earlier.downloadsArtifact = { ...earlier.downloadsArtifact, executed };
    steps.artifacts = [];
  }
  if (value.checkout.kind === 'untrusted') {
    steps.untrustedCheckout = true;
    steps.checkouts.push(value);
  }
  if (value.downloadsArtifact.crossRun && value.downloadsArtifact.intoWorkspace) {
    steps.untrustedArtifact = true;
    steps.artifacts.push(value);
  }
  if (value.publishes !== '') steps.publishes.push(value.publishes);
}
