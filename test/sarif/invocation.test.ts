import { expect, it } from 'vitest';
import type { ScanResult } from '../../src/core/index.js';
import { toInvocation } from '../../src/sarif/invocation.js';
import { linesOf } from '../../src/sarif/location.js';

const result: ScanResult = { tool: { name: 'semgrep' }, rules: [], outcome: { status: 'completed', findings: [] }, diagnostics: [], startedAt: 0, endedAt: 1 };

it('says how the scanner was confined', () => {
  const isolation = { level: 'full', mechanism: 'bubblewrap', version: '0.8.0', program: '/usr/bin/bwrap', network: ['semgrep.dev'] } as const;
  expect(toInvocation({ ...result, isolation }, [], linesOf(() => undefined)).properties).toEqual({ sandbox: isolation });
  const partial = { level: 'partial', mechanism: 'landlock', reason: 'bubblewrap: `bwrap` is not installed', remedy: 'Install it.' } as const;
  expect(toInvocation({ ...result, isolation: partial }, [], linesOf(() => undefined)).properties).toEqual({ sandbox: { level: 'partial', mechanism: 'landlock', reason: partial.reason } });
  expect(toInvocation(result, [], linesOf(() => undefined)).properties).toBeUndefined();
});
