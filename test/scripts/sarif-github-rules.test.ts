import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { githubErrors } from '../../scripts/sarif-github-rules.js';
import { fingerprintResults } from '../../src/sarif/fingerprint.js';
import { toSarif } from '../../src/sarif/to-sarif.js';
import { completed, finding, report } from '../support/report.js';

const log = (): Log =>
  toSarif(report(fingerprintResults([completed('policies', [finding({ severity: 'high', line: 1 })]), completed('bandit', [])], () => 'x')), { variant: 'upload' });

/** Loosely typed access to break a log on purpose. */
type Loose = { [key: string]: Loose & Loose[] } & { length: number };
const broken = (change: (loose: Loose) => void): readonly string[] => {
  const copy = structuredClone(log());
  change(copy as unknown as Loose);
  return githubErrors(copy);
};
const set = (loose: Loose | undefined, key: string, value: unknown): void => {
  (loose as unknown as Record<string, unknown>)[key] = value;
};

describe('githubErrors', () => {
  it('accepts what we write', () => {
    expect(githubErrors(log())).toEqual([]);
  });

  it.each([
    ['no category', (given: Loose) => set(given['runs']?.[0]?.['automationDetails'], 'id', 'abc'), 'is no category'],
    ['two runs of one key', (given: Loose) => given['runs']?.push(given['runs'][0] as never), 'same tool and automationDetails.id'],
    ['a URI with a scheme', (given: Loose) => set(given['runs']?.[0]?.['results']?.[0]?.['locations']?.[0]?.['physicalLocation']?.['artifactLocation'], 'uri', 'file:///x'), 'not a relative URI'],
    ['a line below 1', (given: Loose) => set(given['runs']?.[0]?.['results']?.[0]?.['locations']?.[0]?.['physicalLocation']?.['region'], 'startLine', 0), 'below 1'],
    ['no location', (given: Loose) => set(given['runs']?.[0]?.['results']?.[0], 'locations', []), 'no location'],
    ['a severity in words', (given: Loose) => set(given['runs']?.[0]?.['tool']?.['driver']?.['rules']?.[0]?.['properties'], 'security-severity', 'high'), 'no numeric security-severity'],
    ['another rule than its index', (given: Loose) => set(given['runs']?.[0]?.['results']?.[0], 'ruleIndex', 7), 'disagree'],
    ['no fingerprint', (given: Loose) => set(given['runs']?.[0]?.['results']?.[0], 'partialFingerprints', {}), 'no primaryLocationLineHash'],
    ['no results', (given: Loose) => set(given['runs']?.[1], 'results', undefined), 'no results array'],
    ['too many runs', (given: Loose) => set(given, 'runs', Array.from({ length: 21 }, () => given['runs']?.[0])), 'runs: 21, GitHub takes 20'],
  ] as const)('rejects %s', (_name, change, message) => {
    expect(broken(change).join('\n')).toContain(message);
  });
});
