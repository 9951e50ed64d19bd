import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Settings } from '../../src/core/index.js';
import { discover } from '../../src/discover/discover.js';
import type { Discovery } from '../../src/discover/discover.js';
import { openFiles } from '../../src/io/files.js';
import { systemGit } from '../../src/io/git.js';

const PATH = process.env['PATH'] ?? '';
type Selection = Pick<Settings, 'include' | 'exclude'>;
const ALL: Selection = { include: [], exclude: [] };
let base: string;
let root: string;

function write(path: string, text = '', mode = 0o644): void {
  const absolute = join(root, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text, { mode });
}

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: root, stdio: 'pipe' });
}

function run(settings: Selection = ALL): Promise<Discovery> {
  return discover(openFiles(root), settings, systemGit(PATH));
}

async function found(settings = ALL): Promise<Record<string, string>> {
  const { inventory } = await run(settings);
  return Object.fromEntries(inventory.files.map(({ path, format }) => [path, format]));
}

test('recognises what external scanners read', async () => {
  const play = '- name: x\n  hosts: all\n';
  const files: Record<string, string> = {
    'web/package.json': '{}', 'web/package-lock.json': '{}', 'pnpm-lock.yaml': '', 'yarn.lock': '', 'requirements-dev.txt': '', 'requirements/base.txt': '',
    'uv.lock': '', 'go.mod': '', 'Cargo.lock': '', 'chart/Chart.yaml': 'apiVersion: v2\nname: x\n', 'compose.prod.yml': '', 'main.tf': '', 'main.tf.json': '',
    'roles/web/tasks/main.yml': '- debug:\n', 'site.yml': play, 'a.ts': '', 'a.jsx': '', 'a.go': '', 'A.java': '', 'a.rb': '', 'a.php': '', 'a.cs': '',
    'stack.yaml': "AWSTemplateFormatVersion: '2010-09-09'\n", 'cloudformation/stack.json': '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}', 'k8s.yml': '# x\napiVersion: v1\nkind: Pod\n',
    'notes.txt': '', 'data.json': '{"Resources": {}}', 'values.yaml': 'kind: x\n',
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  expect(await found()).toEqual({
    'web/package.json': 'npm-manifest', 'web/package-lock.json': 'npm-lock', 'pnpm-lock.yaml': 'pnpm-lock', 'yarn.lock': 'yarn-lock', 'requirements-dev.txt': 'python-requirements', 'requirements/base.txt': 'python-requirements',
    'uv.lock': 'python-lock', 'go.mod': 'go-module', 'Cargo.lock': 'lock-file', 'chart/Chart.yaml': 'helm-chart', 'compose.prod.yml': 'compose', 'main.tf': 'terraform', 'main.tf.json': 'terraform',
    'roles/web/tasks/main.yml': 'ansible', 'site.yml': 'ansible', 'a.ts': 'typescript', 'a.jsx': 'javascript', 'a.go': 'go', 'A.java': 'java', 'a.rb': 'ruby', 'a.php': 'php', 'a.cs': 'csharp',
    'stack.yaml': 'cloudformation', 'cloudformation/stack.json': 'cloudformation', 'k8s.yml': 'kubernetes',
  });
});

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'bartizan-discover-'));
  root = join(base, 'w');
  mkdirSync(root);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe.each(['git', 'walk'] as const)('discover by %s', (source) => {
  beforeEach(() => {
    if (source === 'git') git('init', '-q');
  });

  test('recognises every format and says why', async () => {
    write('.github/workflows/ci.yml', 'broken: [');
    write('.github/workflows/sub/deep.yml', 'on: push\njobs: {}\n');
    write('templates/release.yaml', '# comment\nname: x\n"on":\n  push:\njobs:\n');
    write('k8s/deployment.yml', 'kind: Deployment\nspec:\n  on: 1\n  jobs: 2\n');
    write('action.yml', 'name: x\n');
    write('tools/action.yaml', 'name: x\nruns:\n  using: composite\n');
    write('ansible/action.yml', 'hosts: all\n');
    write('.github/dependabot.yml', 'version: 2\n');
    write('build.sh', 'echo\n');
    write('bin/start', '#!/usr/bin/env -S bash -e\n', 0o755);
    write('bin/node', '#!/usr/bin/env node\n', 0o755);
    write('bin/tool', '#! /usr/bin/python3.11\n');
    write('README', 'text');
    write('Dockerfile', 'FROM scratch\n');
    write('web.Dockerfile', 'FROM scratch\n');
    write('Dockerfile.dev', 'FROM scratch\n');
    write('Dockerfile.md', '# about\n');
    write('Containerfile', 'FROM scratch\n');
    write('app/main.py', 'x = 1\n');
    const { inventory, diagnostics } = await run();
    expect(diagnostics).toEqual([]);
    expect(inventory.source).toBe(source);
    expect(inventory.total).toBe(19);
    expect(inventory.files).toEqual([
      { path: '.github/dependabot.yml', format: 'dependabot', reason: 'dependabot.yml in .github' },
      { path: '.github/workflows/ci.yml', format: 'github-workflow', reason: 'in .github/workflows' },
      { path: '.github/workflows/sub/deep.yml', format: 'github-workflow', reason: 'has `on` and `jobs` at its top' },
      { path: 'Containerfile', format: 'dockerfile', reason: 'name Containerfile' },
      { path: 'Dockerfile', format: 'dockerfile', reason: 'name Dockerfile' },
      { path: 'Dockerfile.dev', format: 'dockerfile', reason: 'name Dockerfile.dev' },
      { path: 'action.yml', format: 'github-action', reason: 'action.yml at the root' },
      { path: 'app/main.py', format: 'python', reason: 'extension .py' },
      { path: 'bin/start', format: 'shell', reason: 'begins with #! and bash' },
      { path: 'bin/tool', format: 'python', reason: 'begins with #! and python3.11' },
      { path: 'build.sh', format: 'shell', reason: 'extension .sh' },
      { path: 'templates/release.yaml', format: 'github-workflow', reason: 'has `on` and `jobs` at its top' },
      { path: 'tools/action.yaml', format: 'github-action', reason: 'has `runs.using` of an action' },
      { path: 'web.Dockerfile', format: 'dockerfile', reason: 'extension .dockerfile' },
    ]);
  });

  test('honours .gitignore, nested ones and exceptions included', async () => {
    write('.gitignore', 'out/\n*.sh\n!keep.sh\n/top.py\n');
    write('d/.gitignore', '!b.sh\nsecret.py\n');
    for (const path of ['out/x.sh', 'a.sh', 'keep.sh', 'top.py', 'd/a.sh', 'd/b.sh', 'd/secret.py', 'd/top.py']) write(path);
    expect(Object.keys(await found())).toEqual(['d/b.sh', 'd/top.py', 'keep.sh']);
  });

  test('include and exclude choose by glob or folder', async () => {
    for (const path of ['a.sh', 'src/b.sh', 'src/vendor/c.sh', '.hidden/d.sh']) write(path);
    expect(Object.keys(await found({ include: ['src', '.hidden/*'], exclude: ['**/vendor/**'] }))).toEqual(['.hidden/d.sh', 'src/b.sh']);
    expect(Object.keys(await found({ include: [], exclude: ['./src/'] }))).toEqual(['.hidden/d.sh', 'a.sh']);
  });

  test('a name with newlines and a workflow command works', async () => {
    write('.github/workflows/a\n::error::b.yml', 'on: push\n');
    expect(await found()).toEqual({ '.github/workflows/a\n::error::b.yml': 'github-workflow' });
  });

  test('links: out, dangling and looping ones get one message each; an alias is not scanned twice', async () => {
    write('real.sh', 'echo\n');
    write('text.txt', 'echo\n');
    writeFileSync(join(base, 'secret'), 'token');
    symlinkSync('real.sh', join(root, 'alias.sh'));
    symlinkSync('text.txt', join(root, 'only.sh'));
    symlinkSync('../secret', join(root, 'out.sh'));
    symlinkSync('none', join(root, 'dangling.sh'));
    symlinkSync('loop.sh', join(root, 'loop.sh'));
    if (source === 'git') git('add', '.');
    const { inventory, diagnostics } = await run();
    expect(inventory.files.map((file) => file.path)).toEqual(['only.sh', 'real.sh']);
    expect(diagnostics.map(({ path, code }) => `${path} ${code}`).sort()).toEqual(['dangling.sh link-dangling', 'loop.sh link-loop', 'out.sh outside-workspace']);
  });

  test('a file in a folder that became a link to the outside is refused', async () => {
    write('d/run.sh', '');
    if (source === 'git') git('add', '.');
    rmSync(join(root, 'd'), { recursive: true });
    mkdirSync(join(base, 'other'));
    writeFileSync(join(base, 'other', 'run.sh'), 'token');
    symlinkSync('../other', join(root, 'd'));
    const { inventory, diagnostics } = await run();
    expect(inventory.files).toEqual([]);
    if (source === 'git') expect(diagnostics).toMatchObject([{ code: 'outside-workspace', path: 'd/run.sh' }]);
  });

  test('a named pipe with the name of a script neither hangs nor is silent', async () => {
    write('x.sh');
    if (source === 'git') git('add', '.');
    rmSync(join(root, 'x.sh'));
    execFileSync('mkfifo', [join(root, 'x.sh'), join(root, 'extensionless')]);
    const { inventory, diagnostics } = await run();
    expect(inventory.files).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'not-a-file', path: 'x.sh' }]);
  });

  test('an empty repository gives one clear message', async () => {
    const { inventory, diagnostics } = await run();
    expect(inventory).toMatchObject({ total: 0, files: [] });
    expect(diagnostics).toMatchObject([{ code: 'empty-workspace', level: 'warning' }]);
  });
});

test('a tracked file that was deleted is left out', async () => {
  git('init', '-q');
  write('gone.sh');
  write('here.sh');
  git('add', '.');
  rmSync(join(root, 'gone.sh'));
  const { inventory, diagnostics } = await run();
  expect(inventory.files.map((file) => file.path)).toEqual(['here.sh']);
  expect(diagnostics).toEqual([]);
});

test('a tracked file that is also ignored is scanned', async () => {
  git('init', '-q');
  write('x.sh');
  git('add', '.');
  write('.gitignore', 'x.sh\n');
  expect(await found()).toEqual({ 'x.sh': 'shell' });
});

test('a folder that git ignores is walked when it is named', async () => {
  git('init', '-q');
  write('.gitignore', 'out/\n');
  write('out/x.sh');
  const { inventory } = await discover(openFiles(join(root, 'out')), ALL, systemGit(PATH));
  expect(inventory).toMatchObject({ source: 'walk', files: [{ path: 'x.sh' }] });
});

test('without git files are walked, and a note says so', async () => {
  write('x.sh');
  const { inventory, diagnostics } = await discover(openFiles(root), ALL, systemGit(join(base, 'no-path')));
  expect(inventory).toMatchObject({ source: 'walk', files: [{ path: 'x.sh' }] });
  expect(diagnostics).toMatchObject([{ code: 'no-git', level: 'note' }]);
});

test('a broken repository is walked, and a warning says so', async () => {
  git('init', '-q');
  write('x.sh');
  writeFileSync(join(root, '.git', 'index'), 'garbage');
  const { inventory, diagnostics } = await run();
  expect(inventory).toMatchObject({ source: 'walk', files: [{ path: 'x.sh' }] });
  expect(diagnostics).toMatchObject([{ code: 'git-failed', level: 'warning' }]);
});

test('a name that is not UTF-8 gets a message', async () => {
  git('init', '-q');
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff]), Buffer.from('.sh')]), '');
  const { inventory, diagnostics } = await run();
  expect(inventory.files).toEqual([]);
  expect(diagnostics).toMatchObject([{ code: 'path-not-utf8' }]);
});
