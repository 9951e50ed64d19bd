import { describe, expect, it } from 'vitest';
import { dockle } from '../../../src/scanners/dockle.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'dockle',
  root: '/workspace',
  files: entries('dockerfile', ['image.tar']),
  output: 'dockle/output.json',
  options: { archive: 'image.tar' },
  expected: ['CIS-DI-0006 image.tar low/medium', 'CIS-DI-0010 image.tar high/medium'],
  real: 'none',
};

describeAdapter(dockle, SAMPLE);

describe('dockle, in detail', () => {
  it('runs where an archive is configured only', () => {
    expect(dockle.applies({ root: '/w', total: 1, files: [], source: 'walk' }, { archive: 'image.tar' })).toMatchObject({ applies: true });
    expect(parseCase(dockle, SAMPLE).findings).toHaveLength(2);
  });
});
