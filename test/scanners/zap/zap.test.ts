import { describe, expect, it } from 'vitest';
import { zap } from '../../../src/scanners/zap.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'zap',
  root: '/workspace',
  files: entries('dockerfile', []),
  output: 'zap/output.json',
  options: { target: 'http://app.example.com' },
  expected: ['10038-1 .bartizan.yml medium/high'],
  real: 'none',
};

describeAdapter(zap, SAMPLE);

describe('zap, in detail', () => {
  it('shows where, without what could be a session, and no HTML', () => {
    const { findings, rules } = parseCase(zap, SAMPLE);
    expect(findings[0]?.message).toBe('Content Security Policy (CSP) Header Not Set: http://app.example.com/, http://app.example.com/b');
    expect(rules[0]?.help).not.toContain('<p>');
  });

  it.each(['file:///etc/passwd', 'ftp://a', 'app.example.com', 'http://user:word@app.example.com/'])('refuses the target %s', (target) => {
    expect(() => zap.command({ root: '/w', files: [], options: { target }, configDirectory: '/c', outputDirectory: '/o', source: () => undefined })).toThrow('target');
  });
});
