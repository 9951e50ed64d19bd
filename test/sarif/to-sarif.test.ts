import fc from 'fast-check';
import type { Log, Result, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import { githubErrors } from '../../scripts/sarif-github-rules.js';
import { SEVERITIES, type Report } from '../../src/core/index.js';
import { fingerprintResults } from '../../src/sarif/fingerprint.js';
import { LIMITS } from '../../src/sarif/limits.js';
import { buildSarif, toSarif } from '../../src/sarif/to-sarif.js';
import { hostileReport } from '../support/arbitrary-report.js';
import { completed, failed, finding, report, rule, skipped } from '../support/report.js';
import { schemaErrors } from '../support/sarif-schema.js';

const files = { 'dir/a b.yml': 'on: push\njobs:\n  x: ${{ github.head_ref }}\n' };
const injection = rule({ id: 'pipeline/script-injection', tags: ['CWE-94', 'OWASP-CICD-SEC-4'], help: 'First.\n\nSecond.', repair: 'Use an environment variable.' });
const at = (severity: 'critical' | 'high') =>
  finding({ severity, ruleId: injection.id, path: 'dir/a b.yml', line: 3, column: 6, length: 99, reasons: ['anyone can open a pull request'] });

const one = (log: Log): Run => log.runs[0] as Run;
const first = (run: Run): Result => (run.results as Result[])[0] as Result;

describe('toSarif', () => {
  it('writes a run per tool that ran, with its own automation id', () => {
    const log = toSarif(report([completed('policies', []), completed('bandit', []), skipped('trivy', 'x')]), { variant: 'full' });
    expect(schemaErrors(log)).toEqual([]);
    expect(log.runs.map((run) => [run.tool.driver.name, run.automationDetails?.id])).toEqual([
      ['Bartizan', 'bartizan/policies/'],
      ['bandit', 'bartizan/bandit/'],
    ]);
    const inMatrix = toSarif(report([completed('policies', [])]), { variant: 'upload', category: 'os=ubuntu/24 node=24' });
    expect(one(inMatrix).automationDetails?.id).toBe('bartizan/policies/os%3Dubuntu%2F24%20node%3D24/');
    expect(one(toSarif(report([completed('policies', [])]), { variant: 'upload', category: '' })).automationDetails?.id).toBe('bartizan/policies/');
    expect(one(log)).toMatchObject({ columnKind: 'utf16CodeUnits', results: [] });
    expect(one(log).invocations).toEqual([
      { executionSuccessful: true, exitCode: 0, startTimeUtc: '2027-01-02T03:04:05.000Z', endTimeUtc: '2027-01-02T03:04:06.400Z' },
    ]);
  });

  it('writes what GitHub reads: encoded path, clamped region, level, severity per rule, help', () => {
    const run = one(toSarif(report([completed('policies', [at('high'), at('critical')], [injection])], { files }), { variant: 'upload' }));
    const result = first(run);
    expect(result).toMatchObject({ level: 'error', ruleId: 'pipeline/script-injection/critical', ruleIndex: 1 });
    expect(result.message.text).toBe('A message\n\nWhy this severity:\n- anyone can open a pull request');
    expect(result.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'dir/a%20b.yml' },
      region: { startLine: 3, startColumn: 6, endLine: 3, endColumn: 28, snippet: { text: '  x: ${{ github.head_ref }}' } },
    });
    expect(run.tool.driver.rules?.map((entry) => [entry.id, entry.properties?.['security-severity']])).toEqual([
      ['pipeline/script-injection', '8.0'],
      ['pipeline/script-injection/critical', '9.5'],
    ]);
    expect(run.tool.driver.rules?.[0]).toMatchObject({
      help: { markdown: '**How to repair it:** Use an environment variable.\n\nFirst.\n\nSecond.' },
      fullDescription: { text: 'First.' },
      properties: { precision: 'high', tags: ['security', 'external/cwe/cwe-094', 'OWASP-CICD-SEC-4'] },
    });
  });

  it('shows no credential', () => {
    const secret = rule({ id: 'secret', tags: ['CWE-798'] });
    const text = 'a: 1\npassword: hunter2\n';
    const log = toSarif(
      report([completed('gitleaks', [finding({ severity: 'high', ruleId: 'secret', path: 'x', line: 2, column: 1, length: 17 })], [secret])], { files: { x: text } }),
      { variant: 'full' },
    );
    expect(JSON.stringify(log)).not.toContain('hunter2');
    expect(JSON.stringify(log)).toContain('password: *******');
  });

  it('uploads no run of a scanner that failed and says so; the full log has it with what it found', () => {
    const results = [completed('policies', []), failed('trivy', 'out of memory', [finding({ severity: 'high' })])];
    const upload = buildSarif(report(results), { variant: 'upload' });
    expect(upload.log.runs).toHaveLength(1);
    expect(upload.omitted).toEqual([
      { tool: 'trivy', results: 1, message: 'trivy did not finish, so its alerts are left as they are. Its 1 findings are in the full report.' },
    ]);
    expect(JSON.stringify(one(upload.log).invocations)).toContain('trivy did not finish');
    const full = buildSarif(report(results), { variant: 'full' });
    expect(full.omitted).toEqual([]);
    expect(full.log.runs[1]).toMatchObject({ invocations: [{ executionSuccessful: false }], results: [{ ruleId: 'rule/high' }] });
    expect(buildSarif(report([failed('policies', 'x')]), { variant: 'upload' }).log.runs).toEqual([]);
  });

  it('turns files that could not be read into notifications', () => {
    const log = toSarif(
      report([completed('policies', [], [], [{ level: 'error', code: 'yaml-syntax', path: 'a:b.yml', message: 'Broken.' }])]),
      { variant: 'upload' },
    );
    expect(one(log).invocations?.[0]?.toolExecutionNotifications).toEqual([
      { level: 'error', message: { text: 'Broken.' }, descriptor: { id: 'yaml-syntax' }, locations: [{ physicalLocation: { artifactLocation: { uri: 'a%3Ab.yml' } } }] },
    ]);
  });

  it('keeps the worst results within the limits and says how many are left out', () => {
    const many = Array.from({ length: LIMITS.results + 3 }, (_, i) => finding({ severity: i < 3 ? 'note' : 'low', line: i + 1 }));
    const { log, omitted } = buildSarif(report([completed('policies', many)]), { variant: 'upload' });
    expect(one(log).results).toHaveLength(LIMITS.results);
    expect(one(log).results?.every((result) => result.properties?.['severity'] === 'low')).toBe(true);
    expect(omitted).toMatchObject([{ tool: 'policies', results: 3 }]);
    const tools = [completed('policies', []), ...Array.from({ length: 25 }, (_, i) => completed(`t${i}`, i === 24 ? [finding({ severity: 'high' })] : []))];
    const names = toSarif(report(tools), { variant: 'upload' }).runs.map((run) => run.tool.driver.name);
    expect(names).toHaveLength(LIMITS.runs);
    expect(names).toContain('t24');
    expect(names[0]).toBe('Bartizan');
  });

  it('shortens long flows but keeps source and sink', () => {
    const flow = Array.from({ length: LIMITS.flowSteps + 500 }, (_, i) => ({ location: { path: 'a' }, message: `hop ${i}` }));
    const run = one(toSarif(report([completed('policies', [{ ...finding({ severity: 'high' }), flow }])]), { variant: 'upload' }));
    const steps = first(run).codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
    expect(steps).toHaveLength(LIMITS.flowSteps);
    expect(steps[steps.length - 1]?.location?.message?.text).toBe(`hop ${LIMITS.flowSteps + 499}`);
  });

  it('is valid and acceptable to GitHub whatever a repository or a scanner sends', () => {
    fc.assert(
      fc.property(hostileReport, fc.constantFrom('full' as const, 'upload' as const), (given, variant) => {
        const all: Report = { ...given, results: fingerprintResults(given.results, given.source) };
        const log = toSarif(all, { variant, versionControl: { repositoryUri: 'https://github.com/o/r', revisionId: 'a'.repeat(40) } });
        const text = JSON.stringify(log);
        expect(schemaErrors(JSON.parse(text))).toEqual([]);
        expect(text).not.toMatch(/\\ud[89a-f][0-9a-f]{2}|\\u0000/i);
        expect(githubErrors(log)).toEqual([]);
        for (const run of log.runs) checkRun(run, all);
      }),
      { numRuns: 200 },
    );
  });
});

/** Every region lies in its file, and messages make no links. */
function checkRun(run: Run, all: Report): void {
  for (const result of run.results ?? []) {
    expect(SEVERITIES).toContain(result.properties?.['severity']);
    expect(result.message.text).not.toContain('](');
    for (const { physicalLocation } of [...(result.locations ?? []), ...(result.relatedLocations ?? [])]) {
      const source = all.source(decodeURIComponent(physicalLocation?.artifactLocation?.uri ?? ''));
      const endLine = physicalLocation?.region?.endLine ?? 1;
      if (source !== undefined) expect(endLine).toBeLessThanOrEqual(source.split(/\r\n|\r|\n/).length);
    }
  }
}
