import type { CheckoutValue, FactValue, InputValue, ReachValue, TriggerValue } from '../schema.js';
import { securityCheckOf } from './action-checks.js';
import { type ActionModel, cacheUse, downloadsFromOtherRun, publication } from './action-models.js';
import { installedTool } from './action-tools.js';
import { NO_CHECKOUT, originOfRef, readCheckoutAction, type ResolvedText } from './checkout.js';
import { readAgent } from './agent.js';
import { looksUpRights } from './rights.js';
import type { Use } from './emit.js';
import type { ReachInput } from './reach.js';
import type { Origin } from './scope.js';
import type { OutputStore } from './taint.js';
import { normalFolder, uploadsHiddenFiles, uploadsToken } from './token-upload.js';
import type { ReadText } from './values.js';

type StepValue = FactValue<'step'>;

/** What the steps of a job share, and what earlier ones left behind. */
export interface StepState {
  readonly triggers: readonly TriggerValue[];
  readonly events: readonly string[];
  /** Shell of `run:` where a step names none. */
  readonly shell: string;
  readonly workingDirectory: string;
  /** True for outputs that say whether whoever started the run has rights. */
  readonly authorizes: (segments: readonly string[]) => boolean;
  /** The shell is named, not the platform's default. */
  explicitShell: boolean;
  /** Variables that earlier steps wrote to `$GITHUB_ENV`, by lower-case name. */
  readonly written: Map<string, Origin>;
  readonly job: string;
  readonly outputs: OutputStore;
  /** What the reach of the job was made of. */
  surroundings: ReachInput;
  /** Of the job, or of what is left of it behind a step that fails for people without rights. */
  reach: ReachValue;
  /** Checkouts and downloads of outsiders' files so far, to be told what is run from them. */
  readonly untrusted: { executed: string }[];
  /** An archive with an outsider's files was fetched and may be unpacked. */
  archive: boolean;
  /** Where outsiders' files lie outside the workspace. */
  readonly untrustedFolders: string[];
  untrustedCheckout: boolean;
  untrustedArtifact: boolean;
  /** A step so far runs a script, or an action that is not known to do nothing but call the platform. */
  runsCode: boolean;
  checksRights: boolean;
  publishes: boolean;
  pushes: boolean;
  /** Folders, relative to the workspace, in which checkouts left the token. */
  readonly tokenFolders: string[];
}

/** What is the same for all steps of a job. */
export type StepSurroundings = Pick<StepState, 'triggers' | 'shell' | 'explicitShell' | 'workingDirectory' | 'authorizes' | 'job' | 'outputs' | 'surroundings' | 'reach'>;

/** The state before the first step. */
export function firstStep(around: StepSurroundings): StepState {
  const events = around.triggers.map((trigger) => trigger.event);
  return { events, written: new Map(), untrusted: [], archive: false, untrustedFolders: [], untrustedCheckout: false, untrustedArtifact: false, runsCode: false, checksRights: false, publishes: false, pushes: false, tokenFolders: [], ...around };
}

/** Actions that label, comment, close and the like by the platform's interface, and run nothing of the repository. */
const CALLERS_ONLY = new Set([
  'actions/checkout', 'actions/labeler', 'actions/stale', 'actions/first-interaction', 'actions/add-to-project', 'actions/create-github-app-token', 'actions/dependency-review-action', 'dependabot/fetch-metadata',
  'dessant/lock-threads', 'dessant/label-actions', 'amannn/action-semantic-pull-request', 'toshimaru/auto-author-assign', 'kentaro-m/auto-assign-action', 'mheap/github-action-required-labels',
  'peter-evans/create-or-update-comment', 'peter-evans/find-comment', 'thollander/actions-comment-pull-request', 'marocchino/sticky-pull-request-comment', 'andymckay/labeler', 'codelytv/pr-size-labeler',
  'pascalgn/size-label-action', 'srvaroa/labeler', 'fuxingloh/multi-labeler', 'timonvs/pr-labeler-action', 'release-drafter/release-drafter', 'step-security/harden-runner', 'contributor-assistant/github-action', 'actions-cool/issues-helper', 'wow-actions/welcome',
]);

/** Takes over what a step leaves behind for those after it. */
export function remember(value: StepValue, steps: StepState): void {
  const [executed] = value.executes;
  if (executed !== undefined) for (const place of steps.untrusted) if (place.executed === '') place.executed = executed;
  if (value.checkout.kind === 'untrusted' && !value.checkout.refused) {
    steps.untrustedCheckout = true;
    steps.untrusted.push(value.checkout);
  }
  if (value.downloadsArtifact.crossRun) {
    steps.untrusted.push(value.downloadsArtifact);
    if (value.downloadsArtifact.intoWorkspace) steps.untrustedArtifact = true;
    else if (value.downloadsArtifact.path !== '') steps.untrustedFolders.push(value.downloadsArtifact.path);
  }
  if (value.publishes !== '') steps.publishes = true;
  if (looksUpRights(value)) steps.checksRights = true;
  if (value.run !== '' || (value.uses.text !== '' && !CALLERS_ONLY.has(value.uses.name))) steps.runsCode = true;
  if (value.checkout.persistsCredentials && !value.checkout.outsideWorkspace) steps.tokenFolders.push(normalFolder(value.checkout.path));
}

/** Fills in what follows from the action that a step uses. */
export function deriveAction(value: StepValue, inputs: ReadonlyMap<string, ReadText>, model: ActionModel | undefined, steps: StepState): void {
  value.checkout = NO_CHECKOUT;
  // A local action is read from the workspace; `$/` means the repository of the workflow instead.
  if (value.uses.kind === 'local' && !value.uses.text.startsWith('$/')) value.executes = [value.uses.text];
  value.securityCheck = securityCheckOf(value.uses.name);
  Object.assign(value, installedTool(value.uses.name, value.inputs));
  if (model === undefined) return;
  value.debugSession = model.debugSession === true;
  if (model.pushes === true) steps.pushes = true;
  if (model.checkout !== undefined) value.checkout = checkoutOf(value, inputs, model.checkout, steps);
  if (model.executes !== undefined) value.executes = [model.executes];
  value.cache = cacheUse(model, value.inputs, value.uses);
  if (value.cache !== '') value.cacheKey = textOfInput(value.inputs, 'key');
  value.publishes = publication(model, value.inputs);
  if (model.artifact === 'upload') {
    value.uploadsArtifact = lines(textOfInput(value.inputs, 'path'));
    value.uploadsCredentials = uploadsHiddenFiles(value.uses, value.inputs) && uploadsToken(value.uploadsArtifact, steps.tokenFolders);
  } else if (model.artifact !== undefined) value.downloadsArtifact = download(textOfInput(value.inputs, 'path'), downloadsFromOtherRun(model, value.inputs));
  if (value.uses.name === 'actions/github-script' && textOfInput(value.inputs, 'script').includes('.downloadArtifact(')) {
    const script = textOfInput(value.inputs, 'script');
    if (/\bextractAllTo\(|\bunzip\b|\.extract\(|\bextractZip\(/.test(script) && !/RUNNER_TEMP|runner\.temp|\/tmp\//.test(script)) value.downloadsArtifact = download('', true);
    else steps.archive = true;
  }
  if (model.agent !== undefined) value.agent = readAgent(value.uses.name, value.inputs, model.agent);
}

function checkoutOf(value: StepValue, inputs: ReadonlyMap<string, ReadText>, model: NonNullable<ActionModel['checkout']>, steps: StepState): CheckoutValue {
  const resolve = (input: InputValue): ResolvedText => resolved(input, inputs);
  if (value.uses.name === 'actions/checkout') return readCheckoutAction(value.uses, value.inputs, resolve, steps.events);
  const chosen = [...model.ref, ...model.repository].flatMap((name) => (Object.hasOwn(value.inputs, name) ? [value.inputs[name] as InputValue] : []));
  const origins = chosen.map((input) => originOfRef(resolve(input), steps.events));
  const untrusted = origins.some((origin) => origin.untrusted);
  return { ...NO_CHECKOUT, kind: untrusted ? 'untrusted' : 'own', ref: textOfInput(value.inputs, model.ref[0] ?? ''), mutableRef: origins.some((origin) => origin.mutable), path: textOfInput(value.inputs, 'path') };
}

function resolved(input: InputValue, inputs: ReadonlyMap<string, ReadText>): ResolvedText {
  let origin: ReadText['origin'] | undefined;
  for (const text of inputs.values()) if (text.value === input) origin = text.origin;
  // Only what can be the value counts, not what a condition inside the expression reads.
  const contexts = (origin?.contexts ?? input.contexts).map((path) => path.toLowerCase());
  return { text: input.text, literal: input.literal, contexts, attacker: origin?.controlledBy === 'attacker' };
}

/** Files of a run, fetched to a path of the workspace or elsewhere. */
export function download(path: string, crossRun: boolean): StepValue['downloadsArtifact'] {
  const elsewhere = /^\s*(?:\/(?!github\/workspace)|~|[A-Za-z]:\\|\$\{\{\s*runner\.temp\s*\}\}|\$\{?RUNNER_TEMP\b)/.test(path);
  return { crossRun, path: path.trim(), intoWorkspace: !elsewhere, executed: '' };
}

function textOfInput(inputs: Readonly<Record<string, InputValue>>, name: string): string {
  return Object.hasOwn(inputs, name) ? (inputs[name] as InputValue).text : '';
}

function lines(text: string): string[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

/** What becomes of an input of an action. */
export function inputUse(action: string, model: ActionModel | undefined, name: string): Use {
  const code = model?.code !== undefined && Object.hasOwn(model.code, name);
  if (code) return { sink: action === 'actions/github-script' ? 'script-js' : 'code-input', name, handover: 'script', where: 'input' };
  return { sink: inputSink(model, name), name, handover: 'input', where: 'input' };
}

function inputSink(model: ActionModel | undefined, name: string): Use['sink'] {
  if (model === undefined) return 'input';
  if (model.commands?.includes(name) === true) return 'command-input';
  if (model.agent?.prompts.includes(name) === true) return 'prompt';
  if (model.checkout !== undefined && (model.checkout.ref.includes(name) || model.checkout.repository.includes(name))) return 'ref';
  if (model.cache !== undefined && (name === 'key' || name === 'restore-keys')) return 'cache-key';
  if (model.artifact !== undefined && (name === 'name' || name === 'path')) return name === 'name' ? 'artifact' : 'path';
  return 'input';
}
