import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../src/engine/load.js';
import { declarationsFromSchemas } from '../../src/facts/declarations.js';
import { scanFiles } from '../scan-files.js';

/*
 * Weaknesses of runbooks by the ids of their catalogue, which are aliases of policies: each case has to be reported at
 * its lines under its id, and not when it is made right. All policies judge, not only the one that is meant.
 */

interface Case {
  readonly id: string;
  readonly path: string;
  readonly lines: readonly number[];
  readonly reported: string;
  readonly right: string;
}

const cases = load(readFileSync(new URL('./runbooks.yaml', import.meta.url), 'utf8')) as Case[];
const sources = readdirSync('policies')
  .flatMap((domain) => readdirSync(`policies/${domain}`).map((name) => `policies/${domain}/${name}/policy.yaml`))
  .filter((path) => existsSync(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8'), builtin: true }));
const { policies } = loadPolicies(sources, declarationsFromSchemas());
const idsOf = new Map(policies.map(({ definition }) => [definition.id, definition.aliases]));

async function linesOf(id: string, path: string, text: string): Promise<number[]> {
  const findings = await scanFiles({ [path]: text }, policies);
  return findings.filter(({ ruleId }) => idsOf.get(ruleId)?.includes(id)).map(({ locations: [{ region }] }) => region?.startLine ?? 1);
}

/** Needs a reader of Python. */
const PENDING = ['RB-INJ-18'];

describe('the catalogue of runbooks', () => {
  test.each(cases.filter(({ id }) => !PENDING.includes(id)).map((one) => [one.id, one] as const))('%s', async (id, { path, lines, reported, right }) => {
    expect(await linesOf(id, path, reported)).toEqual(lines);
    expect(await linesOf(id, path, right)).toEqual([]);
  });

  test('every id of it is an alias', () => {
    const known = new Set([...idsOf.values()].flat());
    const counts = { STR: 15, PLT: 10, INJ: 24, SEC: 16, DL: 8, SSH: 7, FS: 6, PRV: 11, DST: 12, SHL: 13, AUD: 4 };
    const ids = Object.entries(counts).flatMap(([family, count]) => Array.from({ length: count }, (_, index) => `RB-${family}-${String(index + 1).padStart(2, '0')}`));
    expect(ids.length).toBe(126);
    expect(ids.filter((id) => !known.has(id))).toEqual(PENDING);
  });
});
