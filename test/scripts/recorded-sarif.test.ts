import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkRecordedSarif } from '../../scripts/recorded-sarif.js';

const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('says of each recorded log how many findings it has, why it is refused, and what is wrong with ours', () => {
  const log = { version: '2.1.0', runs: [{ tool: { driver: { name: 'T' } }, results: [{ ruleId: 'R', message: { text: 'M' } }] }] };
  writeFileSync(join(folder, 'a.sarif'), JSON.stringify(log));
  writeFileSync(join(folder, 'b.json'), '{"runs":[');
  writeFileSync(join(folder, 'c.txt'), 'no log');
  const [a, b, ...others] = checkRecordedSarif(folder, (ours) => (ours.runs.length === 1 ? [] : ['/runs: not as it should be']));
  expect(a).toEqual({ name: 'a.sarif', findings: 1, failures: [] });
  expect(b).toMatchObject({ name: 'b.json', findings: 0, failures: [], rejected: expect.stringContaining('which is cut off') as string });
  expect(others).toEqual([]);
  expect(checkRecordedSarif(folder, () => ['/version: wrong'])[0]?.failures).toEqual(['our full log of it: /version: wrong', 'our upload log of it: /version: wrong']);
});
