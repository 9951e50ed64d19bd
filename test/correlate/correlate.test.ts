import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf, SEVERITIES, type Finding, type FindingPackage, type ScanResult } from '../../src/core/index.js';
import { CODE_RULES } from '../../src/correlate/code-rules.js';
import { CONCEPTS, ONE_PER_FILE } from '../../src/correlate/concepts.js';
import { correlate } from '../../src/correlate/correlate.js';
import { createEquivalents } from '../../src/correlate/equivalents.js';
import { secretHashes } from '../../src/correlate/secrets.js';
import { ruleNames, toolName } from '../../src/correlate/tools.js';
import { completed, failed, finding, rule } from '../support/report.js';

const policy = rule({ id: 'p/one', equivalents: ['zizmor/template-injection', 'actionlint/expression'] });
const equivalents = createEquivalents([policy]);
const at = (tool: string, ruleId: string, line?: number, rest: Partial<Finding> & { path?: string; lines?: number } = {}): Finding => {
  const { lines = 1, ...given } = rest;
  const base = finding({ severity: 'medium', tool, ruleId, ...(line !== undefined && { line }), ...given });
  const region = base.locations[0].region;
  return region === undefined ? base : { ...base, locations: [{ ...base.locations[0], region: { ...region, endLine: region.startLine + lines - 1 } }] };
};
const results = (findings: readonly Finding[], secrets: readonly string[] = []): ScanResult[] =>
  [...new Set(findings.map(({ tool }) => tool))].map((tool) => completed(tool, findings.filter((one) => one.tool === tool), secrets.map((id) => rule({ id, tags: ['secrets'] }))));
const run = (findings: readonly Finding[], secrets: readonly string[] = [], secretOf?: (finding: Finding) => string | undefined): readonly Finding[] =>
  correlate(results(findings, secrets), equivalents, secretOf).flatMap(findingsOf);
/** Who stands for whom: `tool/rule < others`. */
const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ tool, ruleId, alsoReportedBy }) => [`${tool}/${ruleId}`, ...alsoReportedBy.map((other) => `${other.tool}/${other.ruleId}`)].join(' < ')).sort();

describe('code', () => {
  it('joins an equivalent rule in the same lines; the policy stands for all, with the worst severity', () => {
    const [only, ...rest] = run([at('zizmor', 'template-injection', 3, { severity: 'critical', confidence: 'high' }), at('policies', 'p/one', 3), at('actionlint', 'expression', 3)]);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ tool: 'policies', severity: 'critical', reasons: ['zizmor rates it critical'], alsoReportedBy: [{ tool: 'actionlint', ruleId: 'expression' }, { tool: 'zizmor', ruleId: 'template-injection' }] });
  });

  it('joins neither other lines, nor other files, nor rules that only share a weakness number', () => {
    expect(run([at('policies', 'p/one', 3), at('zizmor', 'template-injection', 4)])).toHaveLength(2);
    expect(run([at('policies', 'p/one', 3), at('zizmor', 'template-injection', 3, { path: 'other' })])).toHaveLength(2);
    expect(run([at('policies', 'p/two', 3), at('zizmor', 'unpinned-uses', 3)])).toHaveLength(2);
  });

  it('never joins two findings of one tool, unless rule, region and message are the same', () => {
    const [big, a, b] = [at('checkov', 'CKV_K8S_16', 1, { lines: 30 }), at('trivy', 'AVD-KSV-0017', 10), at('trivy', 'AVD-KSV-0017', 20)];
    expect(told(run([big, a, b]))).toEqual(['trivy/AVD-KSV-0017', 'trivy/AVD-KSV-0017 < checkov/CKV_K8S_16']);
    expect(run([a, { ...a }, { ...a, severity: 'high' }])).toMatchObject([{ severity: 'high', alsoReportedBy: [] }]);
    expect(run([a, { ...a, message: 'of another container' }])).toHaveLength(2);
  });

  it('joins what has lines in common with all, and the nearest where there is a choice', () => {
    const findings = [at('checkov', 'CKV_K8S_16', 1, { lines: 30 }), at('trivy', 'KSV017', 10), at('kics', 'dd29336b-fe57-445b-a26e-e6aa867ae609', 20), at('semgrep', 'rules.privileged-container', 20)];
    expect(told(run(findings))).toEqual(['semgrep/rules.privileged-container < kics/dd29336b-fe57-445b-a26e-e6aa867ae609', 'trivy/KSV017 < checkov/CKV_K8S_16']);
  });

  it('joins a finding about the whole file only where there is one choice', () => {
    const linter = at('kube-linter', 'privileged-container');
    expect(told(run([linter, at('checkov', 'CKV_K8S_16', 1)]))).toEqual(['kube-linter/privileged-container < checkov/CKV_K8S_16']);
    expect(run([linter, at('checkov', 'CKV_K8S_16', 1), at('checkov', 'CKV_K8S_16', 9)])).toHaveLength(3);
  });

  it('joins what a file can have once wherever tools point at', () => {
    expect(told(run([at('checkov', 'CKV_DOCKER_2', 1, { lines: 9 }), at('trivy', 'AVD-DS-0026'), at('hadolint', 'DL3057', 12)]))).toEqual(['trivy/AVD-DS-0026 < checkov/CKV_DOCKER_2 < hadolint/DL3057']);
  });

  it('keeps rules apart that only share a third one', () => {
    // Trivy has one check for a missing and for a root user.
    expect(told(run([at('checkov', 'CKV_DOCKER_3', 1), at('hadolint', 'DL3002', 1), at('trivy', 'DS002', 1)]))).toEqual(['checkov/CKV_DOCKER_3', 'trivy/DS002 < hadolint/DL3002']);
  });

  it('keeps flow and fixes of those that do not stand for the group, and what was partial', () => {
    const flow = [{ location: { path: 'a' }, message: 'source' }];
    const fixes = [{ description: 'x', replacements: [] }];
    const [done] = correlate([completed('policies', [at('policies', 'p/one', 3)]), failed('zizmor', 'x', [at('zizmor', 'template-injection', 3, { flow, fixes })])], equivalents);
    expect(findingsOf(done as ScanResult)).toMatchObject([{ flow, fixes }]);
  });
});

describe('secrets', () => {
  const rules = ['aws-access-token', 'generic-api-key', 'github-pat'];
  it('joins kinds of credential that fit on one line', () => {
    expect(told(run([at('gitleaks', 'aws-access-token', 3), at('trivy', 'generic-api-key', 3)], rules))).toEqual(['trivy/generic-api-key < gitleaks/aws-access-token']);
    expect(run([at('gitleaks', 'aws-access-token', 3), at('trivy', 'github-pat', 3)], rules)).toHaveLength(2);
    expect(run([at('gitleaks', 'aws-access-token', 3), at('trivy', 'aws-access-token', 4)], rules)).toHaveLength(2);
  });

  it('joins the same value, whatever part of the line tools point at, and never shows it', () => {
    const text = 'token = "abcdefgh12345678" # two\nother = "zzzzzzzz99999999"\n';
    const secretOf = secretHashes((path) => (path === 'file.yml' ? text : undefined), new Uint8Array(32));
    const whole = at('gitleaks', 'generic-api-key', 1, { column: 1, length: 26 } as object);
    const inside = at('trivy', 'github-pat', 1, { column: 10, length: 16 } as object);
    expect(secretOf(whole)).toBe(secretOf(inside));
    expect(secretOf(whole)).toMatch(/^[0-9a-f]{32}$/);
    expect(secretOf(at('gitleaks', 'x', 2))).not.toBe(secretOf(whole));
    const joined = run([whole, inside], rules, secretOf);
    expect(joined).toHaveLength(1);
    expect(JSON.stringify(joined)).not.toContain(secretOf(whole));
  });
});

describe('dependencies', () => {
  const dependency = (tool: string, ruleId: string, given: Partial<FindingPackage> = {}, rest: Partial<Finding> = {}): Finding => ({
    ...at(tool, ruleId, 1, rest),
    package: { purl: 'pkg:pypi/foo.bar@1.0', version: '1.0', manifest: 'requirements.txt', aliases: [ruleId], fixedVersions: [], ...given },
  });

  it('joins over the closure of aliases and normalised names, in any place', () => {
    const [only, ...rest] = run([
      dependency('osv-scanner', 'GHSA-1', { aliases: ['CVE-1', 'GHSA-1'] }),
      dependency('trivy', 'CVE-1', { purl: 'pkg:pypi/Foo_Bar@1.0', fixedVersions: ['1.1'] }, { severity: 'critical' }),
      dependency('pip-audit', 'PYSEC-1', { purl: 'pkg:pypi/foo-bar@1.0', aliases: ['GHSA-1', 'PYSEC-1'] }),
    ]);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ tool: 'osv-scanner', severity: 'critical', package: { aliases: ['CVE-1', 'GHSA-1', 'PYSEC-1'], fixedVersions: ['1.1'] }, alsoReportedBy: [{ tool: 'pip-audit' }, { tool: 'trivy' }] });
  });

  it('keeps other versions, manifests and packages apart', () => {
    const one = dependency('trivy', 'CVE-1');
    for (const given of [{ version: '2.0' }, { manifest: 'other.txt' }, { purl: 'pkg:npm/foo.bar@1.0' }]) expect(run([one, dependency('grype', 'CVE-1', given)])).toHaveLength(2);
  });

  it('does not join different vulnerabilities over an advisory that repairs several', () => {
    for (const collection of ['DSA-5000-1', 'RHSA-2024:1', 'USN-1-1', 'X-1']) {
      expect(run([dependency('trivy', 'CVE-1'), dependency('trivy', 'CVE-2'), dependency('grype', collection, { aliases: ['CVE-1', 'CVE-2'] })])).toHaveLength(3);
    }
  });
});

describe('tables', () => {
  it('has at least 80 concepts, each with two tools, and knows every one by its own names', () => {
    expect(Object.keys(CONCEPTS).length).toBeGreaterThanOrEqual(80);
    for (const [concept, names] of [...Object.entries(CONCEPTS), ...Object.entries(CODE_RULES)]) {
      expect(new Set(names.map((name) => name.split('/')[0])).size, concept).toBeGreaterThan(1);
      expect(new Set(names).size, concept).toBe(names.length);
      for (const name of names) {
        const tool = name.slice(0, name.indexOf('/'));
        expect(ruleNames(tool, name.slice(tool.length + 1))).toContain(name);
      }
    }
    for (const concept of ONE_PER_FILE) expect(CONCEPTS).toHaveProperty([concept]);
  });

  it.each([
    ['zizmor', 'zizmor/template-injection', 'zizmor/template-injection'],
    ['Trivy', 'AVD-DS-0002', 'trivy/DS-0002'],
    ['Trivy', 'DS002', 'trivy/DS-0002'],
    ['Trivy', 'CVE-2024-1', 'trivy/CVE-2024-1'],
    ['Semgrep OSS', 'tmp.rules.eval-detected', 'semgrep/eval-detected'],
    ['KICS', 'FD54F200-402C-4333-A5A4-36EF6709AF2F', 'kics/fd54f200-402c-4333-a5a4-36ef6709af2f'],
  ])('names %s %s', (tool, id, name) => {
    expect(ruleNames(tool, id)).toContain(name);
  });

  it('knows tools by the names in their logs', () => {
    expect(['Bartizan', 'CodeQL', 'constructor'].map(toolName)).toEqual(['policies', 'codeql', 'constructor']);
  });
});

const anyFinding: fc.Arbitrary<Finding> = fc
  .record({
    source: fc.constantFrom(
      ['policies', 'p/one'], ['zizmor', 'template-injection'], ['actionlint', 'expression'], ['checkov', 'CKV_DOCKER_3'], ['checkov', 'CKV_K8S_16'], ['trivy', 'DS-0002'], ['trivy', 'KSV-0017'],
      ['hadolint', 'DL3002'], ['kube-linter', 'privileged-container'], ['gitleaks', 'generic-api-key'], ['trivy', 'github-pat'], ['osv-scanner', 'GHSA-1'], ['grype', 'CVE-1'], ['grype', 'CVE-2'], ['unknown', 'x'],
    ),
    line: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    lines: fc.integer({ min: 1, max: 3 }),
    path: fc.constantFrom('a', 'b'),
    severity: fc.constantFrom(...SEVERITIES),
    message: fc.constantFrom('m', 'n'),
    aliases: fc.option(fc.subarray(['CVE-1', 'CVE-2', 'GHSA-1'], { minLength: 1 }), { nil: undefined }),
  })
  .map(({ source: [tool, ruleId], line, lines, path, severity, message, aliases }) => ({
    ...at(tool as string, ruleId as string, line, { lines, path, severity, message }),
    ...(aliases !== undefined && { package: { purl: 'pkg:npm/x@1', version: '1', manifest: 'm', aliases, fixedVersions: [] } }),
  }));

describe('always', () => {
  const secrets = ['generic-api-key', 'github-pat'];
  const sorted = (findings: readonly Finding[]): string[] => findings.map((one) => JSON.stringify(one)).sort();

  it('does not depend on the order of results and findings', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 14 }).chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, shuffled]) => {
        expect(sorted(run(shuffled, secrets))).toEqual(sorted(run(all, secrets)));
      }),
      { numRuns: 1000 },
    );
  });

  it('loses no tool and rule, invents none, keeps the worst severity, and has nothing left to join but once', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 14 }), (all) => {
        const joined = run(all, secrets);
        const names = (findings: readonly Finding[]): Set<string> => new Set(told(findings).flatMap((line) => line.split(' < ')));
        expect(names(joined)).toEqual(names(all));
        const worst = (findings: readonly Finding[]): number => Math.min(...findings.map(({ severity }) => SEVERITIES.indexOf(severity)));
        expect(worst(joined)).toBe(worst(all));
        expect(joined.length).toBeLessThanOrEqual(all.length);
      }),
    );
  });
});
