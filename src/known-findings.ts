import { ConfigurationError, findingsOf, plural, type Diagnostic, type Finding, type ScanResult, type Settings } from './core/index.js';
import type { Configuration, ConfigurationPorts, ConfigurationRequest } from './configuration.js';
import type { TemporaryTree } from './io/temporary-tree.js';
import type { BaselineEntry } from './triage/baseline.js';

/** What is known before a scan, and where from. */
export interface KnownFindings {
  /** Undefined: nothing, so that every finding is new. */
  readonly entries: readonly BaselineEntry[] | undefined;
  readonly notes: readonly Diagnostic[];
}

/** A folder with the files of the base that some reader or scanner understands. */
export interface BaseTree extends TemporaryTree {
  readonly files: readonly { readonly path: string; readonly mode: 'file' | 'executable' }[];
}

/** Files of the base that are written for a scan of it, and their bytes. */
const MAX_FILES = 50_000;
const MAX_BYTES = 512_000_000;
/** Larger files are not scanned; see `MAX_TEXT_BYTES`. */
const MAX_FILE_BYTES = 5_000_000;
/** Bytes that are read from git at once. */
const BATCH_BYTES = 32_000_000;

/**
 * Known findings: of the committed baseline; with `auto` and nothing committed, those that code scanning has of the base
 * branch, otherwise those of a scan of the commit at which the change began. The last two cost something: they are only
 * looked for when something depends on them. Whatever can't be had leaves everything new, and a note says so.
 */
export async function findKnown(
  { settings, baseline, revision }: Configuration,
  request: ConfigurationRequest,
  ports: ConfigurationPorts,
  scanTree: (tree: BaseTree) => Promise<readonly ScanResult[]>,
): Promise<KnownFindings> {
  if (baseline !== undefined || request.ignoreBaseline === true) return { entries: baseline, notes: [] };
  if (!isWanted(settings)) return { entries: undefined, notes: [] };
  const problems: string[] = [];
  if (request.base === undefined) problems.push('there is no bartizan.baseline.json, and no base to compare with');
  else {
    const analysed = await ofCodeScanning(request.base.branch, ports);
    if ('entries' in analysed) return analysed;
    if (analysed.problem !== undefined) problems.push(analysed.problem);
    const scanned = await ofMergeBase(revision?.via === 'git' ? revision.commit : undefined, ports, scanTree);
    if ('entries' in scanned) return scanned;
    problems.push(scanned.problem);
  }
  return { entries: undefined, notes: [{ level: 'warning', code: 'baseline-missing', message: `Nothing is known of earlier findings, so that every finding is new: ${problems.join('; ')}.` }] };
}

function isWanted({ baseline, newOnly, maxKnown }: Settings): boolean {
  if (baseline === 'none') return false;
  return baseline === 'auto' || (baseline === undefined && (newOnly === true || maxKnown !== undefined));
}

async function ofCodeScanning(branch: string | undefined, { github }: ConfigurationPorts): Promise<KnownFindings | { readonly problem: string | undefined }> {
  if (github === undefined || branch === undefined) return { problem: undefined };
  const [{ lastAnalyses }, { readSarif }, { baselineOf }] = await Promise.all([import('./publish/analyses.js'), import('./sarif/read-sarif.js'), import('./triage/baseline.js')]);
  const repository = await github();
  const found = await lastAnalyses(repository.github, repository, branch);
  if ('problem' in found) return found;
  try {
    const results = found.logs.flatMap((log, index) => readSarif({ name: `analysis ${index + 1} of ${branch}`, size: log.length, chunks: () => [log] }, { mode: 'best-effort' }).results);
    const entries = baselineOf(results, []);
    // Without our fingerprints nothing could be found again: everything would be new without anybody knowing why.
    if (entries.length === 0 && results.some((result) => findingsOf(result).length > 0)) return { problem: `the results that code scanning has of ${branch} carry no fingerprints of Bartizan` };
    return { entries, notes: [note(`Known are ${plural(entries.length, 'finding')} that code scanning has of ${branch} (${found.commit.slice(0, 12)}).`)] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { problem: `the results that code scanning has of ${branch} can't be read: ${error.message}` };
  }
}

async function ofMergeBase(base: string | undefined, ports: ConfigurationPorts, scanTree: (tree: BaseTree) => Promise<readonly ScanResult[]>): Promise<KnownFindings | { readonly problem: string }> {
  if (base === undefined) return { problem: 'the checkout does not have the base commit (`fetch-depth: 0` gives it)' };
  const { objects, files } = ports;
  const head = await objects.commit(files.root, 'HEAD');
  // Without an ancestor in common the base itself is what the change is measured against.
  const ancestor = head.ok ? await objects.mergeBase(files.root, base, head.value) : head;
  const commit = ancestor.ok ? ancestor.value : base;
  const { temporaryTree } = await import('./io/temporary-tree.js');
  const tree = temporaryTree();
  try {
    const written = await fill(tree, commit, ports);
    if ('problem' in written) return written;
    const [{ baselineOf }, results] = await Promise.all([import('./triage/baseline.js'), scanTree({ ...tree, files: written.files })]);
    const entries = baselineOf(results, []);
    const names = results.flatMap(({ tool, outcome }) => (outcome.status === 'completed' ? [tool.name] : []));
    return { entries, notes: [note(`Known are ${plural(entries.length, 'finding')} that ${names.join(', ') || 'no scanner'} found in ${commit.slice(0, 12)}, where the change begins; findings of other scanners are new.`)] };
  } finally {
    tree.remove();
  }
}

async function fill(tree: TemporaryTree, commit: string, { objects, files }: ConfigurationPorts): Promise<{ readonly files: BaseTree['files'] } | { readonly problem: string }> {
  const { isContentCandidate, pathParts, recogniseByPath } = await import('./discover/recognise.js');
  const listed = await objects.list(files.root, commit);
  if (!listed.ok) return { problem: `the files of ${commit.slice(0, 12)} can't be listed: ${listed.reason}` };
  const wanted = listed.value.filter(({ path, kind, size }) => {
    if (kind === 'link' || size > MAX_FILE_BYTES) return false;
    const parts = pathParts(path);
    return recogniseByPath(parts) !== undefined || isContentCandidate(parts, kind === 'executable');
  });
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  if (wanted.length > MAX_FILES || bytes > MAX_BYTES) return { problem: `the base has too many files to scan it as well (${plural(wanted.length, 'file')}); commit a baseline` };
  const written: { path: string; mode: 'file' | 'executable' }[] = [];
  for (let start = 0; start < wanted.length; ) {
    let size = 0;
    let end = start;
    while (end < wanted.length && (end === start || size + (wanted[end]?.size ?? 0) <= BATCH_BYTES)) size += wanted[end++]?.size ?? 0;
    const batch = wanted.slice(start, end);
    const read = await objects.read(files.root, batch.map(({ object }) => object), size);
    if (!read.ok) return { problem: `the files of ${commit.slice(0, 12)} can't be read: ${read.reason}` };
    for (const { path, kind, object } of batch) {
      const content = read.value.get(object);
      if (content !== undefined && tree.write(path, content, kind === 'executable')) written.push({ path, mode: kind === 'executable' ? 'executable' : 'file' });
    }
    start = end;
  }
  return { files: written };
}

function note(message: string): Diagnostic {
  return { level: 'note', code: 'baseline', message };
}

/**
 * `bartizan/v1` under the former path by the present one, for findings in files that were renamed since the base.
 * Computed from the present text, so that a finding is the same only while its code is.
 */
export async function formerFingerprints(results: readonly ScanResult[], renames: ReadonlyMap<string, string>, source: (path: string) => string | undefined): Promise<ReadonlyMap<string, string>> {
  const former = new Map<string, string>();
  if (renames.size === 0) return former;
  const [{ fingerprintFindings }, { LineIndex }] = await Promise.all([import('./sarif/fingerprint.js'), import('./core/index.js')]);
  const present = new Map([...renames].map(([to, from]) => [from, to]));
  for (const result of results) {
    const moved = findingsOf(result).filter(({ locations: [{ path }] }) => renames.has(path));
    const asBefore = moved.map((finding): Finding => {
      const [first, ...rest] = finding.locations;
      return { ...finding, locations: [{ ...first, path: renames.get(first.path) ?? first.path }, ...rest] };
    });
    const again = fingerprintFindings(asBefore, result.rules, (path) => {
      const text = source(present.get(path) ?? path);
      return text === undefined ? undefined : { text, lines: new LineIndex(text) };
    });
    for (const [index, finding] of again.entries()) former.set(moved[index]?.fingerprints['bartizan/v1'] ?? '', finding.fingerprints['bartizan/v1'] ?? '');
  }
  return former;
}
