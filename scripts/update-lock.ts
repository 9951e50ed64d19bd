import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT_BYTES = 64 * 1_048_576;
const TIMEOUT_MS = 300_000;

/** Malicious releases of scanners were found out within hours; a week leaves room for weekends. */
export const COOLDOWN_DAYS = 7;
const DAY_MS = 86_400_000;

interface PythonEntry {
  readonly package: string;
  readonly version: string;
  readonly minimumPython: string;
  readonly requirements: readonly string[];
}
interface GoEntry {
  readonly module: string;
  readonly version: string;
}
interface NpmEntry {
  readonly package: string;
  readonly version: string;
  readonly manifest: { readonly private: true; readonly dependencies: Readonly<Record<string, string>> };
  readonly lockfile: object;
}

/** The newest instant of which something published may be locked. */
export function cutoff(now: Date): Date {
  return new Date(now.getTime() - COOLDOWN_DAYS * DAY_MS);
}

/** Lines of a requirements file with hashes, one a package, from what `uv pip compile` or `pip-compile` prints. */
export function requirementLines(text: string): string[] {
  return text
    .trim()
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The version of a package among requirement lines. Throws when it is not there. */
export function versionIn(lines: readonly string[], name: string): string {
  for (const line of lines) {
    const [found, version] = line.split(/[ ;]/, 1)[0]?.split('==') ?? [];
    if (found?.replace(/\[.*\]$/, '').toLowerCase() === name.toLowerCase() && version !== undefined) return version;
  }
  throw new Error(`the resolver gave no version of ${name}`);
}

/** The lock file without addresses: where packages come from is npm's configuration, their hashes stay. */
export function withoutAddresses(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAddresses);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'resolved' && key !== 'funding')
      .map(([key, inner]) => [key, withoutAddresses(inner)]),
  );
}

async function updatePython(entry: PythonEntry, before: Date): Promise<PythonEntry> {
  const folder = mkdtempSync(join(tmpdir(), 'update-lock-'));
  try {
    writeFileSync(join(folder, 'in.txt'), `${entry.package}\n`);
    // Universal: one file for every platform, with the hashes of all wheels.
    const args = ['pip', 'compile', 'in.txt', '--quiet', '--universal', '--generate-hashes', '--only-binary', ':all:', '--no-header', '--no-annotate', '--no-emit-index-url'];
    const { stdout } = await execute('uv', [...args, '--python-version', entry.minimumPython, '--exclude-newer', before.toISOString()], folder);
    const requirements = requirementLines(stdout);
    return { ...entry, version: versionIn(requirements, entry.package), requirements };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function updateGo(entry: GoEntry, before: Date): Promise<GoEntry> {
  // The module of a command may be one of the folders above it.
  for (let module = entry.module; module.includes('/'); module = dirname(module)) {
    const listed = await execute('go', ['list', '-m', '-versions', '-json', `${module}@latest`], tmpdir()).catch(() => undefined);
    if (listed === undefined) continue;
    const { Versions: versions = [] } = JSON.parse(listed.stdout) as { Versions?: string[] };
    for (const version of versions.toReversed().filter((one) => /^v\d+\.\d+\.\d+$/.test(one))) {
      const { stdout } = await execute('go', ['list', '-m', '-json', `${module}@${version}`], tmpdir());
      const { Time: time } = JSON.parse(stdout) as { Time?: string };
      if (time !== undefined && new Date(time) <= before) return { ...entry, version };
    }
  }
  throw new Error(`the module proxy knows no version of ${entry.module} that is old enough`);
}

async function updateNpm(entry: NpmEntry, before: Date): Promise<NpmEntry> {
  const folder = mkdtempSync(join(tmpdir(), 'update-lock-'));
  try {
    const names = Object.keys(entry.manifest.dependencies);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    await execute('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', `--before=${before.toISOString()}`, ...names], folder);
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    const lockfile = withoutAddresses(JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))) as object;
    return { ...entry, version: dependencies[entry.package] ?? entry.version, manifest: { private: true, dependencies }, lockfile };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function execute(program: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  return run(program, [...args], { cwd, timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES });
}

/** Updates every entry of one file of the lock that is asked for; one that can't be is left as it is, and said. */
async function updateFile<E extends { readonly version: string }>(path: string, names: readonly string[], update: (entry: E) => Promise<E>): Promise<boolean> {
  const entries = JSON.parse(readFileSync(path, 'utf8')) as Record<string, E>;
  let complete = true;
  for (const [name, entry] of Object.entries(entries)) {
    if (names.length > 0 && !names.includes(name)) continue;
    try {
      const next = await update(entry);
      entries[name] = next;
      process.stdout.write(`${name}: ${entry.version === next.version ? `${next.version} is the newest that is old enough` : `${entry.version} -> ${next.version}`}\n`);
    } catch (error) {
      complete = false;
      const { code, message } = error as NodeJS.ErrnoException;
      process.stdout.write(`${name}: left at ${entry.version}: ${code === 'ENOENT' ? 'the program that asks its registry (uv, go or npm) is not installed' : message.split('\n').slice(0, 3).join(' ')}\n`);
    }
  }
  writeFileSync(path, `${JSON.stringify(entries, null, 1)}\n`);
  return complete;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const lock = (name: string): string => join(root, 'src/tools/lock', name);
  const before = cutoff(new Date());
  const names = process.argv.slice(2);
  process.stdout.write(`Nothing published after ${before.toISOString()} is locked.\n`);
  const python = await updateFile<PythonEntry>(lock('python.json'), names, (entry) => updatePython(entry, before));
  const npm = await updateFile<NpmEntry>(lock('npm.json'), names, (entry) => updateNpm(entry, before));
  const go = await updateFile<GoEntry>(lock('go.json'), names, (entry) => updateGo(entry, before));
  process.stdout.write('releases.json is left as it is: a checksum goes into it by hand, when public files of two owners state it.\n');
  if (!(python && npm && go)) process.exitCode = 1;
}
