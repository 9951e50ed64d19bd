import type { Format } from '../core/index.js';
import { PIPELINE_BY_CONTENT, PIPELINE_BY_PATH } from './pipeline-formats.js';
import { RUNBOOK_BY_CONTENT, RUNBOOK_BY_PATH } from './runbook-formats.js';

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
  matches(head: string, parts: PathParts): string | undefined;
}

/** Source code that scanners read. */
const LANGUAGES: readonly (readonly [Format, ReadonlySet<string>])[] = [
  ['javascript', new Set(['js', 'mjs', 'cjs', 'jsx'])],
  ['typescript', new Set(['ts', 'mts', 'cts', 'tsx'])],
  ['go', new Set(['go'])],
  ['java', new Set(['java'])],
  ['ruby', new Set(['rb'])],
  ['php', new Set(['php'])],
  ['csharp', new Set(['cs'])],
];

/** Lock files and manifests of ecosystems that no adapter has for its own. */
const OTHER_LOCK_FILES = new Set([
  'Cargo.lock', 'Gemfile.lock', 'composer.lock', 'pom.xml', 'gradle.lockfile', 'packages.lock.json', 'pubspec.lock', 'mix.lock', 'bun.lock', 'Podfile.lock', 'conan.lock',
]);

function byName(names: ReadonlySet<string>): PathRule['matches'] {
  return ({ name }) => (names.has(name) ? `name ${name}` : undefined);
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
  ...PIPELINE_BY_PATH,
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
  // Files that only external scanners read.
  { format: 'npm-manifest', matches: byName(new Set(['package.json'])) },
  { format: 'npm-lock', matches: byName(new Set(['package-lock.json', 'npm-shrinkwrap.json'])) },
  { format: 'pnpm-lock', matches: byName(new Set(['pnpm-lock.yaml'])) },
  { format: 'yarn-lock', matches: byName(new Set(['yarn.lock'])) },
  {
    // https://pip.pypa.io/en/stable/reference/requirements-file-format/
    format: 'python-requirements',
    matches: ({ name, directory, extension }) => {
      if (extension !== 'txt') return undefined;
      if (/^(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.txt$/.test(name)) return `name ${name}`;
      return directory === 'requirements' || directory.endsWith('/requirements') ? 'in a requirements folder' : undefined;
    },
  },
  { format: 'python-lock', matches: byName(new Set(['poetry.lock', 'Pipfile.lock', 'pdm.lock', 'uv.lock', 'pylock.toml'])) },
  { format: 'go-module', matches: byName(new Set(['go.mod'])) },
  { format: 'lock-file', matches: byName(OTHER_LOCK_FILES) },
  { format: 'helm-chart', matches: byName(new Set(['Chart.yaml'])) },
  {
    // https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file
    format: 'compose',
    matches: ({ name }) => (/^(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml$/.test(name) ? `name ${name}` : undefined),
  },
  {
    format: 'terraform',
    matches: ({ name, extension }) => (extension === 'tf' || extension === 'tofu' ? `extension .${extension}` : name.endsWith('.tf.json') ? 'extension .tf.json' : undefined),
  },
  {
    // https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_reuse_roles.html#role-directory-structure
    format: 'ansible',
    matches: ({ directory, extension }) =>
      (extension === 'yml' || extension === 'yaml') && /(?:^|\/)roles\/[^/]+\/(?:tasks|handlers)$/.test(directory) ? 'tasks of an Ansible role' : undefined,
  },
  ...RUNBOOK_BY_PATH,
  ...LANGUAGES.map(([format, extensions]): PathRule => ({
    format,
    matches: ({ extension }) => (extensions.has(extension) ? `extension .${extension}` : undefined),
  })),
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
  ...PIPELINE_BY_CONTENT,
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
  {
    format: 'cloudformation',
    // Most JSON files are data, and there can be very many: only those whose path speaks of it are opened.
    candidate: ({ path, extension }) =>
      extension === 'yml' || extension === 'yaml' || extension === 'template' || (extension === 'json' && /cloudformation|cfn|\.template\.json$/i.test(path)),
    matches: (head) => {
      if (/^[ \t{]*["']?AWSTemplateFormatVersion["']?[ \t]*:/m.test(head)) return 'has `AWSTemplateFormatVersion`';
      return /^[ \t{]*["']?Resources["']?[ \t]*:/m.test(head) && /["']?Type["']?[ \t]*:[ \t]*["']?AWS::/.test(head) ? 'has `Resources` with types of AWS' : undefined;
    },
  },
  ...RUNBOOK_BY_CONTENT,
  {
    format: 'kubernetes',
    candidate: isYaml,
    matches: (head) => (hasKey(head, ['apiVersion']) && hasKey(head, ['kind']) ? 'has `apiVersion` and `kind`' : undefined),
  },
  {
    format: 'ansible',
    candidate: isYaml,
    matches: (head) =>
      /^- (?:[ \t]*)(?:hosts|name|import_playbook|ansible\.builtin\.import_playbook)[ \t]*:/m.test(head) && /^(?:- |  )[ \t]*(?:hosts|import_playbook|ansible\.builtin\.import_playbook)[ \t]*:/m.test(head)
        ? 'has plays with `hosts`'
        : undefined,
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
