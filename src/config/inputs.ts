import { CONFIDENCES, CONFIG_SOURCES, NEW_INLINE_SUPPRESSIONS, SANDBOX_MODES, SEVERITIES } from '../core/index.js';
import { CONFIG_FILE, configSchema, FAIL_ON, ON_SCANNER_ERROR, PROFILE_NAMES } from './schema.js';

/** One input of the Action, with the flag of the command line that says the same. */
export interface InputDefinition {
  /** Name of the input; also the key in `.bartizan.yml` when `setting` is true. */
  readonly name: string;
  /** As the argument parser takes it. */
  readonly flag: string;
  /** Plain text, one sentence or two, without the default. */
  readonly description: string;
  /** What holds when neither input nor file says anything, in words of the file; for documentation. */
  readonly default: string;
  /** `list`: separated by commas or line ends. */
  readonly type: 'text' | 'list' | 'switch';
  readonly choices?: readonly string[];
  /** False: it is no key of the file. */
  readonly setting: boolean;
}

function setting(name: keyof typeof configSchema.shape, rest: Omit<InputDefinition, 'name' | 'description' | 'setting'>): InputDefinition {
  const description = (configSchema.shape[name].description ?? '').replace(/ Default: .*$/, '').replace(/([^.])$/, '$1.');
  return { name, description, setting: true, ...rest };
}

/**
 * All inputs and flags that map to settings. `action.yml`, the help of the command line and the documentation
 * are made from this table or checked against it. In `action.yml` every default is empty: an input that is not
 * given leaves the word to the file.
 */
export const INPUTS: readonly InputDefinition[] = [
  setting('profile', { flag: '--profile <name>', default: 'standard', type: 'text', choices: PROFILE_NAMES }),
  setting('fail-on', { flag: '--fail-on <severity>', default: 'high', type: 'text', choices: FAIL_ON }),
  setting('report-from', { flag: '--report-from <severity>', default: 'note', type: 'text', choices: SEVERITIES }),
  setting('confidence', { flag: '--confidence <level>', default: 'medium', type: 'text', choices: CONFIDENCES }),
  setting('include', { flag: '--include <globs>', default: 'all files', type: 'list' }),
  setting('exclude', { flag: '--exclude <globs>', default: 'none', type: 'list' }),
  setting('only', { flag: '--only <names>', default: 'all', type: 'list' }),
  setting('skip', { flag: '--skip <names>', default: 'none', type: 'list' }),
  setting('external', { flag: '--no-external', default: 'on', type: 'switch' }),
  setting('online', { flag: '--online', default: 'false', type: 'switch' }),
  setting('on-scanner-error', { flag: '--on-scanner-error <effect>', default: 'error', type: 'text', choices: ON_SCANNER_ERROR }),
  setting('sandbox', { flag: '--sandbox <mode>', default: 'auto', type: 'text', choices: SANDBOX_MODES }),
  setting('config-source', { flag: '--config-source <commit>', default: 'base', type: 'text', choices: CONFIG_SOURCES }),
  setting('baseline', { flag: '--baseline <file>', default: 'auto', type: 'text' }),
  setting('new-only', { flag: '--new-only', default: 'false', type: 'switch' }),
  setting('new-inline-suppressions', { flag: '--new-inline-suppressions <effect>', default: 'refuse', type: 'text', choices: NEW_INLINE_SUPPRESSIONS }),
  {
    name: 'config',
    flag: '--config <file>',
    description: 'The configuration file, relative to the workspace.',
    default: CONFIG_FILE,
    type: 'text',
    setting: false,
  },
];

/** Values of inputs or flags by their names; only those that were given. */
export interface Overrides {
  /** How messages call them. */
  readonly source: 'input' | 'flag';
  readonly values: Readonly<Record<string, string | boolean | readonly string[]>>;
}

/**
 * Overrides from the inputs of the Action. `read` gives an input's text, empty when it was not given
 * (`core.getInput`).
 */
export function overridesFromInputs(read: (name: string) => string): Overrides {
  const values: Record<string, string | boolean | readonly string[]> = {};
  for (const input of INPUTS) {
    const text = read(input.name).trim();
    if (!input.setting || text === '') continue;
    values[input.name] = input.type === 'list' ? splitList(text) : input.type === 'switch' ? asSwitch(text) : text;
  }
  return { source: 'input', values };
}

/** Overrides from parsed flags, by the names of `INPUTS`; what is undefined was not given. */
export function overridesFromFlags(flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>): Overrides {
  const values: Record<string, string | boolean | readonly string[]> = {};
  for (const input of INPUTS) {
    const value = flags[input.name];
    if (!input.setting || value === undefined) continue;
    values[input.name] = input.type !== 'list' || typeof value === 'boolean' ? value : typeof value === 'string' ? splitList(value) : value.flatMap(splitList);
  }
  return { source: 'flag', values };
}

/** Entries between commas or line ends, without white space around them and without empty ones. Commas in `{a,b}` of a glob don't count. */
export function splitList(text: string): string[] {
  const entries: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = text[i];
    if (c === '{') depth++;
    else if (c === '}' && depth > 0) depth--;
    else if (c === undefined || c === '\n' || (c === ',' && depth === 0)) {
      const entry = text.slice(start, i).trim();
      if (entry !== '') entries.push(entry);
      start = i + 1;
      depth = 0;
    }
  }
  return entries;
}

function asSwitch(text: string): string | boolean {
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : lower;
}
