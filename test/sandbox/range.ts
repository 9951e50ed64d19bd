import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, copyFileSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ToolRequest } from '../../src/io/process-runner.js';
import { DEFAULT_LIMITS } from '../../src/io/process-runner.js';

export const CANARY = 'CANARY-7f3a';

const CREDENTIALS = ['.npmrc', '.netrc', '.git-credentials', '.aws/credentials', '.docker/config.json', '.ssh/id_ed25519', '.kube/config', '.config/gh/hosts.yml', '.pypirc', '.gnupg/private.key', '.vault-token', '.config/gcloud/credentials.db'];

/** Variables of a job that a scanner must not see. */
export const JOB_ENVIRONMENT: Readonly<Record<string, string>> = {
  GITHUB_TOKEN: CANARY,
  AWS_SECRET_ACCESS_KEY: CANARY,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: CANARY,
  ACTIONS_RUNTIME_TOKEN: CANARY,
};

/** A folder laid out as a runner has it, with a canary wherever a credential would be. */
export interface Range {
  readonly root: string;
  readonly workspace: string;
  /** The hostile scanner, installed like any tool. */
  readonly tool: string;
  /** What malware knows, for its argument. */
  readonly known: Readonly<Record<string, unknown>>;
  /** Digest of every file and link, to see whether anything was changed. */
  digest(): string;
  close(): Promise<void>;
}

export async function createRange(): Promise<Range> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-range-')));
  const put = (path: string, content: string, mode = 0o600): string => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    chmodSync(full, mode);
    return full;
  };
  for (const name of CREDENTIALS) put(`home/${name}`, CANARY);
  put('home/.bashrc', '# start\n');
  const gitConfig = `[core]\n\trepositoryformatversion = 0\n[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${CANARY}\n`;
  for (const path of ['.git/config', 'nested/.git/config', '.git/modules/sub/config']) put(`workspace/${path}`, gitConfig);
  put('workspace/.git/HEAD', 'ref: refs/heads/main\n');
  put('workspace/.git/hooks/post-checkout', '#!/bin/sh\n', 0o755);
  put('workspace/gha-creds-0123456789abcdef.json', CANARY);
  put('workspace/.npmrc', `//registry.npmjs.org/:_authToken=${CANARY}\n`);
  put('workspace/.docker/config.json', CANARY);
  put('workspace/main.py', 'import pickle\n', 0o644);
  put('workspace/node_modules/.bin/tool', '#!/bin/sh\n', 0o755);
  put('temp/git-credentials-1.config', CANARY);
  put('temp/step.sh', 'true\n', 0o755);

  const tool = put('tools/hostile/bin/hostile', '', 0o755);
  copyFileSync(fileURLToPath(new URL('hostile.py', import.meta.url)), tool);
  writeFileSync(tool, `#!/usr/bin/env python3\n${readFileSync(tool, 'utf8')}`);
  chmodSync(tool, 0o755);

  const nonce = Math.floor(Math.random() * 0xffffff);
  const temporary = join(tmpdir(), `bartizan-temporary-${nonce}`);
  writeFileSync(temporary, CANARY);
  const standIns = spawn('python3', [fileURLToPath(new URL('stand-ins.py', import.meta.url)), root, String(nonce)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], CANARY },
  });
  // Has been started with a token and has deleted it since, as the Action does.
  const bartizan = spawn(process.execPath, ['-e', 'delete process.env.GITHUB_TOKEN; process.stdin.on("end", () => process.exit()).resume()'], { stdio: ['pipe', 'ignore', 'inherit'], env: { GITHUB_TOKEN: CANARY } });
  const [line] = (await once(standIns.stdout, 'data')) as [Buffer];
  const known = {
    ...(JSON.parse(line.toString('utf8')) as Record<string, unknown>),
    bartizan: bartizan.pid,
    home: join(root, 'home'),
    credentials: CREDENTIALS,
    workspace: join(root, 'workspace'),
    runnerTemp: join(root, 'temp'),
    event: put('temp/_github_workflow/event.json', CANARY),
    commandFile: put('temp/_runner_file_commands/set_env', ''),
    actionCode: put('actions/checkout/dist/index.js', ''),
    toolCache: put('toolcache/node/bin/node', ''),
    otherResult: put('results/other.sarif', CANARY),
    outside: [join(root, 'temp'), join(root, 'results')],
    temporary: [temporary],
    sitePackages: ['/usr/lib/python3/dist-packages', join(root, 'tools/hostile/lib/python3/site-packages')],
  };
  mkdirSync(join(root, 'tools/hostile/lib/python3/site-packages'), { recursive: true });
  return {
    root,
    workspace: join(root, 'workspace'),
    tool,
    known,
    digest: () => digestOf(root),
    close: async () => {
      standIns.stdin.end();
      bartizan.stdin.end();
      await once(standIns, 'exit');
      rmSync(temporary, { force: true });
      rmSync(`/usr/share/bartizan-canary-${nonce}`, { force: true });
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A request to run the hostile scanner. */
export function hostileRequest(range: Range, more: Record<string, unknown> = {}, limits: Partial<ToolRequest['limits']> = {}): ToolRequest {
  return {
    tool: 'hostile',
    executable: range.tool,
    args: [JSON.stringify({ ...range.known, confined: true, ...more })],
    workspace: range.workspace,
    readable: [],
    capabilities: { network: [], secrets: [] },
    limits: { ...DEFAULT_LIMITS, timeoutMs: 60_000, ...limits },
  };
}

function digestOf(directory: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true }).sort((a, b) => (join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1))) {
    const path = join(entry.parentPath, entry.name);
    hash.update(`${path}\0${lstatSync(path).mode}\0`);
    if (entry.isFile()) hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}
