import type { SourceRange } from '../../core/index.js';
import { actionModel, isOutput, type OutputModel } from './action-models.js';
import { joinOrigins, type ScriptFlow } from './command-output.js';
import type { ContextScope } from './contexts.js';
import { environmentFileWrites, type FileWrite } from './environment-files.js';
import { githubScriptOutputs } from './github-script.js';
import { LITERAL, type Origin } from './scope.js';

/** What an output or variable holds, and the place that gives it. */
export interface Carried {
  readonly origin: Origin;
  /** Where it is written, in the step's script; absent for actions. */
  readonly range?: SourceRange;
  /** For people: what happens there. */
  readonly message: string;
}

/** What one step leaves to those behind it. */
export interface StepTaint {
  /** What an output holds, by lower-case name; undefined when that is not known. */
  output(name: string): Carried | undefined;
  /** Variables written to `$GITHUB_ENV`, by lower-case name. */
  readonly env: ReadonlyMap<string, Carried>;
  /** Every write to the platform's files, for the sinks of the same name. */
  readonly writes: readonly FileWrite[];
}

/** A `uses:` step, as far as its outputs depend on it. */
export interface ActionStep {
  /** Lower case, without version. */
  readonly name: string;
  /** By lower-case name. */
  readonly inputs: ReadonlyMap<string, { readonly text: string; readonly origin: Origin }>;
  readonly env: ReadonlyMap<string, Origin>;
  readonly contextScope: ContextScope;
  readonly untrustedWorkspace: boolean;
}

const NOTHING: ReadonlyMap<string, Carried> = new Map();

/** What a shell step leaves behind: what its script writes to the platform's files. */
export function taintOfScript(flow: ScriptFlow): StepTaint {
  return taintOfWrites(environmentFileWrites(flow));
}

/** What a step leaves behind that writes this. */
export function taintOfWrites(writes: readonly FileWrite[]): StepTaint {
  const outputs = new Map<string, Carried>();
  const env = new Map<string, Carried>();
  for (const write of writes) {
    const into = write.file === 'output' ? outputs : write.file === 'env' ? env : undefined;
    if (into === undefined) continue;
    const key = write.name.toLowerCase();
    const before = into.get(key);
    const origin = before === undefined ? write.origin : joinOrigins(before.origin, write.origin);
    const what = write.file === 'output' ? 'output' : 'variable';
    const message = write.name === '' ? `written as ${what}s` : `written as ${what} \`${write.name}\``;
    if (before === undefined || before.origin !== origin) into.set(key, { origin, range: write.range, message });
  }
  // A line whose name can't be told may set any output.
  const any = outputs.get('');
  return { output: (name) => outputs.get(name) ?? any, env, writes };
}

/** What an action leaves behind, where its documentation tells. */
export function taintOfAction(step: ActionStep): StepTaint {
  if (step.name === 'actions/github-script') {
    const script = step.inputs.get('script');
    const files = step.untrustedWorkspace ? workspaceFiles(step.contextScope.events) : LITERAL;
    const { outputs, env } = githubScriptOutputs(script?.text ?? '', script?.origin ?? LITERAL, step.env, step.contextScope, files);
    const exported = new Map([...env].map(([name, origin]) => [name, { origin, message: `exported as \`${name}\`` }]));
    return { output: (name) => carried(outputs(name), 'the script returns it'), env: exported, writes: [] };
  }
  const models = actionModel(step.name)?.outputs;
  if (models === undefined) return { output: () => undefined, env: NOTHING, writes: [] };
  return {
    output: (name) => {
      const model = models.find((candidate) => isOutput(candidate, name));
      return model === undefined ? undefined : carried(outputOrigin(model, name, step), `given by ${step.name}`);
    },
    env: NOTHING,
    writes: [],
  };
}

/** What files hold that an outsider has put into the workspace. */
function workspaceFiles(all: readonly string[]): Origin {
  const context = 'files of the workspace';
  return { context, contexts: [context], source: 'file', type: 'string', controlledBy: 'attacker', events: all.filter((event) => event !== 'push') };
}

function carried(origin: Origin | undefined, message: string): Carried | undefined {
  return origin === undefined ? undefined : { origin, message };
}

/** Events about a pull request, whose files an outsider names. */
const FILE_EVENTS = new Set(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment', 'workflow_run', 'issue_comment', 'workflow_call']);
/** Events about something that an outsider has written. */
const TEXT_EVENTS = new Set([...FILE_EVENTS, 'issues', 'discussion', 'discussion_comment']);

function outputOrigin(model: OutputModel, name: string, step: ActionStep): Origin {
  const context = `output ${name} of ${step.name}`;
  if (model.from === 'input') {
    let origin = LITERAL;
    for (const input of step.inputs.values()) origin = joinOrigins(origin, input.origin);
    return origin;
  }
  if (model.from === 'workspace' && !step.untrustedWorkspace) return LITERAL;
  const known = model.from === 'changed-files' ? FILE_EVENTS : TEXT_EVENTS;
  const { events } = step.contextScope;
  const outsiders = model.from === 'workspace' ? events : events.filter((event) => known.has(event));
  const attacker = outsiders.length > 0 || events.length === 0;
  return { context, contexts: [context], source: 'output', type: model.type, controlledBy: attacker ? 'attacker' : 'collaborator', events: outsiders };
}

/** Outputs of the steps and jobs of one workflow, filled in the order of execution. */
export interface OutputStore {
  addStep(job: string, id: string, taint: StepTaint): void;
  /** What a job's declared outputs hold, by lower-case name. */
  addJob(job: string, outputs: ReadonlyMap<string, Carried>): void;
  /** What `steps.x.outputs.y`, `needs.x.outputs.y` or `jobs.x.outputs.y` holds in a job; lower-case segments. A wildcard joins all that is known. */
  find(job: string, segments: readonly string[]): Carried | undefined;
}

/** An empty store. Ids are compared without regard to case, as GitHub does. */
export function createOutputStore(): OutputStore {
  const steps = new Map<string, StepTaint>();
  const jobs = new Map<string, ReadonlyMap<string, Carried>>();
  return {
    addStep: (job, id, taint) => void steps.set(`${job.toLowerCase()}\n${id.toLowerCase()}`, taint),
    addJob: (job, outputs) => void jobs.set(job.toLowerCase(), outputs),
    find: (job, [root, id, kind, name]) => {
      if (kind !== 'outputs' || id === undefined) return undefined;
      if (root === 'steps') return name === undefined ? undefined : steps.get(`${job.toLowerCase()}\n${id}`)?.output(name);
      const outputs = jobs.get(id);
      if (outputs === undefined || name === undefined || name === '*') return outputs === undefined ? undefined : joined(outputs.values());
      return outputs.get(name);
    },
  };
}

function joined(values: Iterable<Carried>): Carried | undefined {
  let result: Carried | undefined;
  for (const value of values) result = result === undefined ? value : { ...result, origin: joinOrigins(result.origin, value.origin) };
  return result;
}
