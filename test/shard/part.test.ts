import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePart, partText, type Part } from '../../src/shard/part.js';
import type { Finding } from '../../src/core/index.js';

const finding: Finding = {
  ruleId: 'SC1',
  tool: 'shellcheck',
  severity: 'high',
  confidence: 'high',
  message: 'm',
  reasons: [],
  locations: [{ path: 'a.sh', region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 } }],
  related: [],
  flow: [],
  fingerprints: {},
  alsoReportedBy: [],
};
const part = (findings: readonly Finding[] = [finding]): Part => ({
  commit: 'a'.repeat(40),
  plan: 'b'.repeat(64),
  shard: 1,
  of: 2,
  results: [
    {
      task: { scanner: 'shellcheck', start: 0, end: 3 },
      startedAt: 1,
      endedAt: 2,
      result: { tool: { name: 'shellcheck' }, rules: [], outcome: { status: 'completed', findings }, diagnostics: [], startedAt: 1, endedAt: 2 },
    },
  ],
});

/** A part with right checksums that somebody wrote without this program. */
function forged(body: unknown, hmac?: string): string {
  const text = JSON.stringify(body);
  return `${JSON.stringify({ format: 'bartizan-part', version: 1, sha256: createHash('sha256').update(text).digest('hex'), ...(hmac !== undefined && { hmac }) })}\n${text}\n`;
}

test('what is written is read, with and without a key', () => {
  for (const key of [undefined, 'k']) expect(parsePart(partText(part(), key), key)).toEqual({ part: part() });
  // A machine with the key may hand its part to one without.
  expect(parsePart(partText(part(), 'k'), undefined)).toEqual({ part: part() });
});

test('with a key, only who has it makes parts', () => {
  expect(parsePart(partText(part(), undefined), 'k')).toEqual({ problem: expect.stringContaining('no keyed checksum') as string });
  expect(parsePart(partText(part(), 'other'), 'k')).toEqual({ problem: expect.stringContaining('wrong keyed checksum') as string });
  expect(parsePart(partText(part(), 'k').replace('"high"', '"note"'), 'k')).toEqual({ problem: expect.stringContaining('wrong keyed checksum') as string });
  expect(parsePart(forged(part(), '0'.repeat(64)), 'k')).toHaveProperty('problem');
});

test('one changed byte is seen, wherever it is', () => {
  const text = partText(part(), undefined);
  fc.assert(
    fc.property(fc.nat(text.length - 2), fc.integer({ min: 1, max: 120 }), (at, by) => {
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ by) + text.slice(at + 1);
      expect(parsePart(changed, undefined)).toHaveProperty('problem');
    }),
  );
});

test.each<[string, unknown]>([
  ['a path outside of the workspace', { ...part(), results: [{ ...part().results[0], result: { ...(part().results[0] as { result: object }).result, outcome: { status: 'completed', findings: [{ ...finding, locations: [{ path: '../../etc/passwd' }] }] } } }] }],
  ['an absolute path', { ...part(), results: [{ ...part().results[0], result: { ...(part().results[0] as { result: object }).result, outcome: { status: 'completed', findings: [{ ...finding, locations: [{ path: '/etc/passwd' }] }] } } }] }],
  ['a suppressed finding', { ...part(), results: [{ ...part().results[0], result: { ...(part().results[0] as { result: object }).result, suppressed: [finding] } }] }],
  ['a severity that there is not', { ...part(), results: [{ ...part().results[0], result: { ...(part().results[0] as { result: object }).result, outcome: { status: 'completed', findings: [{ ...finding, severity: 'none' }] } } }] }],
  ['an unknown property', { ...part(), verdict: 'pass' }],
  ['no findings', { ...part(), results: [{ ...part().results[0], result: { ...(part().results[0] as { result: object }).result, outcome: { status: 'completed' } } }] }],
  ['another document', []],
])('a part with %s is refused', (_, body) => {
  expect(parsePart(forged(body), undefined)).toEqual({ problem: expect.stringMatching(/^holds what no part can hold \(.+\)$/) as string });
});

test('text that is no part is refused, and nothing is thrown', () => {
  for (const text of ['', '{}', '\n', 'null\nnull\n', `${'x'.repeat(5000)}\n{}`, '{"format":"bartizan-part","version":2}\n{}']) expect(parsePart(text, undefined)).toEqual({ problem: expect.stringContaining('is no part') as string });
  fc.assert(fc.property(fc.string(), (text) => void expect(parsePart(text, undefined)).toHaveProperty('problem')));
});

test('credentials don\'t leave the machine', () => {
  const token = `ghp_${'a'.repeat(36)}`;
  const text = partText(part([{ ...finding, message: `found ${token}`, reasons: [token], fixes: [{ description: '', replacements: [{ path: 'a.sh', region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 }, text: token }] }] }]), undefined);
  expect(text).not.toContain(token);
  expect(text).toContain('ghp_****');
});
