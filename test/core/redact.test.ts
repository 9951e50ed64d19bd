import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactCredentials, redactLines } from '../../src/core/index.js';

const token = `ghp_${'a1B2'.repeat(9)}`;

describe('redactCredentials', () => {
  it.each([token, `AKIA${'A'.repeat(16)}`, `glpat-${'x'.repeat(20)}`, `AIza${'0'.repeat(35)}`])('masks %s', (secret) => {
    const out = redactCredentials(`use ${secret} here`);
    expect(out).toBe(`use ${secret.slice(0, 4)}${'*'.repeat(secret.length - 4)} here`);
  });

  it('masks passwords in URLs and private keys', () => {
    expect(redactCredentials('https://bob:hunter2@example.com/x')).toBe('https://bob:*******@example.com/x');
    expect(redactCredentials('-----BEGIN RSA PRIVATE KEY-----\nMIIE\n')).not.toContain('MIIE');
  });

  it('leaves expressions and ordinary text alone, and keeps every length', () => {
    const line = 'run: echo ${{ secrets.TOKEN }} https://example.com/a:b@c';
    expect(redactCredentials(line)).toBe(line);
    fc.assert(fc.property(fc.string(), (text) => redactCredentials(text).length === text.length));
  });
});

describe('redactLines', () => {
  it('masks the region of a secret and keeps columns', () => {
    const region = { startLine: 5, startColumn: 3, endLine: 5, endColumn: 21 };
    expect(redactLines(['env:', '  PASSWORD: hunter2 # x'], 4, [region])).toEqual(['env:', '  PASSWORD: ******* # x']);
    const value = { startLine: 5, startColumn: 13, endLine: 5, endColumn: 20 };
    expect(redactLines(['env:', '  PASSWORD: hunter2 # x'], 4, [value])).toEqual(['env:', '  PASSWORD: ******* # x']);
  });
});
