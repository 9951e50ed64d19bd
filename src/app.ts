import { createHash } from 'node:crypto';
import { changesSentence, type ConfigurationSource, type Diagnostic, type Inventory, type Report, type ScanResult, type Settings } from './core/index.js';
import type { Files } from './io/files.js';
import type { Environment } from './io/environment.js';
import type { Git } from './io/git.js';
import type { Revision } from './io/revision.js';
import type { BaseTree } from './known-findings.js';
import type { ExecutableLookup } from './io/process-path.js';
import { keepTexts, type Texts } from './io/texts.js';
import type { Threads } from './io/threads.js';
import type { ResultCache } from './cache/index.js';
import type { JudgedPart } from './judge-part.js';
import type { Policy } from './engine/index.js';
import type { OnlinePorts } from './judge-online.js';
import type { Configuration, ConfigurationPorts, ConfigurationRequest } from './configuration.js';
import type { PlanEntry } from './run/plan.js';
import type { KeptScan } from './run/kept.js';
import type { RunEvent, RunOptions } from './run/schedule.js';
import type { Runner } from './io/process-runner.js';
import { VERSION } from './version.js';

export { builtinPolicies, loadAllPolicies } from './configuration.js';

/** What one scan is asked to do. */
export interface ScanRequest extends ConfigurationRequest {
  /** One command line that repeats the scan. */
  readonly reproduce: string;
  /** False: results of earlier runs are neither used nor kept. */
  readonly cache?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** The outside world, as far as a scan touches it. */
export interface Ports extends ConfigurationPorts {
  readonly git: Git;
  /** The PATH that programs are looked up on. */
  readonly searchPath: string;
  readonly find: (executable: string) => ExecutableLookup;
  /** Names the cache of installed tools and the ways to registries; only the PATH is used when not given. */
  readonly environment?: Environment | undefined;
  /** Bytes of the two WebAssembly files of the shell parser. */
  readonly shellParser: (powershell?: boolean) => { readonly runtime: Uint8Array; readonly language: Uint8Array; readonly powershell?: Uint8Array };
  readonly threads: Threads;
  /** See {@link OnlinePorts}. */
  readonly online?: OnlinePorts['online'];
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
  /** Which commit decides. */
  readonly configuration: Configuration;
}

/**
 * Settings, files, policies and scanners of a scan, before anything is run.
 * @throws ConfigurationError when the configuration or a custom policy is wrong, or the base that decides can't be read.
 */
export async function planScan(request: ScanRequest, ports: Ports): Promise<ScanPlan> {
  const { files } = ports;
  const [{ loadConfiguration }, { SCANNERS }, { discover }, { planScanners }] = await Promise.all([
    import('./configuration.js'),
    import('./scanners/index.js'),
    import('./discover/discover.js'),
    import('./run/plan.js'),
  ]);
  const configuration = await loadConfiguration(request, ports);
  const { settings, policies, diagnostics } = configuration;
  const discovery = await discover(files, settings, ports.git);
  return {
    settings,
    inventory: discovery.inventory,
    diagnostics: [...diagnostics, ...discovery.diagnostics],
    policies,
    configuration,
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
  return scanPlanned(plan, request, ports, startedAt);
}

/** @param repository whose results of earlier runs are used */
async function scanPlanned(plan: ScanPlan, request: ScanRequest, ports: Ports, startedAt: number, repository = ports.files.root): Promise<Report> {
  const texts = keepTexts(ports.files);
  const source = texts.read;
  const external = runExternal(plan, ports, request, source, { repository });
  // It is awaited below; one that fails earlier must not end the process as an unhandled rejection.
  external.catch(() => undefined);
  const { joinOnline, judgeOnline } = await import('./judge-online.js');
  const online = judgeOnline(plan, ports, request.signal);
  const [own, ...apart] = joinOnline(await judgeWithPolicies(plan, ports, request, texts, repository), await online);
  const finished = [...apart, ...(await external)];
  return conclude(plan, own, finished, request, ports, { source, startedAt, endedAt: ports.now(), reproduce: request.reproduce });
}

/** What the policies and fast scanners of a plan find in another tree: fast is what looks at each file alone, without network or database. */
async function scanBase(plan: ScanPlan, tree: BaseTree, request: ScanRequest, ports: Ports): Promise<readonly ScanResult[]> {
  const [{ openFiles }, { discover }, { planScanners }, { SCANNERS }] = await Promise.all([
    import('./io/files.js'),
    import('./discover/discover.js'),
    import('./run/plan.js'),
    import('./scanners/index.js'),
  ]);
  const files = openFiles(tree.root);
  const git: Git = { listFiles: () => Promise.resolve({ status: 'listed', files: tree.files }) };
  const { inventory } = await discover(files, plan.settings, git);
  const fast = SCANNERS.filter(({ splittable, capabilities, database }) => splittable && capabilities.network.length === 0 && database === undefined);
  // What other tools have found is about the proposed tree alone.
  const { imports: _, ...settings } = plan.configuration.settings;
  const { policies, diagnostics } = plan.configuration;
  const base: ScanPlan = { ...plan, settings, inventory, diagnostics: [], scanners: planScanners(fast, inventory, settings), configuration: { settings, policies, diagnostics, baseline: undefined } };
  const { signal } = request;
  const quiet: ScanRequest = { overrides: request.overrides, reproduce: '', ignoreBaseline: true, ...(request.cache !== undefined && { cache: request.cache }), ...(signal !== undefined && { signal }) };
  return (await scanPlanned(base, quiet, { ...ports, files, git }, ports.now(), `${ports.files.root}\nbase`)).results;
}

/** Runs the external scanners, every one of them inside the sandbox that the settings ask for. */
export async function runExternal(
  plan: ScanPlan,
  ports: Ports,
  request: ScanRequest,
  source: Report['source'],
  { partOfMore = false, repository = ports.files.root }: { readonly partOfMore?: boolean; readonly repository?: string } = {},
): Promise<ScanResult[]> {
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
  const pure = starts && plan.scanners.some(({ decision, scanner }) => decision === 'run' && scanner.pure === true);
  const kept = pure ? await openResultCache<KeptScan>(ports, request, `${repository}\nscanners`) : undefined;
  try {
    const results = await runScanners(plan.scanners, {
      root,
      runner: sandbox,
      ...(await databaseSource(plan, ports, sandbox, request)),
      ...(starts && (await canaryCache(ports))),
      ...(starts && (await expectedDurations(ports))),
      find,
      source,
      limits: DEFAULT_LIMITS,
      now: ports.now,
      partOfMore,
      ...(kept !== undefined && { kept: { get: kept.get, put: kept.put, program: await ownDigest(), digest: (path: string) => fileDigestOf(ports.files, path) } }),
      ...(request.signal !== undefined && { signal: request.signal }),
      ...(request.onEvent !== undefined && { onEvent: request.onEvent }),
    });
    if (starts && !partOfMore) await keepDurations(plan, results, ports);
    const unused = kept?.close();
    return unused === undefined ? results : [...withNotes(results, [cacheNote(unused)])];
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

/** How long scanners are expected to take, by earlier runs: the longest is started first. */
async function expectedDurations({ environment, files }: Ports): Promise<Pick<RunOptions, 'expected'>> {
  const [{ readDurations }, { expectedSeconds }] = await Promise.all([import('./durations.js'), import('./shard/index.js')]);
  const durations = environment === undefined ? new Map() : readDurations(undefined, { directory: files.root, environment });
  return { expected: ({ name, splittable }, count) => expectedSeconds(name, splittable ? Math.max(1, count) : 1, splittable, durations) };
}

/** Keeps how long they took for the next run; those alone that finished. */
async function keepDurations(plan: ScanPlan, results: readonly ScanResult[], { environment, files }: Ports): Promise<void> {
  if (environment === undefined) return;
  const { writeDurations } = await import('./durations.js');
  const entries = plan.scanners.flatMap(({ scanner, files: own }, index) => {
    const result = results[index];
    // What was taken over from an earlier run was not started, and says nothing about how long it takes.
    if (result?.outcome.status !== 'completed' || result.isolation === undefined) return [];
    return [[scanner.name, { seconds: Math.max(0, result.endedAt - result.startedAt) / 1000, units: scanner.splittable ? Math.max(1, own.length) : 1 }] as const];
  });
  writeDurations(new Map(entries), undefined, { directory: files.root, environment });
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

/**
 * The stages after scanning: fingerprints of what has none yet, correlation, triage, gate. For a proposed change it also looks
 * into the base: for the comments and the findings that it has already.
 */
export async function conclude(
  plan: ScanPlan,
  own: ScanResult,
  external: readonly ScanResult[],
  request: ConfigurationRequest & Pick<ScanRequest, 'signal' | 'reproduce'>,
  ports: Ports,
  run: { readonly source: Report['source']; readonly startedAt: number; readonly endedAt: number; readonly reproduce: string },
): Promise<Report> {
  const [{ createSelector }, { dropUnselected }, { fingerprintResults }, { correlateResults }, { suppressResults }, { dropUnsure }, { judge }, { redactResult }, { compareWithBaseline }, { findKnown, formerFingerprints }, { judgeSuppressions }, { dropMinor }] = await Promise.all([
    import('./discover/select.js'),
    import('./triage/selection.js'),
    import('./sarif/fingerprint.js'),
    import('./correlate/index.js'),
    import('./triage/suppress.js'),
    import('./triage/confidence.js'),
    import('./gate/gate.js'),
    import('./shard/redact.js'),
    import('./triage/baseline.js'),
    import('./known-findings.js'),
    import('./proposed-suppressions.js'),
    import('./triage/report-from.js'),
  ]);
  const all = [...external, ...(await importedResults(plan, ports, run.source))];
  const selected = dropUnselected(all.map(redactResult), createSelector(plan.settings.include, plan.settings.exclude));
  const once = correlateResults([own, ...fingerprintResults(selected, run.source)], run.source);
  const known = { policies: plan.policies.map(({ definition }) => definition), scanners: plan.scanners.map(({ scanner }) => scanner.name) };
  const triaged = suppressResults(once, { settings: plan.settings, known, now: run.startedAt, source: run.source, files: plan.inventory.files });
  const renames = remembered(() => renamesSince(plan.configuration.revision, ports));
  const proposed = await judgeSuppressions(triaged, plan.configuration, ports, run.source, renames);
  const knownBefore = await findKnown(plan.configuration, request, ports, (tree) => scanBase(plan, tree, request, ports));
  const former = knownBefore.entries === undefined ? new Map<string, string>() : await formerFingerprints(once, await renames(), run.source);
  const compared = compareWithBaseline(dropUnsure(proposed.results, plan.settings.confidence), knownBefore.entries, former);
  const reported = withNotes(compared, [...configurationNotes(plan.configuration.source), ...proposed.notes, ...knownBefore.notes]);
  const verdict = judge(reported, plan.settings, run.startedAt);
  return {
    version: VERSION,
    inventory: plan.inventory,
    settings: plan.settings,
    ...(plan.configuration.source !== undefined && { configuration: plan.configuration.source }),
    ...(proposed.comments !== undefined && { newInlineSuppressions: proposed.comments }),
    results: dropMinor(reported, plan.settings, verdict),
    verdict,
    ...run,
  };
}

/** Results of other tools that the settings name. */
async function importedResults({ settings, inventory }: ScanPlan, { files, now }: Ports, source: Report['source']): Promise<readonly ScanResult[]> {
  if (settings.imports === undefined) return [];
  const { importResults } = await import('./imports.js');
  return importResults(settings.imports, { files, inventory, settings, source, now });
}

/** Former paths of files by their present ones; empty where git can't tell, so that they are new. */
async function renamesSince(revision: Revision | undefined, { objects, files }: Ports): Promise<ReadonlyMap<string, string>> {
  if (revision?.via !== 'git') return new Map();
  const renames = await objects.renames(files.root, revision.commit);
  return renames.ok ? renames.value : new Map();
}

function remembered<T>(compute: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => (value ??= compute());
}

/** Remarks about the whole scan stand with the first tool. */
function withNotes(results: readonly ScanResult[], notes: readonly Diagnostic[]): readonly ScanResult[] {
  if (notes.length === 0) return results;
  return results.map((result, index) => (index === 0 ? { ...result, diagnostics: [...result.diagnostics, ...notes] } : result));
}

/** What a pull request would change about the gate, as a remark of the report. */
function configurationNotes(source: ConfigurationSource | undefined): Diagnostic[] {
  const message = source === undefined ? undefined : changesSentence(source);
  if (source === undefined || message === undefined) return [];
  return [{ level: source.changes.some(({ weaker }) => weaker) ? 'warning' : 'note', code: 'configuration-changed', message }];
}

/** The policies that the settings leave on, without those that judge what GitHub says. */
export function enabledPolicies({ policies, settings }: Pick<ScanPlan, 'policies' | 'settings'>): readonly Policy[] {
  return policies.filter(({ definition }) => definition.online !== true && settings.policies[definition.id]?.enabled !== false);
}

/** Judges with the policies what some reader understands; never rejects. */
async function judgeWithPolicies(plan: ScanPlan, ports: Ports, request: ScanRequest, texts: Texts, repository: string): Promise<ScanResult> {
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
    const cache = await openResultCache<JudgedPart>(ports, request, repository);
    const judged = await judgeWorkspace({ inventory: plan.inventory, policies: enabled, settings: plan.settings, signal: request.signal }, { ...ports, texts, cache });
    const unused = cache?.close();
    return finish({
      outcome: judged.incomplete === undefined ? { status: 'completed', findings: judged.findings } : { status: 'failed', error: judged.incomplete, partial: judged.findings },
      diagnostics: [...plan.diagnostics, ...judged.diagnostics, ...(unused === undefined ? [] : [cacheNote(unused)])],
      rules: policyRules(enabled),
    });
  } catch (error) {
    // A defect of ours must not look like a clean scan, and must not take the other scanners' findings away.
    const message = error instanceof Error ? error.message : String(error);
    return finish({ outcome: { status: 'failed', error: `internal error: ${message}`, partial: [] }, diagnostics: [...plan.diagnostics], rules: policyRulesOf(enabled) });
  }
}

/** Results of earlier runs over a repository, where there is a folder for them and the request wants them. */
export async function openResultCache<T>({ environment }: Pick<Ports, 'environment'>, { cache }: Pick<ScanRequest, 'cache'>, repository: string): Promise<ResultCache<T> | undefined> {
  if (environment === undefined || cache === false) return undefined;
  const { openResults, resultsDirectory } = await import('./cache/index.js');
  const directory = resultsDirectory(environment);
  return directory === undefined ? undefined : openResults(directory, repository);
}

async function ownDigest(): Promise<string> {
  return (await import('./io/program.js')).programDigest();
}

/** SHA-256 of a file as it is, with its byte order mark; undefined for what is no text of ours. */
function fileDigestOf(files: Files, path: string): string | undefined {
  const read = files.read(path);
  return read.ok ? createHash('sha256').update(read.byteOrderMark ? '\uFEFF' : '').update(read.text).digest('hex') : undefined;
}

/** A cache is only ever a matter of time: what it can't give is done anew. */
export function cacheNote(problem: string): Diagnostic {
  return { level: 'note', code: 'cache', message: `Results of earlier runs were not all used or kept: ${problem}. What was missing was done anew.` };
}

function policyRulesOf(policies: readonly Policy[]): ScanResult['rules'] {
  return policies.map(({ definition: { id, title, severity, confidence, tags, help } }) => ({ id, title, severity, confidence, tags, help }));
}
