import fc from 'fast-check';
import {
  CONFIDENCES,
  SEVERITIES,
  type Diagnostic,
  type Finding,
  type Location,
  type Report,
  type Rule,
  type ScanResult,
} from '../../src/core/index.js';
import { completed, failed, report, skipped } from './report.js';

/** Pieces that are special to some reader of our output. */
const NASTY = [
  '::error::x', '\n::set-output name=x::y', '##[error]x', '##vso[task]', '%0A', '\r', '\n', '\u001b[31m', '\u001b]0;x\u0007', '\u009b1m',
  '\u202e', '\u2066', '\u200b', '\ufeff', '\0', '\ud800', '<script>alert(1)</script>', '<img src=x onerror=y>', '<!--', '-->', '</details>',
  '`', '```', '|', '\\', '[a](https://evil.example)', '![a](x)', '@someone', 'owner/repo#1', '#1', 'https://evil.example', 'www.evil.example',
  '# h', '- x', '> q', '&lt;', '&#60;', '$x$', '~~s~~', '*b*', '__u__', '{0}', '${{ secrets.X }}', '漢字', '👩‍👩‍👧', 'é', '\t', '../', '/', ':', ',', '\u2028', '\u0085',
];

/** Text as a repository or a scanner may send it. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NASTY) }, fc.string({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 8 })
  .map((parts) => parts.join(''));

const number = fc.oneof(fc.integer({ min: -2, max: 9 }), fc.constantFrom(0, Number.NaN, Infinity, 1.5, 2 ** 40));
const region = fc.record({ startLine: number, startColumn: number, endLine: number, endColumn: number });
const path = fc.oneof(fc.constantFrom('a.yml', 'b.yml'), hostileText);

const location: fc.Arbitrary<Location> = fc
  .record({ path, region: fc.option(region), message: fc.option(hostileText), snippet: fc.option(hostileText) })
  .map(present);

const finding = (tool: string): fc.Arbitrary<Finding> =>
  fc.record({
    ruleId: fc.oneof(fc.constantFrom('r/one', 'r/two'), hostileText),
    tool: fc.constant(tool),
    severity: fc.constantFrom(...SEVERITIES),
    confidence: fc.constantFrom(...CONFIDENCES),
    message: hostileText,
    reasons: fc.array(hostileText, { maxLength: 3 }),
    locations: fc.tuple(location),
    related: fc.array(location, { maxLength: 3 }),
    flow: fc.array(fc.record({ location, message: hostileText }), { maxLength: 3 }),
    fingerprints: fc.constant({}),
    fixes: fc.array(fc.record({ description: hostileText, replacements: fc.array(fc.record({ path, region, text: hostileText }), { maxLength: 2 }) }), { maxLength: 2 }),
    alsoReportedBy: fc.array(fc.record({ tool: hostileText, ruleId: hostileText }), { maxLength: 2 }),
  });

const rule: fc.Arbitrary<Rule> = fc
  .record({
    id: fc.oneof(fc.constantFrom('r/one', 'r/two'), hostileText),
    title: hostileText,
    severity: fc.constantFrom(...SEVERITIES),
    confidence: fc.constantFrom(...CONFIDENCES),
    tags: fc.array(fc.oneof(fc.constantFrom('CWE-798', 'cwe-94'), hostileText), { maxLength: 30 }),
    help: hostileText,
    repair: fc.option(hostileText),
    helpUri: fc.option(fc.oneof(fc.constant('https://example.com/x y'), hostileText)),
  })
  .map(present);

const diagnostic: fc.Arbitrary<Diagnostic> = fc
  .record({
    level: fc.constantFrom('error' as const, 'warning' as const, 'note' as const),
    message: hostileText,
    code: hostileText,
    path: fc.option(path),
    region: fc.option(region),
  })
  .map(present);

const result = (tool: string): fc.Arbitrary<ScanResult> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.array(finding(tool), { maxLength: 5 }), fc.array(rule, { maxLength: 3 }), fc.array(diagnostic, { maxLength: 3 })).map(([findings, rules, diagnostics]) => completed(tool, findings, rules, diagnostics)) },
    fc.tuple(hostileText, fc.array(finding(tool), { maxLength: 2 })).map(([error, partial]) => failed(tool, error, partial)),
    hostileText.map((reason) => skipped(tool, reason)),
  );

/** A whole report in which everything that comes from outside is hostile. */
export const hostileReport: fc.Arbitrary<Report> = fc
  .record({
    policies: result('policies'),
    others: fc.array(result('semgrep'), { maxLength: 1 }),
    text: hostileText,
    reproduce: hostileText,
  })
  .map(({ policies, others, text, reproduce }) =>
    report([policies, ...others], { files: { 'a.yml': text, 'b.yml': `one\n${text}\nthree\n` }, reproduce }),
  );

/** Without properties that are null: fast-check's `option` for exact optional properties. */
function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null)) as { [K in keyof T]: Exclude<T[K], null> };
}
