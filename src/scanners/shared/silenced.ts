import { LineIndex, type Location, type ScanRequest, type Suppression } from '../../core/index.js';

/** A comment by which a tool is told to be silent. */
export interface SilencingComment {
  /** Ids that it names; empty when it silences everything in its place. */
  readonly ids: readonly string[];
  /** What is written behind them; may be empty. */
  readonly reason: string;
  /** Index of the comment in its line, and its length. */
  readonly index: number;
  readonly length: number;
}

/** Lines of a finding that are searched. */
const MAX_LINES = 100;
const MAX_LINE = 2_000;
const MAX_REASON = 500;

/** What is said where a comment gives no reason. */
export const NO_REASON = 'no reason is given';

/** Looks for a comment about a finding: in its own lines, and in `above` lines before them. */
export function createSilencer(source: ScanRequest['source'], tool: string, read: (line: string) => SilencingComment | undefined) {
  const files = new Map<string, LineIndex | undefined>();
  const linesOf = (path: string): LineIndex | undefined => {
    if (!files.has(path)) {
      const text = source(path);
      files.set(path, text === undefined ? undefined : new LineIndex(text));
    }
    return files.get(path);
  };
  return ({ path, region }: Location, names: readonly string[], { above = 0, own = true }: { readonly above?: number; readonly own?: boolean } = {}): Suppression | undefined => {
    const lines = linesOf(path);
    if (lines === undefined || region === undefined) return undefined;
    const last = own ? Math.min(region.endLine, region.startLine + MAX_LINES, lines.lineCount) : region.startLine - 1;
    for (let line = Math.max(1, region.startLine - above); line <= last; line++) {
      const comment = read(lines.line(line).slice(0, MAX_LINE));
      if (comment === undefined || (comment.ids.length > 0 && !comment.ids.some((id) => names.includes(id)))) continue;
      return suppression(tool, path, line, comment);
    }
    return undefined;
  };
}

function suppression(tool: string, path: string, line: number, { reason, index, length }: SilencingComment): Suppression {
  return { kind: 'inSource', by: tool, reason: reasonOf(reason), place: { path, region: { startLine: line, startColumn: index + 1, endLine: line, endColumn: index + 1 + length } } };
}

/** What a tool says itself about a comment that silences a finding; the place is the finding's where the comment is not found. */
export function statedSuppression(tool: string, location: Location, reason: unknown, found?: Suppression): Suppression {
  const stated = typeof reason === 'string' ? reasonOf(reason) : NO_REASON;
  return { kind: 'inSource', by: tool, reason: stated === NO_REASON && found !== undefined ? found.reason : stated, place: found?.place ?? { path: location.path, ...(location.region !== undefined && { region: location.region }) } };
}

function reasonOf(text: string): string {
  const words = text.replace(/^[\s:;,.–—-]+/, '').replace(/\s+/g, ' ').trim();
  return words === '' ? NO_REASON : words.slice(0, MAX_REASON);
}

/** A reader of comments of the form `word[separator]id, id reason`; `ids` is what an id looks like, without anchors. */
export function commentReader(word: RegExp, id: string): (line: string) => SilencingComment | undefined {
  const list = new RegExp(`^[\\s:=,]{0,5}((?:${id})(?:\\s{0,5}[,\\s]\\s{0,5}(?:${id}))*)(?![\\w-])`);
  return (line) => {
    const found = word.exec(line);
    if (found === null) return undefined;
    const rest = line.slice(found.index + found[0].length);
    const named = list.exec(rest);
    const ids = (named?.[1] ?? '').split(/[,\s]+/).filter((part) => part !== '');
    return { ids, reason: rest.slice(named?.[0].length ?? 0), index: found.index, length: found[0].length };
  };
}
