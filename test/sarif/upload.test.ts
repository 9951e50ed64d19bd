import { gunzipSync } from 'node:zlib';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { buildUpload } from '../../src/sarif/upload.js';
import { completed, failed, finding, report } from '../support/report.js';

const many = Array.from({ length: 2_000 }, (_, i) => finding({ severity: i % 10 === 0 ? 'high' : 'low', line: i + 1, message: `finding ${(i * 7919) % 104729} ${(i * 6151) % 99991}` }));
const read = (gzip: Uint8Array | undefined): Log => JSON.parse(gunzipSync(gzip ?? new Uint8Array()).toString()) as Log;

describe('buildUpload', () => {
  it('is everything when it fits', () => {
    const { gzip, results, omitted } = buildUpload(report([completed('policies', many)]));
    expect([results, omitted]).toEqual([2_000, []]);
    expect(read(gzip).runs[0]?.results).toHaveLength(2_000);
  });

  it('leaves the least severe results of all tools out until it fits, and says how many', () => {
    const limit = 12_000;
    const { gzip, results, omitted } = buildUpload(report([completed('policies', many.slice(0, 1_000)), completed('bandit', many.slice(1_000))]), {}, limit);
    expect(gzip?.length).toBeLessThanOrEqual(limit);
    const log = read(gzip);
    const kept = log.runs.flatMap((run) => run.results ?? []);
    expect(kept).toHaveLength(results);
    expect(results).toBeGreaterThan(200);
    expect(kept.filter(({ level }) => level === 'error')).toHaveLength(200);
    expect(omitted).toEqual([{ tool: 'all', results: 2_000 - results, message: expect.stringContaining(`${(2_000 - results).toLocaleString('en-US')} results of the lowest severity are left out`) as unknown }]);
    expect(JSON.stringify(log.runs[0]?.invocations)).toContain('results of the lowest severity are left out');
  });

  it('is nothing when there is nothing to upload', () => {
    expect(buildUpload(report([failed('policies', 'x')])).gzip).toBeUndefined();
  });
});
