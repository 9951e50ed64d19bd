import type { UsesValue } from '../schema.js';
import { ACTION_TABLE } from './action-tables/index.js';
import { isAtLeast } from './versions.js';

/** What an input is interpreted as. */
export type CodeLanguage = 'shell' | 'javascript' | 'powershell' | 'python' | 'other';

/** What an output of an action holds, where an outsider can write it. */
export interface OutputModel {
  /** Lower-case names; `*` at an end stands for any text. */
  readonly names: readonly string[];
  /** What it can be; a `string` can inject. */
  readonly type: 'string' | 'name' | 'sha';
  /**
   * Where it comes from: names of the files that a pull request changes, the pull request or issue
   * that the event is about, files of the workspace, or one of the action's inputs.
   */
  readonly from: 'changed-files' | 'event' | 'workspace' | 'input';
}

/** When an action uses the cache that all runs of a branch share. */
export interface CacheModel {
  readonly mode: 'restore' | 'save' | 'both';
  /** The input that decides; absent when it always does. */
  readonly input?: string;
  /** What the input means when it is not given. */
  readonly byDefault?: boolean;
  /** First major version with that default. */
  readonly since?: number;
  /** The input switches the cache off, as `skip-cache: true` does. */
  readonly inverted?: boolean;
  /** The input must contain this text, as `type=gha` in `cache-to`. */
  readonly containing?: string;
}

/** What is known of an action from its own documentation. Everything is optional; absent means no. */
export interface ActionModel {
  /** Inputs that are run as code. */
  readonly code?: Readonly<Record<string, CodeLanguage>>;
  /** Inputs that are (part of) a command line and can run other commands. */
  readonly commands?: readonly string[];
  /** Inputs that instruct an AI agent, and those that say who may use it. */
  readonly agent?: { readonly prompts: readonly string[]; readonly allow: readonly string[]; readonly tools: readonly string[] };
  /** What it runs from the workspace, in a few words; empty inputs as in `when` change nothing. */
  readonly executes?: string;
  /** What it publishes, and the input that must be true for that. */
  readonly publishes?: { readonly what: string; readonly input?: string };
  readonly cache?: CacheModel;
  readonly artifact?: 'upload' | 'download' | 'download-cross-run';
  /** Puts code into the workspace; the inputs that choose which. */
  readonly checkout?: { readonly ref: readonly string[]; readonly repository: readonly string[] };
  /** Makes an application's token; the inputs that narrow it. */
  readonly appToken?: { readonly narrowedBy: readonly string[] };
  /** Opens a shell on the runner to whoever is allowed to connect. */
  readonly debugSession?: true;
  /** Writes to the repository with the token that a checkout left. */
  readonly pushes?: true;
  /** Outputs that say whether whoever started the run has rights. */
  readonly authorizes?: readonly string[];
  /** Fails, unless told otherwise, when whoever started the run has no rights. */
  readonly failsWithoutRights?: true;
  readonly outputs?: readonly OutputModel[];
}

/**
 * What is known of an action.
 *
 * @param name lower case, `owner/repository` or `owner/repository/path`
 */
export function actionModel(name: string): ActionModel | undefined {
  return Object.hasOwn(ACTION_TABLE, name) ? ACTION_TABLE[name] : undefined;
}

/** Texts of a step's inputs by lower-case name. */
export type InputTexts = Readonly<Record<string, { readonly text: string }>>;

/** An expression that is false in the runs that release something. */
const OFF_FOR_RELEASES = /!\s{0,5}startsWith\(\s{0,5}github\.ref\s{0,5},\s{0,5}'refs\/tags|github\.ref_type\s{0,5}!=\s{0,5}'tag'|github\.event_name\s{0,5}(?:!=\s{0,5}'release'|==\s{0,5}'pull_request')/i;

/** Of that major version or later; a commit without a version behind it most likely is. */
function isNoOlder(uses: UsesValue, major: number): boolean {
  return isAtLeast(uses, major, 0) || (uses.pin === 'digest' && !/\d/.test(uses.comment));
}

/** What a step does to the shared cache, `''` when nothing. An expression as the deciding input may do it. */
export function cacheUse(model: ActionModel, inputs: InputTexts, uses: UsesValue): '' | CacheModel['mode'] {
  const { cache } = model;
  if (cache === undefined) return '';
  if (cache.input === undefined) return cache.mode;
  const text = input(inputs, cache.input)?.trim();
  if (text === undefined || text === '') return cache.byDefault === true && (cache.since === undefined || isNoOlder(uses, cache.since)) ? cache.mode : '';
  if (text.includes('${{')) return OFF_FOR_RELEASES.test(text) ? '' : cache.mode;
  if (cache.containing !== undefined) return text.includes(cache.containing) ? cache.mode : '';
  const off = /^(?:false|no|off|0)$/i.test(text);
  return off === (cache.inverted === true) ? cache.mode : '';
}

/** What a step publishes, `''` when nothing. */
export function publication(model: ActionModel, inputs: InputTexts): string {
  const { publishes } = model;
  if (publishes === undefined) return '';
  if (publishes.input === undefined) return publishes.what;
  const text = input(inputs, publishes.input)?.trim() ?? '';
  return text === '' || /^(?:false|no|off|0)$/i.test(text) ? '' : publishes.what;
}

/** Whether a step fetches files of another run: always for some actions, by `run-id` for the platform's own. */
export function downloadsFromOtherRun(model: ActionModel, inputs: InputTexts): boolean {
  if (model.artifact === 'download-cross-run') return true;
  return model.artifact === 'download' && (input(inputs, 'run-id')?.trim() ?? '') !== '' && input(inputs, 'run-id')?.replace(/\s/g, '') !== '${{github.run_id}}';
}

/** True when an output's name is one of a model's. */
export function isOutput(model: OutputModel, name: string): boolean {
  return model.names.some((pattern) => {
    if (pattern === '*') return true;
    if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
    if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
    return pattern === name;
  });
}

function input(inputs: InputTexts, name: string): string | undefined {
  return Object.hasOwn(inputs, name) ? inputs[name]?.text : undefined;
}
