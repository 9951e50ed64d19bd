/** What is needed to tell whether a command runs content of the workspace: a part of a `command` fact's value. */
export interface CommandLine {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
}

/** A tool that runs code or configuration of the directory it is started in. */
interface Tool {
  /** Only these subcommands (first operand) do; absent: all uses do. */
  readonly subcommands?: readonly string[];
  /** Uses with one of these options do not. */
  readonly unless?: readonly string[];
  /** Global options whose value is the next word. */
  readonly values?: readonly string[];
  /** Without any operand it does too (`make`, `yarn`). */
  readonly bare?: boolean;
  /** Operands in front of the subcommand to pass over (`docker buildx build`). */
  readonly through?: readonly string[];
}

const NODE_SCRIPTS = ['--ignore-scripts'];
const INFORMATION = ['--version', '-V', '--help', '-h', '-version', 'help', 'version'];
const RUNS = ['run', 'exec', 'test', 't', 'start', 'run-script', 'rum', 'urn', 'tst', 'stop', 'restart', 'x', 'dlx', 'create', 'init', 'pack', 'publish', 'version', 'build', 'deploy'];
const INSTALLS = ['install', 'i', 'ci', 'add', 'in', 'ins', 'inst', 'clean-install', 'install-test', 'it', 'cit', 'rebuild', 'rb', 'update', 'up', 'link', 'dedupe'];
const ALL: Tool = { bare: true };

/**
 * Tools that read instructions from the repository they work on: package managers run its life cycle scripts,
 * build tools its build files, linters its configuration and plugins. From each tool's own documentation;
 * the selection follows the public "Living Off The Pipeline" list.
 */
const TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['npm', { subcommands: [...INSTALLS, ...RUNS], values: ['--prefix', '-C', '--workspace', '-w', '--registry'] }],
  ['pnpm', { subcommands: [...INSTALLS, ...RUNS], values: ['-C', '--dir', '--filter', '-F'] }],
  ['yarn', { bare: true, subcommands: [...INSTALLS, ...RUNS, 'node', 'workspace', 'workspaces', 'lint', 'compile'], values: ['--cwd'] }],
  ['bun', { subcommands: [...INSTALLS, ...RUNS], values: ['--cwd'] }],
  ['npx', ALL], ['bunx', ALL], ['pnpx', ALL],
  ['node-gyp', { subcommands: ['rebuild', 'configure', 'build', 'install'] }],
  ['lerna', ALL], ['nx', ALL], ['turbo', ALL], ['gulp', ALL], ['grunt', ALL], ['vite', ALL], ['webpack', ALL], ['rollup', ALL], ['tsc', ALL], ['jest', ALL], ['vitest', ALL], ['mocha', ALL], ['playwright', { subcommands: ['test'] }], ['cypress', { subcommands: ['run', 'open'] }],
  ['eslint', { bare: true, unless: ['--no-config-lookup', '--no-eslintrc'] }], ['stylelint', ALL], ['prettier', { bare: true, unless: ['--no-config'] }],
  ['pipenv', { subcommands: ['install', 'sync', 'update', 'run', 'shell'] }],
  ['poetry', { subcommands: ['install', 'update', 'build', 'run', 'publish', 'add', 'sync'] }],
  ['uv', { subcommands: ['sync', 'run', 'build', 'lock', 'pip'] }],
  ['pdm', { subcommands: ['install', 'sync', 'run', 'build', 'update'] }],
  ['hatch', { subcommands: ['run', 'build', 'test', 'env', 'shell'] }],
  ['tox', ALL], ['nox', ALL], ['pytest', ALL], ['invoke', ALL], ['fab', ALL], ['mypy', ALL], ['pylint', ALL], ['mkdocs', { subcommands: ['build', 'serve', 'gh-deploy'] }], ['sphinx-build', ALL],
  ['pre-commit', { subcommands: ['run', 'install', 'install-hooks', 'try-repo'], bare: true }],
  ['bundle', { bare: true, subcommands: ['install', 'exec', 'update'] }], ['rake', ALL], ['rubocop', ALL], ['rspec', ALL],
  ['composer', { subcommands: ['install', 'update', 'run', 'run-script', 'exec', 'require', 'dump-autoload'], unless: ['--no-scripts'] }], ['phpstan', ALL], ['phpunit', ALL],
  ['make', { bare: true, unless: ['-n', '--dry-run'] }], ['gmake', ALL], ['nmake', ALL], ['cmake', ALL], ['ctest', ALL], ['ninja', ALL], ['meson', { subcommands: ['setup', 'compile', 'test', 'install'] }], ['scons', ALL], ['bazel', { subcommands: ['build', 'test', 'run', 'coverage', 'query'] }], ['bazelisk', { subcommands: ['build', 'test', 'run', 'coverage', 'query'] }], ['just', ALL], ['task', ALL], ['mage', ALL], ['earthly', ALL], ['buck2', ALL], ['pants', ALL],
  ['gradle', ALL], ['gradlew', ALL], ['mvn', ALL], ['mvnw', ALL], ['ant', ALL], ['sbt', ALL], ['lein', ALL],
  ['cargo', { subcommands: ['build', 'b', 'check', 'c', 'test', 't', 'run', 'r', 'bench', 'doc', 'install', 'publish', 'package', 'clippy', 'nextest', 'fix', 'rustc', 'xtask'] }],
  ['go', { subcommands: ['generate', 'run', 'test'] }],
  ['dotnet', { subcommands: ['build', 'restore', 'run', 'test', 'publish', 'pack', 'msbuild'] }], ['msbuild', ALL], ['swift', { subcommands: ['build', 'test', 'run', 'package'] }], ['xcodebuild', ALL], ['fastlane', ALL], ['pod', { subcommands: ['install', 'update'] }], ['flutter', { subcommands: ['build', 'test', 'run', 'pub'] }], ['mix', ALL], ['stack', { subcommands: ['build', 'test', 'run', 'install'] }], ['cabal', { subcommands: ['build', 'test', 'run', 'install'] }],
  ['docker', { subcommands: ['build', 'bake', 'up'], through: ['buildx', 'compose', 'image', 'builder'], values: ['-H', '--context', '--config', '-f', '--file', '-p', '--profile', '--env-file'] }],
  ['docker-compose', { subcommands: ['build', 'up', 'run'], values: ['-f', '--file', '-p', '--profile'] }],
  ['podman', { subcommands: ['build'], through: ['image', 'buildx'] }], ['buildah', { subcommands: ['bud', 'build'] }], ['kaniko', ALL],
  ['terraform', { subcommands: ['init', 'plan', 'apply', 'destroy', 'test', 'validate', 'import', 'refresh'], values: [] }],
  ['tofu', { subcommands: ['init', 'plan', 'apply', 'destroy', 'test', 'validate', 'import', 'refresh'] }],
  ['terragrunt', ALL], ['tflint', ALL], ['pulumi', { subcommands: ['up', 'preview', 'destroy', 'refresh', 'install'] }], ['cdk', { subcommands: ['deploy', 'synth', 'diff', 'destroy'] }], ['sls', ALL], ['serverless', ALL], ['ansible-playbook', ALL], ['packer', { subcommands: ['init', 'build', 'validate'] }], ['helmfile', ALL], ['skaffold', { subcommands: ['build', 'run', 'dev', 'render'] }],
  ['gcloud', { subcommands: ['builds'] }], ['goreleaser', ALL], ['golangci-lint', { subcommands: ['run'] }], ['checkov', ALL], ['vale', ALL], ['sonar-scanner', ALL], ['gomplate', ALL], ['semantic-release', ALL], ['jekyll', { subcommands: ['build', 'serve'] }], ['hugo', ALL],
]);

/** Interpreters: run the file that their first operand names. */
const INTERPRETERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['bash', ['-o', '-O', '--rcfile', '--init-file']], ['sh', ['-o']], ['dash', ['-o']], ['zsh', ['-o']], ['ksh', ['-o']],
  ['python', ['-W', '-X']], ['python2', ['-W', '-X']], ['python3', ['-W', '-X']], ['node', ['-r', '--require', '--import', '--loader']], ['deno', []], ['ruby', ['-r', '-I']], ['perl', ['-I']], ['php', ['-d', '-c']], ['pwsh', []], ['powershell', []], ['Rscript', []], ['lua', []], ['ts-node', []], ['tsx', []],
]);
/** Options behind which an interpreter runs something else than a file. */
const INLINE = new Set(['-c', '-e', '-m', '--eval', '-p', '--print', '-r', '-Command', '-s', '-']);

/**
 * What a command runs from the directory it works on, such as `npm ci` or `./build.sh`; undefined when it runs nothing of it.
 * Absolute paths outside the workspace do not count, nor do uses that switch the tool's scripts off or only ask for its version.
 */
export function executesWorkspace(command: CommandLine): string | undefined {
  const { name, path, args } = command;
  if (args.length === 1 && INFORMATION.includes(args[0] as string)) return undefined;
  if (isWorkspacePath(path)) return path;
  if (name === 'source' || name === '.') return isFile(args[0]) ? `${name} ${args[0] as string}` : undefined;
  if (name === 'pip' || name === 'pip3') return pip(name, args);
  if (/^python[\d.]*$/.test(name) && args[0] === '-m') return module(args);
  if (/^python[\d.]+$/.test(name) || INTERPRETERS.has(name)) return interpreter(name, args);
  const tool = TOOLS.get(name);
  return tool === undefined ? undefined : usesTool(name, tool, args);
}

function usesTool(name: string, tool: Tool, args: readonly string[]): string | undefined {
  if (tool.unless?.some((option) => args.includes(option)) === true) return undefined;
  if (/^(?:npm|pnpm|yarn|bun)$/.test(name) && args.some((arg) => NODE_SCRIPTS.includes(arg) || arg === '--ignore-scripts=true')) {
    // Life cycle scripts are off, but `npm run x` still runs x.
    const subcommand = operands(args, tool.values ?? [])[0];
    if (subcommand === undefined || INSTALLS.includes(subcommand) || subcommand === 'pack' || subcommand === 'publish') return undefined;
  }
  if (tool.subcommands === undefined) return name;
  const found = operands(args, tool.values ?? []);
  let subcommand = found[0];
  if (subcommand !== undefined && tool.through?.includes(subcommand) === true) subcommand = found.slice(1).find((operand) => tool.subcommands?.includes(operand)) ?? found[1];
  if (subcommand === undefined) return tool.bare === true && !args.some((arg) => INFORMATION.includes(arg)) ? name : undefined;
  return tool.subcommands.includes(subcommand) ? `${name} ${subcommand}` : undefined;
}

function operands(args: readonly string[], values: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (values.includes(arg)) i++;
    else if (!/^[-+]/.test(arg)) found.push(arg);
  }
  return found;
}

/** `pip install .`, `-e dir`, `-r requirements.txt`: builds what is there, or what a file there names. A package by name is another matter. */
function pip(name: string, args: readonly string[]): string | undefined {
  const [subcommand, ...rest] = operands(args, []);
  if (subcommand !== 'install' && subcommand !== 'wheel' && subcommand !== 'download') return undefined;
  const file = args.some((arg, index) => /^(?:-r|-e|--requirement|--editable)$/.test(arg) ? isFile(args[index + 1]) : /^(?:-r|-e|--requirement=|--editable=)./.test(arg) && !arg.includes('://'));
  return file || rest.some((operand) => /^\.{1,2}(?:[/[]|$)/.test(operand)) ? `${name} ${subcommand}` : undefined;
}

function module(args: readonly string[]): string | undefined {
  const name = args[1] ?? '';
  const rest = args.slice(2);
  if (name === 'pip') return pip('pip', rest);
  if (name === 'build' || name === 'unittest') return `python -m ${name}`;
  const tool = TOOLS.get(name);
  return tool === undefined ? undefined : usesTool(name, tool, rest);
}

function interpreter(name: string, args: readonly string[]): string | undefined {
  const values = INTERPRETERS.get(name) ?? ['-W', '-X'];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (values.includes(arg) || (/^(?:ba|da|z|k)?sh$/.test(name) && /^[-+][a-z]*o$/.test(arg))) {
      i++;
      continue;
    }
    if (/^(?:ba|da|z|k)?sh$/.test(name) && /^-[a-z]*[cs][a-z]*$/.test(arg)) return undefined;
    if (INLINE.has(arg)) return undefined;
    if (name === 'deno' && /^(?:run|test|task)$/.test(arg)) continue;
    if (/^-(?:f|file)$/i.test(arg) || arg.startsWith('-')) continue;
    return isFile(arg) ? `${name} ${arg}` : undefined;
  }
  return undefined;
}

/** A path with a directory that is relative or begins with the workspace's variable. */
function isWorkspacePath(path: string): boolean {
  if (!path.includes('/') || /[\s`]|\$\(/.test(path.replace(/\$\{\{[^}]*\}\}/g, ''))) return false;
  if (/^(?:"|\$\{?(?:GITHUB_WORKSPACE|PWD|CI_PROJECT_DIR|WORKSPACE|BUILD_SOURCESDIRECTORY)\b|\$\{\{\s*github\.workspace\s*\}\})/.test(path)) return true;
  return !/^[/~$]/.test(path);
}

/** An operand that names a file which may be of the workspace. */
function isFile(path: string | undefined): boolean {
  if (path === undefined || path === '' || path === '-' || /^(?:\/dev\/|\/proc\/|\/etc\/|\/usr\/|\/opt\/|\/root\/|~|<\(|>\(|\$\(|`|https?:)/.test(path)) return false;
  return !/^\$\{?(?:HOME|RUNNER_TEMP)\b/.test(path);
}
