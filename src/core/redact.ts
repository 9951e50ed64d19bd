import type { Region } from './location.js';
import { findingsOf } from './order.js';
import type { Rule } from './rule.js';
import type { ScanResult } from './scanner.js';

/**
 * Formats of credentials that their issuers document with a fixed prefix, plus private keys and JSON web
 * tokens. Every alternative is linear: a literal prefix and one bounded repetition.
 */
const CREDENTIAL =
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,255}|\bgithub_pat_[A-Za-z0-9_]{20,255}|\bglpat-[A-Za-z0-9_-]{16,255}|\bxox[abeoprs]-[A-Za-z0-9-]{10,255}|\bnpm_[A-Za-z0-9]{30,255}|\bpypi-[A-Za-z0-9_-]{30,255}|\b[rs]k_live_[A-Za-z0-9]{16,255}|\bAIza[0-9A-Za-z_-]{35}|\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,2000}|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{0,8000}/g;

const URL_PASSWORD = /(:\/\/[^\s/:@]{1,100}:)([^\s/:@]{3,256})(?=@)/g;

/** Text with every recognisable credential replaced by its first four characters and asterisks, length kept. */
export function redactCredentials(text: string): string {
  const masked = text.replace(CREDENTIAL, (found) => mask(found, found.startsWith('-----BEGIN') ? 0 : 4));
  return masked.includes('://') ? masked.replace(URL_PASSWORD, (_, before: string, password: string) => before + mask(password, 0)) : masked;
}

const SECRET_TAG = /^(?:cwe-?(?:259|321|798)|(?:external\/cwe\/)cwe-?(?:259|321|798)|secrets?|literal-secret)$/i;

/** Whether the region of a finding of this rule is itself a credential that must not be shown. */
export function locatesSecret(rule: Rule | undefined): boolean {
  return rule !== undefined && rule.tags.some((tag) => SECRET_TAG.test(tag));
}

/** Regions that are credentials by what any scanner found, by path: no snippet of the file may show them. */
export function secretRegions(results: readonly ScanResult[]): (path: string) => readonly Region[] {
  const regions = new Map<string, Region[]>();
  for (const result of results) {
    const rules = new Set(result.rules.filter(locatesSecret).map((rule) => rule.id));
    if (rules.size === 0) continue;
    // What was silenced is still a credential.
    for (const { ruleId, locations } of [...findingsOf(result), ...(result.suppressed ?? [])]) {
      if (!rules.has(ruleId)) continue;
      for (const { path, region } of locations) {
        if (region === undefined) continue;
        const known = regions.get(path);
        if (known === undefined) regions.set(path, [region]);
        else known.push(region);
      }
    }
  }
  return (path) => regions.get(path) ?? [];
}

/**
 * Source lines without credentials. `lines` are whole lines, the first of which has number `firstLine`;
 * `secrets` are regions of credentials, whose text after a leading `name =` or `name:` is masked.
 * Columns stay where they are.
 */
export function redactLines(lines: readonly string[], firstLine: number, secrets: readonly Region[]): readonly string[] {
  const inside = secrets.filter(({ startLine, endLine }) => endLine >= firstLine && startLine < firstLine + lines.length);
  const masked = inside.reduce((shown, secret) => maskRegion(shown, firstLine, secret), lines);
  return redactCredentials(masked.join('\n')).split('\n');
}

function maskRegion(lines: readonly string[], firstLine: number, secret: Region): readonly string[] {
  return lines.map((line, index) => {
    const number = firstLine + index;
    if (number < secret.startLine || number > secret.endLine) return line;
    const start = number === secret.startLine ? secret.startColumn - 1 : 0;
    const wholeLine = secret.endLine === secret.startLine && secret.endColumn <= secret.startColumn;
    const end = number === secret.endLine && !wholeLine ? secret.endColumn - 1 : line.length;
    const region = line.slice(start, end);
    const name = number === secret.startLine ? (/^[^=:]{0,100}[=:]\s*/.exec(region)?.[0].length ?? 0) : 0;
    return line.slice(0, start) + mask(region, name) + line.slice(end);
  });
}

/** Keeps the first `keep` characters and all white space, so that columns and lines stay. */
function mask(text: string, keep: number): string {
  return text.slice(0, keep) + text.slice(keep).replace(/\S/g, '*');
}
