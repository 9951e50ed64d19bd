import { describe, expect, it } from 'vitest';
import { kics } from '../../../src/scanners/kics.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, recorded } from '../request.js';

const SAMPLE: Case = {
  folder: 'kics/mixed',
  root: '/workspace',
  files: entries('dockerfile', ['Dockerfile']),
  output: 'kics/mixed.json',
  expected: [
    '67fd0c4a-68cf-46d7-8c41-bc9fba7e40ae Dockerfile:2:1-2:10 high/medium',
    'b03a748a-542d-44f4-bb86-9199ab4fd2d5 Dockerfile:1:1-1:19 low/medium',
    'f45ea400-6bbe-4501-9fc7-1c3d75c32067 Dockerfile:1:1-1:19 medium/medium',
  ],
  real: 'none',
};

describeAdapter(kics, SAMPLE);

describe('kics, in detail', () => {
  it('is no clean scan without queries or files', () => {
    expect(() => parseCase(kics, SAMPLE, JSON.stringify({ queries_total: 0, files_scanned: 1, queries: [] }))).toThrow('no query');
  });

  it('reads plain relative paths as well', () => {
    const { findings } = parseCase(kics, SAMPLE, recorded(SAMPLE.output).replaceAll('../../../../workspace/', ''));
    expect(findings).toHaveLength(3);
  });
});
