import { isDay, LineIndex, type Region } from '../core/index.js';

const WORD = 'bartizan-ignore';
/** Comments of one file that count; nobody can answer for more. */
export const MAX_COMMENTS = 1_000;
/** Occurrences of the word that are looked at in one line. */
const TRIES = 20;
/** UTF-16 code units before the word in which its comment has to begin. */
const REACH = 200;
const MAX_LENGTH = 1_000;
const MAX_RULES = 20;

/** One `bartizan-ignore[rule]: reason (until 2026-12-31)`. */
export interface IgnoreComment {
  /** The word's place. */
  readonly region: Region;
  /** Lines from 1 whose findings it is about. */
  readonly targets: readonly number[];
  /** As written. */
  readonly rules: readonly string[];
  readonly reason: string;
  readonly expires?: string;
  /** Why it does not count, one sentence or two; then `rules` and `reason` are empty. */
  readonly problem?: string;
}

/** The comments of one file. */
export interface IgnoreComments {
  readonly comments: readonly IgnoreComment[];
  /** There are more than `MAX_COMMENTS`, which don't count. */
  readonly truncated: boolean;
}

const NONE: IgnoreComments = { comments: [], truncated: false };

/**
 * Reads the comments of a text. `markers` start a comment in its format. A comment that stands alone in its line is
 * about that line and the next one, further comments of this kind between them skipped; one behind something is about
 * its own line. Linear in the length of the text.
 */
export function readIgnoreComments(text: string, markers: readonly string[]): IgnoreComments {
  let at = text.indexOf(WORD);
  if (at === -1 || markers.length === 0) return NONE;
  const lines = new LineIndex(text);
  const found: (Omit<IgnoreComment, 'targets'> & { readonly alone: boolean })[] = [];
  while (at !== -1) {
    const { line } = lines.position(at);
    const comment = inLine(lines.line(line), line, markers);
    if (comment !== undefined) {
      if (found.length === MAX_COMMENTS) return { comments: withTargets(found), truncated: true };
      found.push(comment);
    }
    if (line >= lines.lineCount) break;
    at = text.indexOf(WORD, lines.offset(line + 1, 1));
  }
  return { comments: withTargets(found), truncated: false };
}

function withTargets(found: readonly (Omit<IgnoreComment, 'targets'> & { readonly alone: boolean })[]): IgnoreComment[] {
  const out: IgnoreComment[] = [];
  let below: { line: number; alone: boolean; target: number } | undefined;
  for (const { alone, ...comment } of found.toReversed()) {
    const line = comment.region.startLine;
    // The line below is a comment of this kind too: both are about what it is about.
    const target = !alone ? line : below?.line === line + 1 && below.alone ? below.target : line + 1;
    below = { line, alone, target };
    out.push({ ...comment, targets: target === line ? [line] : [line, target] });
  }
  return out.reverse();
}

function inLine(text: string, line: number, markers: readonly string[]): (Omit<IgnoreComment, 'targets'> & { readonly alone: boolean }) | undefined {
  let at = text.indexOf(WORD);
  for (let tries = 0; at !== -1 && tries < TRIES; tries++) {
    const before = text.slice(Math.max(0, at - REACH), at).trimEnd();
    const marker = markers.find((one) => before.endsWith(one) && /^\s?$/.test(before.charAt(before.length - one.length - 1)));
    const next = text.charAt(at + WORD.length);
    if (marker !== undefined && !/[\w-]/.test(next)) {
      const alone = at <= REACH && before.slice(0, -marker.length).trim() === '';
      const region = { startLine: line, startColumn: at + 1, endLine: line, endColumn: at + 1 + WORD.length };
      return { region, alone, ...read(text.slice(at + WORD.length, at + WORD.length + MAX_LENGTH + 1), marker) };
    }
    at = text.indexOf(WORD, at + WORD.length);
  }
  return undefined;
}

const FORM = 'Write `bartizan-ignore[rule]: reason (until 2026-12-31)`; the end is optional.';

/** What stands behind the word. */
function read(rest: string, marker: string): Pick<IgnoreComment, 'rules' | 'reason' | 'expires' | 'problem'> {
  const wrong = (problem: string) => ({ rules: [], reason: '', problem: `${problem} so it does not count. ${FORM}` });
  if (rest.length > MAX_LENGTH) return wrong(`This comment is longer than ${MAX_LENGTH} characters,`);
  const close = rest.indexOf(']');
  if (!rest.startsWith('[') || close === -1) return wrong('This comment names no rule in brackets,');
  const rules = rest.slice(1, close).split(',').map((name) => name.trim()).filter((name) => name !== '');
  if (rules.length === 0) return wrong('This comment names no rule in brackets,');
  if (rules.length > MAX_RULES) return wrong(`This comment names more than ${MAX_RULES} rules,`);
  const behind = rest.slice(close + 1);
  const end = marker === '<!--' ? behind.indexOf('-->') : -1;
  const words = (end === -1 ? behind : behind.slice(0, end)).trim();
  if (!words.startsWith(':')) return wrong('This comment gives no reason,');
  const given = words.slice(1).trim();
  const until = given.endsWith(')') ? given.lastIndexOf('(until') : -1;
  const reason = (until === -1 ? given : given.slice(0, until)).trim();
  if (reason === '') return wrong('This comment gives no reason,');
  if (until === -1) return { rules, reason };
  const expires = given.slice(until + '(until'.length, -1).trim();
  if (!isDay(expires)) return wrong(`The end \`${expires.slice(0, 40)}\` of this comment is no day that exists,`);
  return { rules, reason, expires };
}

/**
 * Lines from 1 of the given ones whose comment `# zizmor: ignore[audit]` names an audit, with that audit's name.
 * Syntax: https://docs.zizmor.sh/usage/#ignoring-results
 */
export function zizmorIgnored(line: string, audits: readonly string[]): { readonly audit: string; readonly reason: string } | undefined {
  const start = line.indexOf('zizmor: ignore[');
  if (start === -1 || !/(?:^|\s)#\s{0,20}$/.test(line.slice(Math.max(0, start - 22), start))) return undefined;
  const from = start + 'zizmor: ignore['.length;
  const close = line.indexOf(']', from);
  if (close === -1 || close - from > MAX_LENGTH) return undefined;
  const audit = line.slice(from, close).split(',').map((name) => name.trim()).find((name) => audits.includes(name));
  return audit === undefined ? undefined : { audit, reason: line.slice(close + 1, close + 1 + MAX_LENGTH).trim() };
}
