import { createHash } from 'node:crypto';
import {
  LineIndex,
  compareText,
  findingsOf,
  locatesSecret,
  redactLines,
  type Finding,
  type Region,
  type ScanResult,
} from '../core/index.js';
import { lineHashes } from './line-hash.js';

/** Name of GitHub's fingerprint in SARIF's `partialFingerprints`. */
export const LINE_HASH = 'primaryLocationLineHash';
/** Name of ours. The number changes when the same finding would get another value. */
export const STABLE = 'bartizan/v1';

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
 *
 * Linear in the number of findings plus the size of the files that have some.
 */
export function fingerprintResults(
  results: readonly ScanResult[],
  source: (path: string) => string | undefined,
): readonly ScanResult[] {
  const fingerprints = new Map<Finding, Readonly<Record<string, string>>>();
  for (const [path, entries] of byPath(results)) {
    const text = source(path);
    const lines = text === undefined ? undefined : new LineIndex(text);
    const hashes = text === undefined ? undefined : lineHashes(text);
    const counts = new Map<string, number>();
    for (const { finding, secret } of entries.sort(inFileOrder)) {
      const region = finding.locations[0].region;
      const content = digest([finding.tool, finding.ruleId, path, context(finding, lines, secret)]);
      const number = (counts.get(content) ?? 0) + 1;
      counts.set(content, number);
      const lineHash =
        (region && hashes?.[region.startLine - 1]) ?? `${digest([finding.ruleId, path]).slice(0, 16)}:${number}`;
      fingerprints.set(finding, {
        ...finding.fingerprints,
        [LINE_HASH]: lineHash,
        [STABLE]: digest([content, String(number)]),
      });
    }
  }
  const fill = (finding: Finding): Finding => ({
    ...finding,
    fingerprints: fingerprints.get(finding) ?? finding.fingerprints,
  });
  return results.map((result) => {
    const { outcome } = result;
    if (outcome.status === 'skipped') return result;
    return outcome.status === 'completed'
      ? { ...result, outcome: { ...outcome, findings: outcome.findings.map(fill) } }
      : { ...result, outcome: { ...outcome, partial: outcome.partial.map(fill) } };
  });
}

interface Entry {
  readonly finding: Finding;
  /** The region is a credential. */
  readonly secret: boolean;
}

function byPath(results: readonly ScanResult[]): Map<string, Entry[]> {
  const files = new Map<string, Entry[]>();
  for (const result of results) {
    const secrets = new Set(result.rules.filter(locatesSecret).map((rule) => rule.id));
    for (const finding of findingsOf(result)) {
      const entry = { finding, secret: secrets.has(finding.ruleId) };
      const path = finding.locations[0].path;
      const entries = files.get(path);
      if (entries === undefined) files.set(path, [entry]);
      else entries.push(entry);
    }
  }
  return files;
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
  const input = fields.map((field) => `${field.length}:${field}\n`).join('');
  return createHash('sha256').update(input, 'utf8').digest('hex').slice(0, 32);
}
