import { hash } from 'node:crypto';
import {
  LineIndex,
  compareText,
  findingsOf,
  locatesSecret,
  redactLines,
  type Document,
  type Finding,
  type Region,
  type Rule,
  type ScanResult,
} from '../core/index.js';
import { lineHashes } from './line-hash.js';

/** Name of GitHub's fingerprint in SARIF's `partialFingerprints`. */
export const LINE_HASH = 'primaryLocationLineHash';
/** Name of ours. The number changes when the same finding would get another value. */
export const STABLE = 'bartizan/v1';

/**
 * Name of ours without the folders of the path: equal for a file whose folder was renamed or moved. Two equal files
 * give equal ones, so it finds a finding again only where `bartizan/v1` does not.
 */
export const MOVED = 'bartizan/moved/v1';

/** At most this many lines and UTF-16 code units of a region take part in a fingerprint. */
const CONTEXT_LINES = 20;
const CONTEXT_LENGTH = 2000;

/**
 * Results whose findings carry their fingerprints; existing values of other names are kept.
 *
 * - `primaryLocationLineHash`: see {@link lineHashes}; for a finding without a line or in a file that can't be
 *   read, a hash of rule, path and number in GitHub's form, so that alerts still keep their identity.
 * - `bartizan/v1`: SHA-256 (first 32 hexadecimal digits) of tool, rule, path, the region's text and lines without
 *   white space, and the number among equal ones in the file. It survives shifted lines, indentation, line ends
 *   and reworded messages, is the same on every operating system, and never depends on a secret's value.
 * - `bartizan/moved/v1`: the same without the folders of the path.
 *
 * Linear in the number of findings plus the size of the files that have some.
 */
export function fingerprintResults(
  results: readonly ScanResult[],
  source: (path: string) => string | undefined,
): readonly ScanResult[] {
  // Findings of one file come one after another for most tools: the last file is kept.
  let last: { readonly path: string; readonly text: SourceText | undefined } | undefined;
  const textOf = (path: string): SourceText | undefined => {
    if (last?.path !== path) {
      const text = source(path);
      last = { path, text: text === undefined ? undefined : { text, lines: new LineIndex(text) } };
    }
    return last.text;
  };
  return results.map((result) => {
    const { outcome } = result;
    if (outcome.status === 'skipped') return result;
    const findings = fingerprintFindings(findingsOf(result), result.rules, textOf);
    return outcome.status === 'completed'
      ? { ...result, outcome: { ...outcome, findings } }
      : { ...result, outcome: { ...outcome, partial: findings } };
  });
}

/** A text with its lines. */
export type SourceText = Pick<Document, 'text' | 'lines'>;

/**
 * The findings of one tool with their fingerprints, in the same order: see {@link fingerprintResults}.
 * Those of one file have to be given together, since equal ones are numbered.
 */
export function fingerprintFindings(
  findings: readonly Finding[],
  rules: readonly Rule[],
  source: (path: string) => SourceText | undefined,
): Finding[] {
  const secrets = new Set(rules.filter(locatesSecret).map((rule) => rule.id));
  const result = [...findings];
  for (const [path, indexes] of byPath(findings)) {
    const found = source(path);
    const entries = indexes.map((index): Entry => ({ finding: findings[index] as Finding, index }));
    const last = entries.reduce((line, { finding }) => Math.max(line, finding.locations[0].region?.startLine ?? 0), 0);
    const hashes = found === undefined ? undefined : lineHashes(found.text, last);
    const counts = new Map<string, number>();
    const name = path.slice(path.lastIndexOf('/') + 1);
    const places = new Map<string, string>();
    /** What stands for the line where there is none. */
    const placeOf = (ruleId: string): string => {
      const known = places.get(ruleId);
      if (known !== undefined) return known;
      const place = digest([ruleId, path]).slice(0, 16);
      places.set(ruleId, place);
      return place;
    };
    for (const { finding, index } of entries.sort(inFileOrder)) {
      const region = finding.locations[0].region;
      const text = context(finding, found?.lines, secrets.has(finding.ruleId));
      const content = digest([finding.tool, finding.ruleId, path, text]);
      const number = (counts.get(content) ?? 0) + 1;
      counts.set(content, number);
      const lineHash =
        (region && hashes?.[region.startLine - 1]) ?? `${placeOf(finding.ruleId)}:${number}`;
      result[index] = {
        ...finding,
        fingerprints: withOthers(finding.fingerprints, { [LINE_HASH]: lineHash, [STABLE]: digest([content, String(number)]), [MOVED]: digest([finding.tool, finding.ruleId, name, text, String(number)]) }),
      };
    }
  }
  return result;
}

interface Entry {
  readonly finding: Finding;
  readonly index: number;
}

/** Indexes of the findings of each file. */
function byPath(findings: readonly Finding[]): Map<string, number[]> {
  const files = new Map<string, number[]>();
  findings.forEach((finding, index) => {
    const path = finding.locations[0].path;
    const indexes = files.get(path);
    if (indexes === undefined) files.set(path, [index]);
    else indexes.push(index);
  });
  return files;
}

/** Existing ones of other names are kept; nearly always there are none. */
function withOthers(existing: Finding['fingerprints'], own: Finding['fingerprints']): Finding['fingerprints'] {
  for (const _name in existing) return { ...existing, ...own };
  return own;
}

/** By place, so that numbers don't depend on the order in which scanners report. */
function inFileOrder(a: Entry, b: Entry): number {
  const left = a.finding.locations[0].region;
  const right = b.finding.locations[0].region;
  return (
    (left?.startLine ?? 0) - (right?.startLine ?? 0) ||
    (left?.startColumn ?? 0) - (right?.startColumn ?? 0) ||
    (left?.endLine ?? 0) - (right?.endLine ?? 0) ||
    (left?.endColumn ?? 0) - (right?.endColumn ?? 0) ||
    compareText(a.finding.message, b.finding.message)
  );
}

function context(finding: Finding, lines: LineIndex | undefined, secret: boolean): string {
  const { region, snippet } = finding.locations[0];
  if (region === undefined) return '';
  if (lines === undefined || region.startLine > lines.lineCount) return compact(snippet ?? '');
  const last = Math.min(region.endLine, region.startLine + CONTEXT_LINES - 1, lines.lineCount);
  const raw: string[] = [];
  for (let line = region.startLine; line <= last; line++) {
    raw.push(lines.line(line).slice(0, CONTEXT_LENGTH + region.startColumn));
  }
  const shown = redactLines(raw, region.startLine, secret ? [region] : []);
  return `${compact(regionText(shown, region))}\n${compact(shown.join(''))}`;
}

/** The part of whole lines that lies in the region. */
function regionText(lines: readonly string[], region: Region): string {
  return lines
    .map((line, index) => {
      const number = region.startLine + index;
      const start = number === region.startLine ? region.startColumn - 1 : 0;
      return number === region.endLine ? line.slice(start, region.endColumn - 1) : line.slice(start);
    })
    .join('');
}

/** Without white space; runs of masking asterisks count as one, so the length of a secret doesn't matter. */
function compact(text: string): string {
  return text.replace(/\s+/g, '').replace(/\*{2,}/g, '**').slice(0, CONTEXT_LENGTH);
}

/** Fields are separated by their lengths, so no two lists of fields give the same input. */
function digest(fields: readonly string[]): string {
  let input = '';
  for (const field of fields) input += `${field.length}:${field}\n`;
  return hash('sha256', input, 'hex').slice(0, 32);
}
