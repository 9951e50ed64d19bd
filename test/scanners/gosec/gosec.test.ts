import { describe, expect, it } from 'vitest';
import { gosec } from '../../../src/scanners/gosec.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, recorded } from '../request.js';

const MIXED: Case = {
  folder: 'gosec/mixed',
  root: '/workspace',
  files: entries('go', ['main.go']),
  output: 'gosec/mixed.json',
  expected: [
    'G104 main.go:15:2-15:35 low/high',
    'G114 main.go:15:2-15:35 medium/high',
    'G204 main.go:12:3-12:73 medium/high',
    'G401 main.go:13:3-13:40 medium/high',
    'G501 main.go:4:2-4:14 medium/high',
    'G702 main.go:12:3-12:73 high/high',
    'G705 main.go:13:3-13:40 medium/high',
  ],
  real: 'heavy',
};

describeAdapter(gosec, MIXED);

describe('gosec, in detail', () => {
  it('is no clean scan when no file was read', () => {
    expect(() => parseCase(gosec, MIXED, JSON.stringify({ 'Golang errors': {}, Issues: [], Stats: { files: 0, lines: 0, nosec: 0, found: 0 } }))).toThrow('read none of the 1 files');
  });

  it('names packages that do not compile, and marks what comments silence', () => {
    const output = JSON.parse(recorded(MIXED.output)) as { Issues: object[] };
    const [first, ...others] = output.Issues;
    const changed = { ...output, 'Golang errors': { '/workspace/main.go': [{ line: 1, column: 1, error: 'undeclared name' }] }, Issues: [{ ...first, suppressions: [{ kind: 'inSource', justification: '' }] }, ...others] };
    const { findings, diagnostics } = parseCase(gosec, MIXED, JSON.stringify(changed));
    expect(findings.filter(({ suppression }) => suppression !== undefined)).toMatchObject([{ suppression: { by: 'gosec', kind: 'inSource', reason: expect.stringMatching(/./) } }]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['scanner-could-not-read']);
  });
});
