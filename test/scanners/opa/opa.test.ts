import { describe, expect, it } from 'vitest';
import { opa } from '../../../src/scanners/opa.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, inventory } from '../request.js';

const MIXED: Case = {
  folder: 'opa/mixed',
  files: entries('terraform', ['plan.json']),
  output: 'opa/mixed.json',
  options: { plan: 'plan.json' },
  expected: ['missing-tags plan.json low/high', 'unencrypted-database plan.json high/high'],
};

describeAdapter(opa, MIXED);

describe('opa, in detail', () => {
  it('runs where a plan is configured only', () => {
    expect(opa.applies(inventory('/w', []), { plan: 'plan.json' })).toMatchObject({ applies: true, files: [{ path: 'plan.json' }] });
  });

  it('is no clean scan when nothing defines the query', () => {
    expect(() => parseCase(opa, MIXED, '{}')).toThrow('has no answer');
  });
});
