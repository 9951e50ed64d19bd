import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { appendSuppression } from '../../src/config/append-suppression.js';
import { run, workspace, type Workspace } from './support.js';

const WORKFLOW = `name: x
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: curl -sSf https://example.com/install.sh | sh
`;
const FINGERPRINT = '0123456789abcdef0123456789abcdef';

let folder: Workspace | undefined;
afterEach(() => folder?.remove());

const open = (files: Record<string, string>): Workspace => (folder = workspace(files));
const config = (): string => readFileSync(join(folder?.root ?? '', '.bartizan.yml'), 'utf8');

interface Json {
  readonly verdict: { readonly exitCode: number; readonly counts: Record<string, number> };
  readonly findings: readonly { readonly rule: string; readonly startLine: number; readonly fingerprints: Record<string, string> }[];
  readonly suppressed: readonly { readonly rule: string; readonly suppression: Record<string, unknown> }[];
}
const scan = async (root: string): Promise<Json> => JSON.parse((await run(root, ['scan', '--format', 'json', '--no-external', '--only', 'shell/*', '--fail-on', 'note'])).out) as Json;

describe('suppress', () => {
  test('silences one finding, and the scan shows who and why', async () => {
    const { root } = open({ '.github/workflows/x.yml': WORKFLOW });
    const before = await scan(root);
    expect(before.verdict.exitCode).toBe(1);
    for (const { fingerprints } of before.findings) {
      const ran = await run(root, ['suppress', fingerprints['bartizan/v1'] ?? '', '--reason', 'our own "host"', '--owner', 'me', '--expires', '2999-12-31']);
      expect([ran.code, ran.err]).toEqual([0, '']);
    }
    const after = await scan(root);
    expect(after.verdict.exitCode).toBe(0);
    expect(after.findings).toEqual([]);
    expect(after.suppressed.map(({ rule }) => rule)).toEqual(before.findings.map(({ rule }) => rule));
    expect(after.suppressed[0]?.suppression).toMatchObject({ kind: 'external', by: 'bartizan', reason: 'our own "host"', owner: 'me', expires: '2999-12-31', path: '.bartizan.yml' });
  });

  test('is what a comment does too, in the script of a step', async () => {
    const { root } = open({ '.github/workflows/x.yml': WORKFLOW.replace('      - run: ', '      # bartizan-ignore[shell/*]: our own host\n      - run: ') });
    const { findings, suppressed } = await scan(root);
    expect(findings).toEqual([]);
    expect(suppressed[0]?.suppression).toMatchObject({ kind: 'inSource', reason: 'our own host', path: '.github/workflows/x.yml', line: 9 });
  });

  test('keeps comments and layout', async () => {
    const text = '# ours\nfail-on: low   # strict\n\nsuppressions:\n    # gpu\n    - path: a/**   # all\n      reason: r # because\n\n# end\nconfidence: high\n';
    const { root } = open({ '.bartizan.yml': text });
    expect((await run(root, ['suppress', FINGERPRINT, '--reason', 'why'])).err).toBe('');
    expect(config()).toBe(text.replace('# because\n', `# because\n    - fingerprint: "${FINGERPRINT}"\n      reason: "why"\n`));
    const again = await run(root, ['suppress', FINGERPRINT, '--reason', 'why']);
    expect([again.code, again.err]).toEqual([3, expect.stringContaining('has an entry')]);
  });

  test.each([
    [[FINGERPRINT, '--reason', ' '], 'must say in words'],
    [[FINGERPRINT], 'required option'],
    [['abc', '--reason', 'r'], '32 hexadecimal digits'],
    [[FINGERPRINT, '--reason', 'r', '--expires', '2999-02-30'], 'a day that exists'],
    [[FINGERPRINT, '--reason', 'r', '--expires', '2001-01-01'], 'is over already'],
  ])('refuses %j', async (args, message) => {
    const { root } = open({ '.bartizan.yml': 'fail-on: low\n' });
    const ran = await run(root, ['suppress', ...args]);
    expect([ran.code, ran.err]).toEqual([3, expect.stringContaining(message)]);
    expect(config()).toBe('fail-on: low\n');
  });

  test.each(['{fail-on: low}\n', 'suppressions: [{path: a, reason: r}]\n', 'fail-on: low\n...\n', 'suppressions: []\n'])('leaves %j alone and says what to add', async (text) => {
    const { root } = open({ '.bartizan.yml': text });
    const ran = await run(root, ['suppress', FINGERPRINT, '--reason', 'why']);
    expect([ran.code, ran.err]).toEqual([3, expect.stringContaining('by hand')]);
    expect(config()).toBe(text);
  });

  test.each(['nope: 1\n', 'fail-on: [\n'])('does not touch a wrong configuration %j', async (text) => {
    const { root } = open({ '.bartizan.yml': text });
    expect((await run(root, ['suppress', FINGERPRINT, '--reason', 'why'])).code).toBe(3);
    expect(config()).toBe(text);
  });
});

test.each([
  ['', 'suppressions:\n  - A'],
  ['# only a comment', '# only a comment\n\nsuppressions:\n  - A'],
  ['fail-on: low', 'fail-on: low\n\nsuppressions:\n  - A'],
  ['suppressions:\n', 'suppressions:\n  - A'],
  ['suppressions: # none yet\nfail-on: low\n', 'suppressions: # none yet\n  - Afail-on: low\n'],
  ['suppressions:\n- path: a\n  reason: r', 'suppressions:\n- path: a\n  reason: r\n- A'],
  ['suppressions:\r\n  - path: a\r\n    reason: r\r\n', 'suppressions:\r\n  - path: a\r\n    reason: r\r\n  - A'],
])('an entry is added to %j', (text, expected) => {
  const added = appendSuppression(text, { fingerprint: 'f', reason: 'r' });
  expect(added?.replace(/fingerprint: "f"\r?\n +reason: "r"\r?\n/, 'A')).toBe(expected);
});
