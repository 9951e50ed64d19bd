import { setImmediate } from 'node:timers/promises';
import { createDocument, type Diagnostic, type Document, type FileEntry, type Finding, type Inventory, type Settings } from './core/index.js';
import { createEvaluator, mergeEvaluations, policyData, type Policy } from './engine/index.js';
import { gatherStepwise, LINKED_FORMATS, READ_FORMATS, type RepositoryKnowledge } from './facts/index.js';
import type { ShellParserAssets } from './io/assets.js';
import type { Files } from './io/files.js';
import { keepTexts, type Texts } from './io/texts.js';
import type { Threads } from './io/threads.js';
import type { ResultCache } from './cache/index.js';
import { programDigest } from './io/program.js';
import { createKeys, type KeyOf } from './judge-keys.js';
import { textDigest, type JudgedFile, type JudgedPart, type JudgeSetup } from './judge-part.js';
import { judgeParts, type Range } from './run/parts.js';

/** What is judged, and by what. */
export interface JudgeRequest {
  readonly inventory: Inventory;
  /** Those that are enabled. */
  readonly policies: readonly Policy[];
  readonly settings: Pick<Settings, 'policies'>;
  readonly signal?: AbortSignal | undefined;
}

/** The outside world, as far as judging touches it. */
export interface JudgePorts {
  readonly files: Files;
  /** Texts that other stages read as well; read for judging alone when not given. */
  readonly texts?: Texts | undefined;
  readonly shellParser: (powershell?: boolean) => ShellParserAssets;
  readonly threads: Threads;
  /** How many threads to use, whatever there is to do; 0 for none. Decided by the amount of work when not given. */
  readonly threadCount?: number | undefined;
  /** Results of earlier runs; the caller closes it. */
  readonly cache?: ResultCache<JudgedPart> | undefined;
}

export interface Judged {
  /** In the order of the files; they carry their fingerprints. */
  readonly findings: readonly Finding[];
  readonly diagnostics: readonly Diagnostic[];
  /** Why not all files were judged. */
  readonly incomplete?: string;
}

/**
 * Files that are judged together. Always the same, so that what is reported does not depend on the number of
 * threads; few, so that the last thread is not waited for and this one gets to other things in between.
 */
const PART_FILES = 16;
/** Files below which starting threads costs more than they save: see docs/performance.md. */
const MIN_THREAD_FILES = 96;
/** More threads need more memory than they save time. */
const MAX_THREADS = 8;
/** No file that was ever seen takes a thousandth of it. */
const PATIENCE_MS = 120_000;
/** How long this thread may be busy without looking at anything else. */
const SLICE_MS = 20;

/**
 * Judges every file that some reader understands, in threads where there is enough to do. The result does
 * not depend on their number. A file that ends its thread is reported, and the rest goes on.
 */
export async function judgeWorkspace(request: JudgeRequest, ports: JudgePorts): Promise<Judged> {
  return mergeJudged([await judgeRange(request, ports)], request);
}

/** What judging the files of a range gave: plain data, which `mergeJudged` puts together. */
export interface JudgedRange {
  /** In the order of the files. */
  readonly parts: readonly JudgedPart[];
  /** Files that ended their thread, and what else is to be said of the range. */
  readonly lost: readonly Diagnostic[];
  /** Why not all files were judged. */
  readonly incomplete?: string;
}

/** How many parts the files of an inventory are judged in. */
export function countParts({ files }: Pick<Inventory, 'files'>): number {
  return Math.ceil(files.filter(({ format }) => READ_FORMATS.has(format)).length / PART_FILES);
}

/** Puts ranges together, given in the order of their files: the same as judging all files at once. */
export function mergeJudged(ranges: readonly JudgedRange[], { policies, settings }: Pick<JudgeRequest, 'policies' | 'settings'>): Judged {
  const judged = ranges.flatMap(({ parts }) => parts);
  const { findings, diagnostics: problems } = mergeEvaluations(judged.map(({ evaluated }) => evaluated));
  const diagnostics: Diagnostic[] = [...createEvaluator(policies, settings, {}).diagnostics, ...ranges.flatMap(({ lost }) => lost)];
  diagnostics.push(...judged.flatMap((part) => part.diagnostics), ...problems);
  const incomplete = ranges.find((range) => range.incomplete !== undefined)?.incomplete;
  return { findings, diagnostics, ...(incomplete !== undefined && { incomplete }) };
}

/**
 * Judges the parts of a range, all of them when not given, with what all files say about each other. What an earlier run has
 * found in the same text under the same circumstances is taken over.
 * @param range indexes of parts, see {@link countParts}
 */
export async function judgeRange(request: JudgeRequest, ports: JudgePorts, range?: Range): Promise<JudgedRange> {
  const { policies, settings, signal } = request;
  const { cache } = ports;
  const entries = request.inventory.files.filter(({ format }) => READ_FORMATS.has(format));
  const wanted = range === undefined ? entries : entries.slice(range.start * PART_FILES, range.end * PART_FILES);
  const texts = ports.texts ?? keepTexts(ports.files);
  let gathered: Promise<RepositoryKnowledge> | undefined;
  const knowledge = (): Promise<RepositoryKnowledge> => (gathered ??= gather(entries, texts, signal));
  const keys = async (): Promise<KeyOf> => createKeys(request, await knowledge(), programDigest());
  const known = cache === undefined || cache.size === 0 ? new Map<string, JudgedPart>() : findKnown(wanted, texts, await keys(), cache);
  const todo = known.size === 0 ? wanted : wanted.filter(({ path }) => !known.has(path));
  const parts: Range[] = [];
  for (let start = 0; start < todo.length; start += PART_FILES) parts.push({ start, end: Math.min(start + PART_FILES, todo.length) });
  const setup = async (): Promise<JudgeSetup> => ({ policies: policyData(policies), settings: { policies: settings.policies }, knowledge: await knowledge() });
  const lost: Diagnostic[] = [];
  const judged: JudgedFile[] = [];
  let left: readonly Range[] = parts;
  const count = todo.length === 0 ? 0 : threadCount(todo.length, ports);
  if (count > 0) {
    const outcome = await judgeParts<readonly JudgedFile[]>({
      threads: ports.threads,
      count,
      parts,
      data: { root: ports.files.root, entries: todo },
      setup: setup(),
      stopped: (files) => files.flatMap(({ evaluated }) => evaluated.stopped),
      signal,
      patience: PATIENCE_MS,
    });
    judged.push(...outcome.results.flat());
    for (const { index, reason } of outcome.lost) lost.push(lostFile(todo[index] as FileEntry, reason));
    left = outcome.left;
  }
  // Where threads can't be started, this one does the work.
  if (left.length > 0 && signal?.aborted !== true) left = await judgeHere(todo, left, await setup(), texts, ports, signal, judged);
  if (cache !== undefined && signal?.aborted !== true && judged.length > 0) keep(wanted, judged, await keys(), cache);
  const fresh = new Map(judged.map(({ path, evaluated, diagnostics }) => [path, { evaluated, diagnostics }]));
  const results = wanted.flatMap(({ path }) => fresh.get(path) ?? known.get(path) ?? []);
  return { parts: results, lost, ...(left.length > 0 && { incomplete: 'it was stopped before all files were judged' }) };
}

/** What the cache knows of files as they are now. */
function findKnown(entries: readonly FileEntry[], texts: Texts, keyOf: KeyOf, cache: ResultCache<JudgedPart>): Map<string, JudgedPart> {
  const known = new Map<string, JudgedPart>();
  for (const { path, format } of entries) {
    const text = texts.read(path);
    const found = text === undefined ? undefined : cache.get(keyOf(path, format, textDigest(text)));
    if (found !== undefined) known.set(path, found);
  }
  return known;
}

/** Only what depends on one text alone, whichever other files there are. */
function keep(entries: readonly FileEntry[], judged: readonly JudgedFile[], keyOf: KeyOf, cache: ResultCache<JudgedPart>): void {
  const formats = new Map(entries.map(({ path, format }) => [path, format]));
  for (const { path, digest, evaluated, diagnostics } of judged) {
    const format = formats.get(path);
    if (digest !== undefined && format !== undefined) cache.put(keyOf(path, format, digest), { evaluated, diagnostics });
  }
}

function threadCount(files: number, { threads, threadCount: wanted }: JudgePorts): number {
  if (wanted !== undefined) return wanted;
  return files < MIN_THREAD_FILES || threads.cores < 2 ? 0 : Math.min(threads.cores, MAX_THREADS, Math.ceil(files / (PART_FILES * 2)));
}

/** Judges ranges in this thread; gives those that are left when it was told to stop. */
async function judgeHere(
  entries: readonly FileEntry[],
  ranges: readonly Range[],
  setup: JudgeSetup,
  texts: Texts,
  ports: JudgePorts,
  signal: AbortSignal | undefined,
  judged: JudgedFile[],
): Promise<readonly Range[]> {
  const [{ createPartJudge }, { createShellParser }] = await Promise.all([import('./judge-part.js'), import('./syntax/shell/index.js')]);
  const shell = await createShellParser(ports.shellParser(entries.some(({ format }) => format === 'azure-automation')));
  const judge = await createPartJudge(setup, { files: ports.files, shell, texts: texts.kept });
  const stopped = new Set<string>();
  for (const [index, { start, end }] of ranges.entries()) {
    if (signal?.aborted === true) return ranges.slice(index);
    const part = judge(entries.slice(start, end), stopped, () => {});
    for (const policy of part.flatMap(({ evaluated }) => evaluated.stopped)) stopped.add(policy);
    judged.push(...part);
    await setImmediate();
  }
  return [];
}

function lostFile({ path }: FileEntry, reason: string): Diagnostic {
  return { level: 'error', code: 'judge-crash', path, message: `Judging this file ended the thread that did it: ${reason}. It was not judged.` };
}

/** First pass, in slices so that this thread can do other things. */
async function gather(entries: readonly FileEntry[], texts: Texts, signal: AbortSignal | undefined): Promise<RepositoryKnowledge> {
  const linked = entries.filter(({ format }) => LINKED_FORMATS.has(format));
  const documents: Iterable<Document> = {
    *[Symbol.iterator]() {
      for (const { path, format } of linked) {
        if (signal?.aborted === true) return;
        const text = texts.read(path);
        if (text !== undefined) yield createDocument(path, format, text);
      }
    },
  };
  const gathering = gatherStepwise(documents);
  let due = performance.now() + SLICE_MS;
  for (;;) {
    const step = gathering.next();
    if (step.done === true) return step.value;
    if (performance.now() < due) continue;
    await setImmediate();
    due = performance.now() + SLICE_MS;
  }
}
