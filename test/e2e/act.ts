import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const tools = join(root, '.tools');

/** The runner `act`, or undefined with a printed reason. It starts the bundled Action as GitHub's runner does, without a container. */
export const act = findAct();

/** Folder of the Node that the Action is started with: 24 as `action.yml` declares, or the one of the tests where there is none. */
const node = existsSync(join(tools, 'node24/bin/node')) ? join(tools, 'node24/bin') : dirname(process.execPath);

function findAct(): string | undefined {
  if (process.platform !== 'linux') return skip(`the test is for Linux, this is ${process.platform}`);
  const folders = [join(tools, 'bin'), ...(process.env['PATH'] ?? '').split(delimiter)];
  const path = folders.map((folder) => join(folder, 'act')).find((candidate) => existsSync(candidate));
  if (path === undefined) return skip('act is neither in .tools/bin nor on the PATH: run scripts/test-tools.sh');
  if (!existsSync(join(root, 'dist/index.js'))) return skip('there is no dist/: run npm run build');
  return path;
}

function skip(reason: string): undefined {
  console.log(`skip: end-to-end tests of the Action: ${reason}`);
  return undefined;
}

/** Version of the Node that the Action is started with, such as `v24.11.1`. */
export function actionNode(): string {
  return spawnSync(join(node, 'node'), ['--version'], { encoding: 'utf8' }).stdout.trim();
}

/** A workflow command as the runner has understood it. */
export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What a person would see of a run. */
export interface RunnerResult {
  readonly exitCode: number | null;
  /** In order; outputs and summaries are in their own properties. */
  readonly commands: readonly RunnerCommand[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** `success` or `failure` of each step, by its name or `uses`. */
  readonly steps: Readonly<Record<string, string>>;
  /** Lines that the steps printed and that are no command. */
  readonly log: readonly string[];
  /** Everything, for the message of a failed test. */
  readonly raw: string;
}

/** Where and how a workflow is run. */
export interface RunnerRequest {
  /** Files of the repository by path, besides `dist/` and `action.yml`. */
  readonly files: Readonly<Record<string, string>>;
  /** Inputs of the Action. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** `push` when not given. */
  readonly event?: string;
  /** The event's payload; a function is called when the history is made. */
  readonly payload?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** More arguments for act. */
  readonly args?: readonly string[];
  /** Changes the repository before its one commit: links, folders, other branches. */
  readonly prepare?: (folder: string) => void;
  /** Changes it after that commit, with a git of our own: further commits, branches, what a shallow clone leaves out. */
  readonly history?: (folder: string, git: (...args: string[]) => string) => void;
}

/** Name of the Action's step in {@link RunnerResult.steps}. */
export const ACTION = './';
/** The workflow that is run; the Action scans it like every other. */
export const WORKFLOW = '.github/workflows/scan.yml';

/** Folders of sample repositories that are made of it, without what is ours. */
export function copyExample(name: string): (folder: string) => void {
  return (folder) => cpSync(join(root, 'examples', name), folder, { recursive: true, filter: (path) => path !== join(root, 'examples', name, 'action.yml') });
}

/** Runs the bundled Action in a job, in a repository of its own. */
export async function runAction(request: RunnerRequest): Promise<RunnerResult> {
  if (act === undefined) throw new Error('act is missing');
  const home = mkdtempSync(join(tmpdir(), 'bartizan-act-'));
  const folder = join(home, 'repository');
  try {
    mkdirSync(folder);
    request.prepare?.(folder);
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    cpSync(join(root, 'action.yml'), join(folder, 'action.yml'));
    write(folder, { [WORKFLOW]: workflow(request), ...request.files });
    git(folder, home);
    request.history?.(folder, (...args) => command(args, folder, home));
    const payload = join(home, 'event.json');
    writeFileSync(payload, JSON.stringify(typeof request.payload === 'function' ? (request.payload as () => unknown)() : (request.payload ?? {})));
    const pairs = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
      Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
    const args = [
      request.event ?? 'push',
      '--json',
      '--no-cache-server',
      ...['-P', 'ubuntu-latest=-self-hosted', '-W', WORKFLOW, '--artifact-server-addr', '127.0.0.1', '--eventpath', payload],
      ...pairs('--env', request.env),
      ...pairs('--secret', request.secrets),
      ...(request.args ?? []),
    ];
    const { exitCode, stdout, stderr } = await run(act, args, folder, home);
    return read(exitCode, stdout, stderr);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** `act` answers a checkout of the repository itself by a copy, so nothing is fetched. JSON is YAML. */
function workflow({ inputs = {}, event = 'push' }: RunnerRequest): string {
  return JSON.stringify({
    on: event,
    permissions: {},
    jobs: {
      scan: {
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 10,
        steps: [
          { uses: 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8', with: { 'persist-credentials': false } },
          { uses: ACTION, id: 'scan', with: { external: 'off', ...inputs } },
        ],
      },
    },
  });
}

function git(folder: string, home: string): void {
  for (const args of [['init', '-q'], ['add', '-A'], ['commit', '-q', '--no-gpg-sign', '-m', 'All']]) command(args, folder, home);
}

function command(args: readonly string[], folder: string, home: string): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'init.defaultBranch=main', '-c', 'protocol.file.allow=always'];
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home } });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

function run(executable: string, args: readonly string[], cwd: string, home: string): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  return new Promise((done, reject) => {
    // Nothing of this machine's environment is handed on: no token, no proxy, no settings of act.
    const env = { PATH: `${node}${delimiter}${process.env['PATH'] ?? ''}`, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), XDG_CONFIG_HOME: join(home, 'config') };
    const child = spawn(executable, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (exitCode) => done({ exitCode, stdout, stderr }));
  });
}

/** One line of `act --json`. */
interface ActLine {
  readonly command?: string;
  readonly kvPairs?: Readonly<Record<string, string>>;
  readonly arg?: string;
  readonly name?: string;
  readonly content?: string;
  readonly raw_output?: boolean;
  readonly msg: string;
  readonly step?: string;
  readonly stepResult?: string;
}

function read(exitCode: number | null, stdout: string, stderr: string): RunnerResult {
  const commands: RunnerCommand[] = [];
  const outputs: Record<string, string> = {};
  const steps: Record<string, string> = {};
  const log: string[] = [];
  let summary = '';
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('{')) continue;
    const entry = JSON.parse(line) as ActLine;
    if (entry.command === 'set-output') outputs[entry.name ?? ''] = entry.arg ?? '';
    else if (entry.command === 'summary') summary += entry.content ?? '';
    else if (entry.command !== undefined) commands.push({ name: entry.command, properties: entry.kvPairs ?? {}, text: entry.arg ?? '' });
    else if (entry.raw_output === true) log.push(entry.msg.replace(/\n$/, ''));
    if (entry.stepResult !== undefined && entry.step !== undefined) steps[entry.step] = entry.stepResult;
  }
  return { exitCode, commands, outputs, summary, steps, log, raw: `${stdout}\n${stderr}` };
}
