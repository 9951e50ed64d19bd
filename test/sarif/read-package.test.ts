import { describe, expect, it } from 'vitest';
import { correlate } from '../../src/correlate/correlate.js';
import { createEquivalents } from '../../src/correlate/equivalents.js';
import { findingsOf, type Finding, type FindingPackage } from '../../src/core/index.js';
import { fingerprintResults } from '../../src/sarif/fingerprint.js';
import { readSarifText } from '../../src/sarif/read-sarif.js';
import { toSarif } from '../../src/sarif/to-sarif.js';
import { completed, finding, report } from '../support/report.js';

const at = (uri: string, extra: object = {}) => [{ physicalLocation: { artifactLocation: { uri } }, ...extra }];
const read = (tool: string, result: object, rule: object = {}): Finding => {
  const { ruleId } = result as { ruleId: string };
  const log = { version: '2.1.0', runs: [{ tool: { driver: { name: tool, rules: [{ id: ruleId, ...rule }] } }, results: [result] }] };
  const { results } = readSarifText(JSON.stringify(log), 'x.sarif', { mode: 'strict' });
  return results.flatMap(findingsOf)[0] as Finding;
};

/** One vulnerability of one package, as each tool writes it. */
const OSV = read(
  'osv-scanner',
  { ruleId: 'CVE-2021-23337', message: { text: "Package 'lodash@4.17.20' is vulnerable to 'CVE-2021-23337' (also known as 'GHSA-35jh-r3h4-6jhm')." }, locations: at('web/package-lock.json') },
  { deprecatedIds: ['CVE-2021-23337', 'GHSA-35jh-r3h4-6jhm'], help: { text: 'x', markdown: '**x**\n\n### Fixed Versions\n\n| Vulnerability ID | Package Name | Fixed Version |\n| --- | --- | --- |\n| GHSA-35jh-r3h4-6jhm | lodash | 4.17.21 |\n| GHSA-35jh-r3h4-6jhm | lodash-es | 4.17.22 |\n' } },
);
const TRIVY = read(
  'Trivy',
  { ruleId: 'CVE-2021-23337', message: { text: 'Package: lodash\nInstalled Version: 4.17.20\nVulnerability CVE-2021-23337\nSeverity: HIGH\nFixed Version: 4.17.21\nLink: [CVE-2021-23337](https://avd.aquasec.com/nvd/cve-2021-23337)' }, locations: at('web/package-lock.json') },
  { name: 'LanguageSpecificPackageVulnerability' },
);
const GRYPE = read(
  'grype',
  { ruleId: 'GHSA-35jh-r3h4-6jhm-lodash', message: { text: 'A high vulnerability in npm package: lodash, version 4.17.20 was found at: /web/package-lock.json' }, locations: at('web/package-lock.json') },
  { help: { text: 'Vulnerability GHSA-35jh-r3h4-6jhm\nSeverity: high\nPackage: lodash\nVersion: 4.17.20\nFix Version: 4.17.21\nType: npm\nLocation: /web/package-lock.json\nData Namespace: github:language:javascript' } },
);
const SNYK = read(
  'Snyk Open Source',
  { ruleId: 'SNYK-JS-LODASH-1040724', message: { text: 'This file introduces a vulnerable lodash package with a high severity vulnerability.' }, locations: at('web/package-lock.json') },
  { fullDescription: { text: '(CVE-2021-23337) lodash@4.17.20' }, properties: { tags: ['security', 'CWE-78', 'npm'] } },
);

const LODASH = { purl: 'pkg:npm/lodash@4.17.20', version: '4.17.20', manifest: 'web/package-lock.json' };

describe('packages of tools that write SARIF', () => {
  it.each<[string, Finding, Partial<FindingPackage>]>([
    ['osv-scanner', OSV, { aliases: ['CVE-2021-23337', 'GHSA-35jh-r3h4-6jhm'], fixedVersions: ['4.17.21'] }],
    ['Trivy', TRIVY, { aliases: ['CVE-2021-23337'], fixedVersions: ['4.17.21'] }],
    ['Grype', GRYPE, { aliases: ['GHSA-35jh-r3h4-6jhm'], fixedVersions: ['4.17.21'] }],
    ['Snyk', SNYK, { aliases: ['CVE-2021-23337', 'SNYK-JS-LODASH-1040724'], fixedVersions: [] }],
  ])('of %s', (_, { package: found }, expected) => {
    expect(found).toEqual({ ...LODASH, ...expected });
  });

  it('are one finding with that of a scanner of ours, in any order', () => {
    const native = finding({ tool: 'npm-audit', ruleId: 'GHSA-35jh-r3h4-6jhm', severity: 'high', path: 'web/package-lock.json', package: { ...LODASH, aliases: ['GHSA-35jh-r3h4-6jhm'], fixedVersions: ['4.17.21'] } });
    const all = [OSV, TRIVY, GRYPE, SNYK, native].map((one) => completed(one.tool, [one], []));
    for (const results of [all, all.toReversed()]) {
      const [only, ...others] = correlate(results, createEquivalents([])).flatMap(findingsOf);
      expect(others).toEqual([]);
      expect(only).toMatchObject({ tool: 'osv-scanner', package: { fixedVersions: ['4.17.21'] } });
      expect(only?.alsoReportedBy.map(({ tool }) => tool)).toEqual(['Snyk Open Source', 'Trivy', 'grype', 'npm-audit']);
    }
  });

  it('with namespaces as each type writes them', () => {
    const purl = (name: string, path: string): string | undefined => read('osv-scanner', { ruleId: 'CVE-1', message: { text: `Package '${name}@1.0' is vulnerable to 'CVE-1'.` }, locations: at(path) }).package?.purl;
    expect(purl('@babel/traverse', 'yarn.lock')).toBe('pkg:npm/%40babel/traverse@1.0');
    expect(purl('org.apache:commons', 'a/pom.xml')).toBe('pkg:maven/org.apache/commons@1.0');
    expect(purl('github.com/a/b', 'go.mod')).toBe('pkg:golang/github.com/a/b@1.0');
    expect(purl('Flask_Login', 'requirements-dev.txt')).toBe('pkg:pypi/flask-login@1.0');
    expect(purl('anything', 'unknown.file')).toBeUndefined();
  });

  it('by a logical location that is a package URL, for every tool', () => {
    const locations = at('lib/a.jar', { logicalLocations: [{ fullyQualifiedName: 'pkg:maven/org.x/a@3.1' }] });
    expect(read('dependency-check', { ruleId: 'CVE-2', message: { text: 'M' }, locations }).package).toEqual({ purl: 'pkg:maven/org.x/a@3.1', version: '3.1', manifest: 'lib/a.jar', aliases: ['CVE-2'], fixedVersions: [] });
  });

  it('are none where the text has another form', () => {
    expect(read('osv-scanner', { ruleId: 'CVE-1', message: { text: 'something else' }, locations: at('yarn.lock') }).package).toBeUndefined();
    expect(read('Trivy', { ruleId: 'CVE-1', message: { text: 'Package: musl\nInstalled Version: 1' }, locations: at('image') }, { name: 'OsPackageVulnerability' }).package).toBeUndefined();
    expect(read('Snyk Open Source', { ruleId: 'S', message: { text: 'a vulnerable other package' }, locations: at('yarn.lock') }, { fullDescription: { text: '(CVE-1) lodash@1' } }).package).toBeUndefined();
    expect(read('Semgrep', { ruleId: 'CVE-1', message: { text: "Package 'a@1' is vulnerable to 'CVE-1'." }, locations: at('yarn.lock') }).package).toBeUndefined();
  });

  it('are read back from our own logs', () => {
    const given = fingerprintResults([completed('osv-scanner', [OSV], [])], () => undefined);
    const { results } = readSarifText(JSON.stringify(toSarif(report(given), { variant: 'full' })), 'x.sarif', { mode: 'strict' });
    expect(results.flatMap(findingsOf)[0]?.package).toEqual(OSV.package);
  });
});
