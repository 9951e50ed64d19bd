import type { Format } from '../core/index.js';

/** A path taken apart: `extension` in lower case without its dot, empty for `.bashrc` and `Makefile`. */
export interface PathParts {
  readonly path: string;
  readonly directory: string;
  readonly name: string;
  readonly extension: string;
}

/** Recognises by path. The answer is the reason in words, as `--explain-plan` prints it. */
export interface PathRule {
  readonly format: Format;
  matches(parts: PathParts): string | undefined;
}

/** Recognises by what a file begins with; only candidates are opened. */
export interface ContentRule {
  readonly format: Format;
  candidate(parts: PathParts, executable: boolean): boolean;
  matches(head: string): string | undefined;
}

/** Adding a format: a rule here or in `BY_CONTENT`. The first that matches wins. */
export const BY_PATH: readonly PathRule[] = [
  {
    // https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
    format: 'github-workflow',
    matches: ({ directory, extension }) => {
      if (extension !== 'yml' && extension !== 'yaml') return undefined;
      if (directory === '.github/workflows') return 'in .github/workflows';
      return directory.endsWith('/.github/workflows') ? 'in a .github/workflows folder below the root' : undefined;
    },
  },
  {
    // https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax
    format: 'github-action',
    matches: ({ directory, name }) => {
      if (name !== 'action.yml' && name !== 'action.yaml') return undefined;
      if (directory === '') return `${name} at the root`;
      return directory.startsWith('.github/actions/') ? `${name} in .github/actions` : undefined;
    },
  },
  {
    // https://docs.github.com/code-security/reference/supply-chain-security/dependabot-options-reference
    format: 'dependabot',
    matches: ({ directory, name }) =>
      (name === 'dependabot.yml' || name === 'dependabot.yaml') && (directory === '.github' || directory.endsWith('/.github'))
        ? `${name} in .github`
        : undefined,
  },
  {
    format: 'shell',
    matches: ({ name, extension }) => {
      if (SHELL_EXTENSIONS.has(extension)) return `extension .${extension}`;
      return SHELL_NAMES.has(name) ? `name ${name}` : undefined;
    },
  },
  {
    format: 'dockerfile',
    matches: ({ name, extension }) => {
      if (DOCKERFILE_NAMES.has(name)) return `name ${name}`;
      if (extension === 'dockerfile' || extension === 'containerfile') return `extension .${extension}`;
      return /^(?:Dockerfile|Containerfile)\./.test(name) && !NOT_DOCKERFILE.has(extension) ? `name ${name}` : undefined;
    },
  },
  {
    format: 'python',
    matches: ({ extension }) => (extension === 'py' || extension === 'pyi' || extension === 'pyw' ? `extension .${extension}` : undefined),
  },
];

export const BY_CONTENT: readonly ContentRule[] = [
  {
    format: 'github-workflow',
    candidate: isYaml,
    matches: (head) => (hasKey(head, ON) && hasKey(head, JOBS) ? 'has `on` and `jobs` at its top' : undefined),
  },
  {
    format: 'github-action',
    candidate: isYaml,
    matches: (head) => (hasKey(head, RUNS) && /^[ \t]+(["']?)using\1[ \t]*:/m.test(head) ? 'has `runs.using` of an action' : undefined),
  },
  {
    format: 'dependabot',
    candidate: isYaml,
    matches: (head) => (hasKey(head, UPDATES) && /^[ \t-]+(["']?)package-ecosystem\1[ \t]*:/m.test(head) ? 'has `updates` of Dependabot' : undefined),
  },
  {
    format: 'shell',
    candidate: mayHaveShebang,
    matches: (head) => {
      const interpreter = shebang(head);
      return interpreter !== undefined && SHELL_INTERPRETERS.has(interpreter) ? `begins with #! and ${interpreter}` : undefined;
    },
  },
  {
    format: 'python',
    candidate: mayHaveShebang,
    matches: (head) => {
      const interpreter = shebang(head);
      return interpreter !== undefined && /^python[0-9.]*$/.test(interpreter) ? `begins with #! and ${interpreter}` : undefined;
    },
  },
];

/** The shells whose grammar is that of POSIX or close to bash's. */
const SHELL_EXTENSIONS = new Set(['sh', 'bash', 'ksh', 'dash', 'ash']);
const SHELL_INTERPRETERS = new Set(['sh', 'bash', 'ksh', 'dash', 'ash', 'mksh', 'busybox']);
const SHELL_NAMES = new Set(['.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile', '.envrc']);
const DOCKERFILE_NAMES = new Set(['Dockerfile', 'dockerfile', 'Containerfile', 'containerfile']);
/** `Dockerfile.md` is about one, `Dockerfile.j2` becomes one. */
const NOT_DOCKERFILE = new Set(['dockerignore', 'md', 'txt', 'rst', 'j2', 'jinja', 'jinja2', 'erb', 'tmpl', 'tpl', 'template', 'mustache', 'orig', 'rej', 'bak']);

const ON = ['on', '"on"', "'on'"];
const JOBS = ['jobs', '"jobs"', "'jobs'"];
const RUNS = ['runs', '"runs"', "'runs'"];
const UPDATES = ['updates', '"updates"', "'updates'"];

function isYaml({ extension }: PathParts): boolean {
  return extension === 'yml' || extension === 'yaml';
}

function mayHaveShebang({ extension }: PathParts, executable: boolean): boolean {
  return extension === '' || (executable && !isYaml({ path: '', directory: '', name: '', extension }));
}

/** A mapping key at the beginning of a line. A prefilter: the reader of the format parses the file. */
function hasKey(head: string, spellings: readonly string[]): boolean {
  return spellings.some((key) => {
    for (let at = head.indexOf(key); at !== -1; at = head.indexOf(key, at + 1)) {
      const before = at === 0 ? '\n' : head[at - 1];
      if ((before === '\n' || before === '\r' || before === '\uFEFF') && /^[ \t]*:/.test(head.slice(at + key.length, at + key.length + 20))) return true;
    }
    return false;
  });
}

/** Base name of the interpreter in the first line, that behind `env` and its options included. */
function shebang(head: string): string | undefined {
  if (!head.startsWith('#!')) return undefined;
  const line = head.slice(2, 258).split(/\r?\n/, 1)[0] ?? '';
  const words = line.split(/[ \t]+/).filter((word) => word !== '');
  const base = (word: string): string => word.slice(word.lastIndexOf('/') + 1);
  const first = words[0];
  if (first === undefined) return undefined;
  if (base(first) !== 'env') return base(first);
  const target = words.slice(1).find((word) => !word.startsWith('-') && !word.includes('='));
  return target === undefined ? undefined : base(target);
}
