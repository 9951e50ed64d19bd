import type {
  Diagnostic,
  Finding,
  Location,
  Report,
  Rule,
  ScanResult,
  Settings,
  Severity,
} from '../../src/core/index.js';
import { judge } from '../../src/gate/gate.js';

/** Default settings with some replaced. */
export function settings(overrides: Partial<Settings> = {}): Settings {
  return {
    failOn: 'high',
    confidence: 'low',
    include: [],
    exclude: [],
    only: [],
    skip: [],
    external: true,
    onScannerError: 'error',
    policies: {},
    scanners: {},
    ...overrides,
  };
}

/** A finding at a line, or with the given locations. */
export function finding(
  given: Partial<Finding> & { severity: Severity; path?: string; line?: number; column?: number; length?: number },
): Finding {
  const { path = 'file.yml', line, column = 1, length = 1, ...rest } = given;
  const location: Location = {
    path,
    ...(line !== undefined && {
      region: { startLine: line, startColumn: column, endLine: line, endColumn: column + length },
    }),
  };
  return {
    ruleId: 'rule',
    tool: 'policies',
    confidence: 'high',
    message: 'A message',
    reasons: [],
    locations: [location],
    related: [],
    flow: [],
    fingerprints: {},
    alsoReportedBy: [],
    ...rest,
  };
}

/** A rule with some properties replaced. */
export function rule(given: Partial<Rule> & { id: string }): Rule {
  return { title: 'A title', severity: 'high', confidence: 'high', tags: [], help: 'Why it matters.', ...given };
}

/** A scanner that finished. Every finding's rule exists. */
export function completed(
  name: string,
  findings: readonly Finding[],
  rules: readonly Rule[] = [],
  diagnostics: readonly Diagnostic[] = [],
): ScanResult {
  return { ...base(name, rules, diagnostics), outcome: { status: 'completed', findings }, exitCode: 0 };
}

/** A scanner that failed, with what it had found before. */
export function failed(name: string, error: string, partial: readonly Finding[] = [], rules: readonly Rule[] = []): ScanResult {
  return { ...base(name, rules, []), outcome: { status: 'failed', error, partial } };
}

/** A scanner that did not apply. */
export function skipped(name: string, reason: string): ScanResult {
  return { ...base(name, [], []), outcome: { status: 'skipped', reason } };
}

function base(name: string, rules: readonly Rule[], diagnostics: readonly Diagnostic[]) {
  const startedAt = Date.UTC(2027, 0, 2, 3, 4, 5);
  return { tool: { name, version: '1.2.3' }, rules, diagnostics, startedAt, endedAt: startedAt + 1400 };
}

/** A whole report over some results; the verdict is the gate's. */
export function report(
  results: readonly ScanResult[],
  given: { settings?: Partial<Settings>; files?: Readonly<Record<string, string>>; reproduce?: string } = {},
): Report {
  const chosen = settings(given.settings);
  const files = given.files ?? {};
  return {
    version: '1.0.0',
    inventory: {
      root: '/workspace',
      total: 3180,
      source: 'git',
      files: Object.keys(files).map((path) => ({ path, format: 'github-workflow', reason: 'path' })),
    },
    settings: chosen,
    results,
    verdict: judge(results, chosen),
    startedAt: Date.UTC(2027, 0, 2, 3, 4, 5),
    endedAt: Date.UTC(2027, 0, 2, 3, 4, 13),
    reproduce: given.reproduce ?? 'bartizan scan .',
    source: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
  };
}
