import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineIndex, ScannerOutputError } from '../../src/core/index.js';
import type { Finding, Scanner, ScanRequest } from '../../src/core/index.js';

/** What must hold for every adapter whatever its tool prints; `sample` is a recorded output, `lines` that it is several documents. */
export function itSurvivesHostileOutput(scanner: Scanner, request: ScanRequest, sample: string, lines = false): void {
  /** Parses and checks what comes out; the only allowed error is `ScannerOutputError`. */
  const check = (stdout: string): void => {
    let parsed;
    try {
      parsed = scanner.parse({ stdout, stderr: '', exitCode: 0 }, request);
    } catch (error) {
      expect(error).toBeInstanceOf(ScannerOutputError);
      return;
    }
    for (const finding of parsed.findings) {
      const { path, region } = finding.locations[0];
      expect(isWorkspacePath(path), path).toBe(true);
      if (scanner.splittable) expect(request.files.map((file) => file.path)).toContain(path);
      expect(parsed.rules.map((rule) => rule.id)).toContain(finding.ruleId);
      const lines = new LineIndex(request.source(path) ?? '');
      if (region === undefined || request.source(path) === undefined) continue;
      expect(region.startLine).toBeGreaterThanOrEqual(1);
      expect(region.endLine).toBeGreaterThanOrEqual(region.startLine);
      expect(region.endLine).toBeLessThanOrEqual(lines.lineCount);
      expect(region.startColumn).toBeGreaterThanOrEqual(1);
      expect(region.endColumn).toBeLessThanOrEqual(lines.line(region.endLine).length + 1);
      if (region.startLine === region.endLine) expect(region.endColumn).toBeGreaterThanOrEqual(region.startColumn);
    }
  };

  it('fails on empty output', () => {
    expect(() => scanner.parse({ stdout: '', stderr: '', exitCode: 0 }, request)).toThrow(/printed no results/);
  });

  it('fails on every truncation of a recorded output, or finds a part of what the whole says', () => {
    const whole = new Set(scanner.parse({ stdout: sample, stderr: '', exitCode: 0 }, request).findings.map(identity));
    const { length } = sample.trimEnd();
    // Each is parsed anew: of a long recording not every one.
    const step = Math.max(1, Math.floor(length / 3_000));
    for (let end = 0; end < length; end += step) {
      let findings;
      try {
        findings = scanner.parse({ stdout: sample.slice(0, end), stderr: '', exitCode: 0 }, request).findings;
      } catch (error) {
        expect(error).toBeInstanceOf(ScannerOutputError);
        continue;
      }
      expect(lines, 'only a tool that prints one document for each line may be read in part').toBe(true);
      for (const finding of findings) expect(whole).toContain(identity(finding));
    }
  });

  it('gives a usable result or an output error for any text', () => {
    fc.assert(fc.property(fc.string(), check));
  });

  it('gives a usable result or an output error for any JSON', () => {
    fc.assert(fc.property(fc.json(), check));
  });

  it('gives a usable result or an output error when any value of a recorded output is replaced', () => {
    if (lines) return;
    const slots = countValues(JSON.parse(sample));
    fc.assert(
      fc.property(fc.nat(slots - 1), fc.oneof(fc.jsonValue(), fc.integer(), fc.constant('../../etc/passwd'), fc.constant('__proto__')), (slot, value) =>
        check(JSON.stringify(replaceValue(JSON.parse(sample), slot, value))),
      ),
      { numRuns: 500 },
    );
  });

  it('survives deep nesting', () => {
    check('['.repeat(200_000));
    check(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  });
}

/** What a part of a stream already tells; a later document may change how bad it is. */
function identity({ ruleId, locations }: Finding): string {
  return `${ruleId} ${locations[0].path}`;
}

/** Relative, in the workspace, and in one form only. */
function isWorkspacePath(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\0') && path.split('/').every((part) => part !== '..' && part !== '.');
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return 1 + Object.values(value).reduce((sum: number, child) => sum + countValues(child), 0);
}

/** Replaces the value with this number in depth-first order. */
function replaceValue(root: unknown, slot: number, replacement: unknown): unknown {
  let at = 0;
  const walk = (value: unknown): unknown => {
    if (at++ === slot) return replacement;
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child)]));
  };
  return walk(root);
}
