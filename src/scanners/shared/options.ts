import { ConfigurationError, nearestHint, type ScannerOption } from '../../core/index.js';

/** Typed access to options that have been checked. */
export interface OptionReader {
  /** False when not given. */
  flag(name: string): boolean;
  text(name: string): string | undefined;
  /** Empty when not given. */
  list(name: string): readonly string[];
}

type Options = Readonly<Record<string, ScannerOption>>;

const MAX_LENGTH = 1_000;
const MAX_ENTRIES = 1_000;

/**
 * Everything that is wrong with the options of a scanner, one sentence each: an unknown name, a wrong
 * type, a value that is none of those possible, a path that leaves the workspace.
 */
export function optionProblems(scanner: string, declared: Options, given: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const option = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (option === undefined) {
      const names = Object.keys(declared);
      const known = names.length === 0 ? 'it has none' : `it has ${names.map((known) => `\`${known}\``).join(', ')}`;
      return [`Scanner \`${scanner}\` has no option \`${name.slice(0, 100)}\`: ${known}.${nearestHint(name, names)}`];
    }
    const problem = problemOf(option, value);
    return problem === undefined ? [] : [`Option \`${name}\` of scanner \`${scanner}\` ${problem}.`];
  });
}

/**
 * Reads the options of one scan.
 * @throws ConfigurationError when one is wrong; the message names all that are.
 */
export function readOptions(scanner: string, declared: Options, given: Readonly<Record<string, unknown>>): OptionReader {
  const problems = optionProblems(scanner, declared, given);
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return {
    flag: (name) => given[name] === true,
    text: (name) => {
      const value = given[name];
      return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined;
    },
    list: (name) => {
      const value = given[name];
      return Array.isArray(value) ? (value as string[]) : [];
    },
  };
}

function problemOf(option: ScannerOption, value: unknown): string | undefined {
  switch (option.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? undefined : 'must be a whole number';
    case 'string':
      return typeof value === 'string' ? textProblem(option, value) : 'must be a text';
    case 'strings': {
      if (!Array.isArray(value) || value.length > MAX_ENTRIES) return 'must be a list of texts';
      for (const entry of value as unknown[]) {
        const problem = typeof entry === 'string' ? textProblem(option, entry) : 'must be a list of texts';
        if (problem !== undefined) return problem;
      }
      return undefined;
    }
  }
}

function textProblem({ values, path }: ScannerOption, value: string): string | undefined {
  if (value === '' || value.length > MAX_LENGTH || hasControlCharacter(value)) return `must be a text of 1 to ${MAX_LENGTH} printable characters`;
  if (values !== undefined && !values.includes(value)) return `must be ${values.map((known) => `\`${known}\``).join(' or ')}, not \`${value}\`.${nearestHint(value, values)}`.replace(/\.$/, '');
  if (path === true && (value.startsWith('/') || value.startsWith('-') || /^[A-Za-z]:/.test(value) || value.split(/[\\/]/).includes('..'))) {
    return `must be a path in the workspace, not \`${value}\``;
  }
  return undefined;
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32 || text.charCodeAt(i) === 127) return true;
  return false;
}
