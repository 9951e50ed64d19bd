import { mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFile, writeReport } from '../../src/io/new-file.js';

function folder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-test-')));
}

describe('writeReport', () => {
  it('writes with its folders and replaces what is there', () => {
    const root = folder();
    writeReport(join(root, 'a/b/report.json'), 'one', root);
    writeReport(join(root, 'a/b/report.json'), 'two', root);
    expect(readFileSync(join(root, 'a/b/report.json'), 'utf8')).toBe('two');
  });

  it('follows no link of the workspace, neither as the file nor as a folder', () => {
    const [root, outside] = [folder(), folder()];
    writeFileSync(join(outside, 'bashrc'), 'mine');
    symlinkSync(join(outside, 'bashrc'), join(root, 'report.html'));
    symlinkSync(outside, join(root, 'out'));
    expect(() => writeReport(join(root, 'report.html'), 'x', root)).toThrow('report.html is a link');
    expect(() => writeReport(join(root, 'out/bashrc'), 'x', root)).toThrow('out is a link');
    expect(readFileSync(join(outside, 'bashrc'), 'utf8')).toBe('mine');
  });

  it('writes where the user says, outside of the workspace', () => {
    const [root, outside] = [folder(), folder()];
    mkdirSync(join(outside, 'real'));
    symlinkSync(join(outside, 'real'), join(outside, 'link'));
    writeReport(join(outside, 'link/report.json'), 'x', root);
    expect(readFileSync(join(outside, 'real/report.json'), 'utf8')).toBe('x');
  });
});

describe('createFile', () => {
  it('never changes a file that is there', () => {
    const root = folder();
    expect(createFile(root, 'x/a.yml', 'one')).toBe(true);
    expect(createFile(root, 'x/a.yml', 'two')).toBe(false);
    expect(readFileSync(join(root, 'x/a.yml'), 'utf8')).toBe('one');
  });
});
