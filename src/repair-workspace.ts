import { scan, type Ports, type ScanRequest } from './app.js';
import { loadAllPolicies } from './configuration.js';
import { allFindings, createDocument, type Document, type FileEntry, type Finding, type Report } from './core/index.js';
import { policyData } from './engine/index.js';
import { gatherKnowledge, LINKED_FORMATS } from './facts/index.js';
import { createPartJudge } from './judge-part.js';
import { applyFix, digestsIn, repair, REPAIRABLE, treeOf, unpinned, type KnownDigest } from './repair/index.js';
import { createShellParser } from './syntax/shell/index.js';

/** One repair that was made. */
export interface Repair {
  readonly ruleId: string;
  readonly description: string;
  /** In the file as it was, from 1. */
  readonly line: number;
}

/** A file and its text after the repairs. */
export interface RepairedFile {
  readonly path: string;
  readonly text: string;
  readonly repairs: readonly Repair[];
}

/** What `repairWorkspace` made and left. */
export interface Repaired {
  readonly files: readonly RepairedFile[];
  /** Findings that are shown and that no edit is known for. */
  readonly left: number;
}

/** Asks for the commit that a tag or branch of `owner/repository` stands for. */
export type ResolveDigest = (repository: string, ref: string) => Promise<KnownDigest | undefined>;

/** More findings of one file are left to a second run. */
const MAX_REPAIRS = 200;
/** Findings whose fixes are put into a report. */
const MAX_REPORTED = 1_000;

/**
 * Repairs what the policies find, where an edit is known to be safe; nothing is written. Each edit proves itself:
 * the file is judged again, and an edit that does not end its finding, or that begins another, is taken back.
 *
 * @param resolve asked for references of which the repository itself does not name the commit
 * @throws ConfigurationError as `scan`
 */
export async function repairWorkspace(request: ScanRequest, ports: Ports, resolve?: ResolveDigest): Promise<Repaired> {
  const report = await scan(request, ports);
  const shown = allFindings(report.results).filter(({ tool }) => tool === 'policies');
  const byPath = groupByPath(shown);
  const judge = await createJudge(report, ports);
  const digestOf = await knownDigests(judge, byPath, resolve);
  const files: RepairedFile[] = [];
  let repaired = 0;
  for (const [path, findings] of byPath) {
    const wanted = new Set(findings.filter(({ ruleId }) => REPAIRABLE.has(ruleId)).map(keyOf));
    const entry = judge.entries.get(path);
    if (wanted.size === 0 || entry === undefined) continue;
    const file = repairFile(entry, wanted, judge, digestOf);
    if (file === undefined) continue;
    files.push(file);
    repaired += file.repairs.length;
  }
  return { files, left: shown.length - repaired };
}

/** The report with fixes at the findings of policies that have one, each by itself for the file as it is. */
export async function withFixes(report: Report, ports: Pick<Ports, 'shellParser'>): Promise<Report> {
  const shell = await createShellParser(ports.shellParser());
  const documents = new Map<string, { readonly document: Document; readonly root: ReturnType<typeof treeOf> } | undefined>();
  const formats = new Map(report.inventory.files.map(({ path, format }) => [path, format]));
  let left = MAX_REPORTED;
  const withFix = (finding: Finding): Finding => {
    if (finding.tool !== 'policies' || !REPAIRABLE.has(finding.ruleId) || left-- <= 0) return finding;
    const [{ path }] = finding.locations;
    if (!documents.has(path)) {
      const text = report.source(path);
      const format = formats.get(path);
      const document = text === undefined || format === undefined ? undefined : createDocument(path, format, text);
      documents.set(path, document === undefined ? undefined : { document, root: treeOf(document) });
    }
    const known = documents.get(path);
    const fix = known?.root === undefined ? undefined : repair(finding, known.document, known.root, { shell, digestOf: () => undefined });
    return fix === undefined ? finding : { ...finding, fixes: [fix] };
  };
  const results = report.results.map((result) => {
    const { outcome } = result;
    return outcome.status === 'completed' ? { ...result, outcome: { ...outcome, findings: outcome.findings.map(withFix) } } : result;
  });
  shell.dispose();
  return { ...report, results };
}

interface Judge {
  readonly entries: ReadonlyMap<string, FileEntry>;
  readonly document: (entry: FileEntry) => Document | undefined;
  /** Findings of a text in place of a file's, and whether all of it could be read. */
  readonly judge: (entry: FileEntry, text: string) => { readonly findings: readonly Finding[]; readonly readable: boolean };
  readonly tools: Omit<Parameters<typeof repair>[3], 'digestOf'>;
}

async function createJudge({ inventory, settings }: Report, ports: Ports): Promise<Judge> {
  const policies = await loadAllPolicies(ports.files);
  const read = ({ path, format }: FileEntry): Document | undefined => {
    const result = ports.files.read(path);
    return result.ok ? createDocument(path, format, result.text) : undefined;
  };
  const linked = inventory.files.filter(({ format }) => LINKED_FORMATS.has(format)).flatMap((entry) => read(entry) ?? []);
  const shell = await createShellParser(ports.shellParser());
  const texts = new Map<string, string>();
  const judge = await createPartJudge({ policies: policyData(policies), settings: { policies: settings.policies }, knowledge: gatherKnowledge(linked) }, { files: ports.files, shell, texts });
  return {
    entries: new Map(inventory.files.map((entry) => [entry.path, entry])),
    document: read,
    judge: (entry, text) => {
      texts.set(entry.path, text);
      const files = judge([entry], new Set(), () => {});
      return { findings: files.flatMap(({ evaluated }) => evaluated.findings), readable: files.every(({ diagnostics }) => diagnostics.length === 0) };
    },
    tools: { shell },
  };
}

function repairFile(entry: FileEntry, wanted: ReadonlySet<string>, { document: read, judge, tools }: Judge, digestOf: Parameters<typeof repair>[3]['digestOf']): RepairedFile | undefined {
  const original = read(entry);
  if (original === undefined) return undefined;
  const tried = new Set<string>();
  const repairs: Repair[] = [];
  let document = original;
  let root = treeOf(document);
  let state = judge(entry, document.text);
  // An edit changes the line of other findings and so their keys: what may be repaired is what was not hidden.
  const hidden = new Set(state.findings.map(keyOf).filter((key) => !wanted.has(key)));
  while (state.readable && tried.size < MAX_REPAIRS) {
    const next = state.findings.find((finding) => REPAIRABLE.has(finding.ruleId) && !hidden.has(keyOf(finding)) && !tried.has(keyOf(finding)));
    if (next === undefined || root === undefined) break;
    tried.add(keyOf(next));
    const fix = repair(next, document, root, { ...tools, digestOf });
    const text = fix === undefined ? undefined : applyFix(document, fix);
    if (fix === undefined || text === undefined) continue;
    const after = judge(entry, text);
    if (!after.readable || !isBetter(state.findings, after.findings, next)) continue;
    const line = next.locations[0].region?.startLine ?? 1;
    repairs.push({ ruleId: next.ruleId, description: fix.description, line: originalLine(line, repairs.length === 0, original, document) });
    document = createDocument(entry.path, entry.format, text);
    root = treeOf(document);
    state = after;
  }
  return repairs.length === 0 ? undefined : { path: entry.path, text: document.text, repairs };
}

/** The repaired finding is gone, and of no policy there are more than before. */
function isBetter(before: readonly Finding[], after: readonly Finding[], repaired: Finding): boolean {
  const count = (findings: readonly Finding[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { ruleId } of findings) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
    return counts;
  };
  const had = count(before);
  const has = count(after);
  if ((has.get(repaired.ruleId) ?? 0) >= (had.get(repaired.ruleId) ?? 0)) return false;
  for (const [rule, number] of has) if (number > (had.get(rule) ?? 0)) return false;
  return true;
}

/** The line in the file as it was: lines that earlier repairs added are not counted. */
function originalLine(line: number, first: boolean, original: Document, now: Document): number {
  if (first) return line;
  const text = now.lines.line(line);
  for (let at = Math.min(line, original.lines.lineCount); at > 0; at--) if (original.lines.line(at) === text) return at;
  return line;
}

/** Digests by `owner/repository`: what the repository itself names, and what is asked for. */
async function knownDigests({ entries, document: read }: Judge, findings: ReadonlyMap<string, readonly Finding[]>, resolve: ResolveDigest | undefined): Promise<Parameters<typeof repair>[3]['digestOf']> {
  const known = new Map<string, KnownDigest[]>();
  const asked = new Map<string, KnownDigest>();
  for (const entry of entries.values()) {
    if (entry.format !== 'github-workflow' && entry.format !== 'github-action') continue;
    const document = read(entry);
    const root = document === undefined ? undefined : treeOf(document);
    if (document === undefined || root === undefined) continue;
    for (const [repository, digest] of digestsIn(root, document.text)) known.set(repository, [...(known.get(repository) ?? []), digest]);
    if (resolve === undefined) continue;
    for (const finding of findings.get(entry.path) ?? []) {
      const [{ region }] = finding.locations;
      if (region === undefined) continue;
      const reference = unpinned(root, finding, document.lines.range(region));
      if (reference === undefined || asked.has(`${reference.repository}@${reference.ref}`)) continue;
      const digest = await resolve(reference.repository, reference.ref);
      if (digest !== undefined) asked.set(`${reference.repository}@${reference.ref}`, digest);
    }
  }
  return (repository, ref) => asked.get(`${repository}@${ref}`) ?? sameVersion(known.get(repository) ?? [], ref);
}

/** The one commit that the repository already uses for a version, or for a version of the same major. */
function sameVersion(known: readonly KnownDigest[], ref: string): KnownDigest | undefined {
  const exact = known.find(({ version }) => version === ref);
  if (exact !== undefined) return exact;
  if (!/^v\d+$/.test(ref)) return undefined;
  const [one, ...others] = known.filter(({ version }) => version.startsWith(`${ref}.`));
  return others.every(({ digest }) => digest === one?.digest) ? one : undefined;
}

function keyOf({ ruleId, fingerprints }: Finding): string {
  return `${ruleId} ${fingerprints['bartizan/v1'] ?? ''}`;
}

function groupByPath(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const [{ path }] = finding.locations;
    const group = groups.get(path);
    if (group === undefined) groups.set(path, [finding]);
    else group.push(finding);
  }
  return groups;
}
