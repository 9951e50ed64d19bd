import { ConfigurationError, type Diagnostic, type Inventory, type Report, type ScanResult, type Settings } from './core/index.js';
import type { Files } from './io/files.js';
import type { Environment } from './io/environment.js';
import type { Git } from './io/git.js';
import type { ExecutableLookup } from './io/process-path.js';
import type { Threads } from './io/threads.js';
import type { Policy } from './engine/index.js';
import type { Overrides } from './config/index.js';
import type { PlanEntry } from './run/plan.js';
import type { RunEvent, RunOptions } from './run/schedule.js';
import type { Runner } from './io/process-runner.js';
import { VERSION } from './version.js';

/** What one scan is asked to do. */
export interface ScanRequest {
  /** Values of inputs or flags, which win over the file. */
  readonly overrides: Overrides;
  /** Configuration file relative to the workspace; `.bartizan.yml` or `.bartizan.yaml` when not given. */
  readonly configFile?: string;
  /** True: the findings are not compared with a baseline, since one is to be written. */
  readonly ignoreBaseline?: boolean;
  /** One command line that repeats the scan. */
  readonly reproduce: string;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** The outside world, as far as a scan touches it. */
export interface Ports {
  readonly files: Files;
  readonly git: Git;
  /** The PATH that programs are looked up on. */
  readonly searchPath: string;
  readonly find: (executable: string) => ExecutableLookup;
  /** Names the cache of installed tools and the ways to registries; only the PATH is used when not given. */
  readonly environment?: Environment | undefined;
  /** Bytes of the two WebAssembly files of the shell parser. */
  readonly shellParser: () => { readonly runtime: Uint8Array; readonly language: Uint8Array };
  readonly threads: Threads;
  /** How many threads judge; decided by the amount of work when not given. */
  readonly threadCount?: number | undefined;
  readonly now: () => number;
}

/** What would be scanned, by whom and why. */
export interface ScanPlan {
  readonly settings: Settings;
  readonly inventory: Inventory;
  readonly diagnostics: readonly Diagnostic[];
  readonly policies: readonly Policy[];
  readonly scanners: readonly PlanEntry[];
}


const CONFIG_FILES = ['.bartizan.yml', '.bartizan.yaml'];

/**
 * Settings, files, policies and scanners of a scan, before anything is run.
 * @throws ConfigurationError when the configuration or a custom policy is wrong.
 */
export async function planScan(request: ScanRequest, ports: Ports): Promise<ScanPlan> {
  const { files } = ports;
  const [{ loadSettings }, { SCANNERS }, { discover }, { planScanners }, { optionProblems }] = await Promise.all([
    import('./config/index.js'),
    import('./scanners/index.js'),
    import('./discover/discover.js'),
    import('./run/plan.js'),
    import('./scanners/shared/options.js'),
  ]);
  const policies = await loadAllPolicies(files);
  const file = configuration(files, request.configFile);
  const { settings, diagnostics } = loadSettings({
    file,
    overrides: request.overrides,
    known: { policies: policies.map(({ definition }) => definition), scanners: SCANNERS.map(({ name }) => name) },
  });
  const problems = SCANNERS.flatMap(({ name, options = {} }) => optionProblems(name, options, settings.scanners[name]?.options ?? {}));
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  const discovery = await discover(files, settings, ports.git);
  return {
    settings,
    inventory: discovery.inventory,
    diagnostics: [...diagnostics, ...discovery.diagnostics],
    policies,
    scanners: planScanners(SCANNERS, discovery.inventory, settings),
  };
}

/**
 * Scans a workspace: the built-in policies in this process while the external scanners run in theirs.
 * @throws ConfigurationError when the configuration or a custom policy is wrong; nothing else.
 */
export async function scan(request: ScanRequest, ports: Ports): Promise<Report> {
  const startedAt = ports.now();
  const plan = await planScan(request, ports);
  const { compareWithBaseline, readBaseline } = await import('./triage/baseline.js');
  const baseline = request.ignoreBaseline === true ? undefined : readBaseline(ports.files, plan.settings.baseline);
  const source = cachedSource(ports.files);
  const external = runExternal(plan, ports, request, source);
  // It is awaited below; one that fails earlier must not end the process as an unhandled rejection.
  external.catch(() => undefined);
  const own = await judgeWithPolicies(plan, ports, request);
  return conclude(plan, own, await external, (results) => compareWithBaseline(results, baseline), { source, startedAt, endedAt: ports.now(), reproduce: request.reproduce });
}

/** Runs the external scanners, every one of them inside the sandbox that the settings ask for. */
export async function runExternal(plan: ScanPlan, ports: Ports, request: ScanRequest, source: Report['source'], partOfMore = false): Promise<ScanResult[]> {
  const [{ runScanners }, { DEFAULT_LIMITS }, { createSandbox }] = await Promise.all([
    import('./run/schedule.js'),
    import('./io/process-runner.js'),
    import('./sandbox/index.js'),
  ]);
  const { root } = plan.inventory;
  const find = await toolLookup(plan, ports, request);
  const starts = plan.scanners.some(({ decision, scanner }) => decision === 'run' && find(scanner.executable).found);
  const sandbox = await createSandbox({
    // Nothing is probed where nothing will be started.
    mode: starts ? (plan.settings.sandbox ?? 'auto') : 'off',
    workspace: root,
    pathVariable: ports.searchPath,
    ...(request.signal !== undefined && { signal: request.signal }),
  });
  try {
    return await runScanners(plan.scanners, {
      root,
      runner: sandbox,
      ...(await databaseSource(plan, ports, sandbox, request)),
      ...(starts && (await canaryCache(ports))),
      find,
      source,
      limits: DEFAULT_LIMITS,
      now: ports.now,
      partOfMore,
      ...(request.signal !== undefined && { signal: request.signal }),
      ...(request.onEvent !== undefined && { onEvent: request.onEvent }),
    });
  } finally {
    sandbox.close();
  }
}

/** What is remembered in the tool cache of scanners that have found their known weakness. */
async function canaryCache({ environment }: Ports): Promise<Pick<RunOptions, 'canaryCache'>> {
  if (environment === undefined) return {};
  const { cacheDirectory, openCanaryCache } = await import('./tools/index.js');
  const cache = cacheDirectory(environment);
  return cache === undefined ? {} : { canaryCache: openCanaryCache(cache) };
}

/** Vulnerability databases of the tool cache, fetched where the settings allow it. */
async function databaseSource(plan: ScanPlan, ports: Ports, runner: Runner, { signal }: ScanRequest): Promise<Pick<RunOptions, 'databases'>> {
  const { environment, now } = ports;
  const settings = plan.settings.tools;
  if (environment === undefined || settings === undefined || !plan.scanners.some(({ decision, scanner }) => decision === 'run' && scanner.database !== undefined)) return {};
  const { cacheDirectory, prepareDatabase } = await import('./tools/index.js');
  const cache = cacheDirectory(environment);
  if (cache === undefined) return {};
  const fetch = settings.install === 'auto' && !settings.offline;
  return { databases: (scanner, executable) => prepareDatabase({ scanner, executable, cache, runner, fetch, now, ...(signal !== undefined && { signal }) }) };
}

/** Installed tools before the PATH, verified, and installed where the settings say so. */
async function toolLookup(plan: ScanPlan, ports: Ports, { signal }: ScanRequest): Promise<Ports['find']> {
  const executables = plan.scanners.filter(({ decision }) => decision === 'run').map(({ scanner }) => scanner.executable);
  if (ports.environment === undefined || plan.settings.tools === undefined || executables.length === 0) return ports.find;
  const { prepareTools } = await import('./tools/index.js');
  return prepareTools({
    executables,
    settings: plan.settings.tools,
    environment: ports.environment,
    searchPath: ports.searchPath,
    workspace: plan.inventory.root,
    onPath: ports.find,
    ...(signal !== undefined && { signal }),
  });
}

/** The stages after scanning: fingerprints of what has none yet, correlation, triage, gate. Pure but for the sources that it reads. */
export async function conclude(
  plan: ScanPlan,
  own: ScanResult,
  external: readonly ScanResult[],
  compare: (results: readonly ScanResult[]) => readonly ScanResult[],
  run: { readonly source: Report['source']; readonly startedAt: number; readonly endedAt: number; readonly reproduce: string },
): Promise<Report> {
  const [{ createSelector }, { dropUnselected }, { fingerprintResults }, { correlateResults }, { suppressResults }, { dropUnsure }, { judge }, { redactResult }] = await Promise.all([
    import('./discover/select.js'),
    import('./triage/selection.js'),
    import('./sarif/fingerprint.js'),
    import('./correlate/index.js'),
    import('./triage/suppress.js'),
    import('./triage/confidence.js'),
    import('./gate/gate.js'),
    import('./shard/redact.js'),
  ]);
  const selected = dropUnselected(external.map(redactResult), createSelector(plan.settings.include, plan.settings.exclude));
  const once = correlateResults([own, ...fingerprintResults(selected, run.source)], run.source);
  const known = { policies: plan.policies.map(({ definition }) => definition), scanners: plan.scanners.map(({ scanner }) => scanner.name) };
  const triaged = suppressResults(once, { settings: plan.settings, known, now: run.startedAt, source: run.source, files: plan.inventory.files });
  const reported = compare(dropUnsure(triaged, plan.settings.confidence));
  return {
    version: VERSION,
    inventory: plan.inventory,
    settings: plan.settings,
    results: reported,
    verdict: judge(reported, plan.settings),
    ...run,
  };
}

/** The policies that the settings leave on. */
export function enabledPolicies({ policies, settings }: Pick<ScanPlan, 'policies' | 'settings'>): readonly Policy[] {
  return policies.filter(({ definition }) => settings.policies[definition.id]?.enabled !== false);
}

/** Judges with the policies what some reader understands; never rejects. */
async function judgeWithPolicies(plan: ScanPlan, ports: Ports, request: ScanRequest): Promise<ScanResult> {
  const startedAt = ports.now();
  const tool = { name: 'policies', version: VERSION };
  const enabled = enabledPolicies(plan);
  const finish = (rest: Pick<ScanResult, 'outcome' | 'diagnostics' | 'rules'>): ScanResult => {
    const result = { tool, startedAt, endedAt: ports.now(), ...rest };
    request.onEvent?.({ type: 'finished', tool: tool.name, result });
    return result;
  };
  if (enabled.length === 0) {
    return finish({ outcome: { status: 'skipped', reason: 'no policy is selected' }, diagnostics: [...plan.diagnostics], rules: [] });
  }
  request.onEvent?.({ type: 'started', tool: tool.name, files: plan.inventory.files.length });
  try {
    const [{ policyRules }, { judgeWorkspace }] = await Promise.all([import('./engine/index.js'), import('./judge.js')]);
    const judged = await judgeWorkspace({ inventory: plan.inventory, policies: enabled, settings: plan.settings, signal: request.signal }, ports);
    return finish({
      outcome: judged.incomplete === undefined ? { status: 'completed', findings: judged.findings } : { status: 'failed', error: judged.incomplete, partial: judged.findings },
      diagnostics: [...plan.diagnostics, ...judged.diagnostics],
      rules: policyRules(enabled),
    });
  } catch (error) {
    // A defect of ours must not look like a clean scan, and must not take the other scanners' findings away.
    const message = error instanceof Error ? error.message : String(error);
    return finish({ outcome: { status: 'failed', error: `internal error: ${message}`, partial: [] }, diagnostics: [...plan.diagnostics], rules: policyRulesOf(enabled) });
  }
}

function policyRulesOf(policies: readonly Policy[]): ScanResult['rules'] {
  return policies.map(({ definition: { id, title, severity, confidence, tags, help } }) => ({ id, title, severity, confidence, tags, help }));
}

/** Texts for code frames and fingerprints. Only a few are wanted at a time: the last ones are kept. */
export function cachedSource(files: Files): (path: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (path) => {
    if (texts.has(path)) return texts.get(path);
    if (texts.size >= 64) texts.clear();
    const result = files.read(path);
    const text = result.ok ? result.text : undefined;
    texts.set(path, text);
    return text;
  };
}

function configuration(files: Files, path: string | undefined): { path: string; text: string } | undefined {
  const candidates = path === undefined ? CONFIG_FILES.filter((name) => files.kind(name) !== undefined) : [path];
  const [first, second] = candidates;
  if (first === undefined) return undefined;
  if (second !== undefined) {
    throw new ConfigurationError(`There are two configuration files, ${first} and ${second}. Keep one, or name it with --config.`);
  }
  const result = files.read(first);
  if (!result.ok) {
    const message = files.kind(first) === undefined ? `The configuration file ${first} does not exist in the workspace.` : `The configuration file ${first} can't be read. ${result.diagnostic.message}`;
    throw new ConfigurationError(message, [{ ...result.diagnostic, level: 'error' }]);
  }
  return { path: first, text: result.text };
}

const POLICY_FOLDER = '.bartizan/policies';
const MAX_POLICY_FILES = 1_000;

/** The built-in policies. */
export async function builtinPolicies(): Promise<readonly Policy[]> {
  const [{ unpackPolicies }, { declarationsFromSchemas }, { default: pack }] = await Promise.all([
    import('./engine/index.js'),
    import('./facts/declarations.js'),
    import('./generated/policies.json', { with: { type: 'json' } }),
  ]);
  return unpackPolicies(pack as unknown as Parameters<typeof unpackPolicies>[0], declarationsFromSchemas());
}

/** The built-in policies and those of the repository. Throws ConfigurationError when one of these is wrong. */
export async function loadAllPolicies(files: Files): Promise<readonly Policy[]> {
  const builtin = await builtinPolicies();
  const sources = customPolicySources(files);
  if (sources.length === 0) return builtin;
  const [{ loadPolicies }, { declarationsFromSchemas }] = await Promise.all([import('./engine/index.js'), import('./facts/declarations.js')]);
  const { policies, diagnostics } = loadPolicies(sources, declarationsFromSchemas(), builtin);
  const errors = diagnostics.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw new ConfigurationError(`${errors.length === 1 ? 'A custom policy is' : 'Custom policies are'} wrong.`, errors);
  return [...builtin, ...policies];
}

function customPolicySources(files: Files): { path: string; text: string; builtin: false }[] {
  const sources: { path: string; text: string; builtin: false }[] = [];
  const unreadable: Diagnostic[] = [];
  const pending = [POLICY_FOLDER];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (files.kind(folder) !== 'directory') continue;
    const entries = files.list(folder, MAX_POLICY_FILES);
    if (!Array.isArray(entries)) {
      unreadable.push(entries);
      continue;
    }
    for (const { name, kind } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${name}`;
      if (kind === 'directory') pending.push(path);
      else if (/\.ya?ml$/.test(name)) {
        const result = files.read(path);
        if (result.ok) sources.push({ path, text: result.text, builtin: false });
        else unreadable.push({ ...result.diagnostic, level: 'error' });
      }
    }
  }
  if (sources.length > MAX_POLICY_FILES) unreadable.push({ level: 'error', code: 'policy', path: POLICY_FOLDER, message: `There are more than ${MAX_POLICY_FILES} policy files.` });
  if (unreadable.length > 0) throw new ConfigurationError('Custom policies can not be read.', unreadable);
  return sources;
}
