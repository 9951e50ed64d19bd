import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/core/index.js';
import { isPlainPath, openFiles } from '../../src/io/files.js';

let base: string;
let root: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'bartizan-files-'));
  root = join(base, 'workspace');
  mkdirSync(root);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function codeOf(path: string, maxBytes?: number): string {
  const result = openFiles(root).read(path, maxBytes);
  return result.ok ? `ok:${result.text}` : result.diagnostic.code;
}

describe('read', () => {
  test('gives the text of a file', () => {
    writeFileSync(join(root, 'a.yml'), 'on: push\n');
    expect(openFiles(root).read('a.yml')).toEqual({ ok: true, text: 'on: push\n', byteOrderMark: false });
  });

  test('drops a byte order mark, so that offset 0 is the first character', () => {
    writeFileSync(join(root, 'a.yml'), '\uFEFFon: push\n');
    expect(openFiles(root).read('a.yml')).toEqual({ ok: true, text: 'on: push\n', byteOrderMark: true });
  });

  test('reads a file whose name has newlines and workflow commands', () => {
    const name = 'a\n::error::x\n.yml';
    writeFileSync(join(root, name), 'x');
    expect(codeOf(name)).toBe('ok:x');
  });

  test('refuses a file above the limit without reading it', () => {
    writeFileSync(join(root, 'big.yml'), '');
    truncateSync(join(root, 'big.yml'), 50_000_000);
    const result = openFiles(root).read('big.yml');
    expect(result).toMatchObject({ ok: false, diagnostic: { code: 'file-too-large', path: 'big.yml' } });
    expect(!result.ok && result.diagnostic.message).toContain('50 MB');
  });

  test('takes a file of exactly the limit', () => {
    writeFileSync(join(root, 'a'), 'abcd');
    expect(codeOf('a', 4)).toBe('ok:abcd');
    expect(codeOf('a', 3)).toBe('file-too-large');
  });

  test('refuses a file whose size the kernel does not tell, when it has more than the limit', () => {
    // Files under /proc claim size 0; reached as a workspace of its own, so that no link is involved.
    const files = openFiles('/proc/self');
    expect(files.read('status', 100)).toMatchObject({ ok: false, diagnostic: { code: 'file-too-large' } });
    expect(files.read('status').ok).toBe(true);
  });

  test.each([
    ['\n\nab\xff', 3, 3],
    ['\xc3', 1, 1],
    ['ok\n\xed\xa0\x80', 2, 1],
    ['\xe4\xb8', 1, 1],
  ])('names the line and column of the first byte that is not UTF-8 (%j)', (latin1, line, column) => {
    writeFileSync(join(root, 'a'), Buffer.from(latin1, 'latin1'));
    expect(openFiles(root).read('a')).toMatchObject({
      ok: false,
      diagnostic: { code: 'not-utf8', region: { startLine: line, startColumn: column } },
    });
  });

  test('finds the first invalid byte after any valid text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 30 }), (before, after) => {
        writeFileSync(join(root, 'a'), Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]));
        const lines = before.split('\n');
        expect(openFiles(root).read('a')).toMatchObject({
          ok: false,
          diagnostic: { region: { startLine: lines.length, startColumn: (lines.at(-1) ?? '').length + 1 } },
        });
      }),
      { numRuns: 60 },
    );
  });

  test('refuses NUL bytes and names the line', () => {
    writeFileSync(join(root, 'a'), 'a\nb\0');
    expect(openFiles(root).read('a')).toMatchObject({ ok: false, diagnostic: { code: 'binary-file', region: { startLine: 2, startColumn: 2 } } });
  });

  test('does not wait on a named pipe', () => {
    execFileSync('mkfifo', [join(root, 'pipe.sh')]);
    expect(codeOf('pipe.sh')).toBe('not-a-file');
    expect(openFiles(root).head('pipe.sh', 10)).toBeUndefined();
  });

  test('refuses a socket and a folder', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'socket.sh'), resolve));
    mkdirSync(join(root, 'folder.sh'));
    expect(codeOf('socket.sh')).toBe('not-a-file');
    expect(codeOf('folder.sh')).toBe('not-a-file');
    await new Promise((resolve) => server.close(resolve));
  });

  test('says when a file is gone', () => {
    expect(codeOf('none.yml')).toBe('file-missing');
  });

  test('says when a file may not be read', () => {
    writeFileSync(join(root, 'a'), 'x', { mode: 0o000 });
    chmodSync(base, 0o755);
    const files = openFiles(root);
    const seteuid = process.geteuid?.() === 0 ? process.seteuid : undefined;
    seteuid?.call(process, 65534);
    try {
      expect(files.read('a')).toMatchObject({ ok: false, diagnostic: { code: 'file-unreadable' } });
    } finally {
      seteuid?.call(process, 0);
    }
  });
});

describe('links', () => {
  test('are followed inside the workspace', () => {
    mkdirSync(join(root, 'd'));
    writeFileSync(join(root, 'd', 'real'), 'x');
    symlinkSync('d/real', join(root, 'file'));
    symlinkSync('d', join(root, 'folder'));
    expect(codeOf('file')).toBe('ok:x');
    expect(codeOf('folder/real')).toBe('ok:x');
    expect(openFiles(root).followLink('file')).toEqual({ target: 'd/real' });
  });

  test.each([
    ['absolute', () => symlinkSync(join(base, 'secret'), join(root, 'link'))],
    ['by ..', () => symlinkSync('../secret', join(root, 'link'))],
    ['in two hops', () => {
      symlinkSync('hop', join(root, 'link'));
      symlinkSync('../secret', join(root, 'hop'));
    }],
  ])('out of the workspace are refused (%s)', (_name, make) => {
    writeFileSync(join(base, 'secret'), 'token');
    make();
    expect(codeOf('link')).toBe('outside-workspace');
    expect(openFiles(root).head('link', 10)).toBeUndefined();
  });

  test('to folders out of the workspace are refused', () => {
    mkdirSync(join(base, 'other'));
    writeFileSync(join(base, 'other', 'a'), 'token');
    symlinkSync('../other', join(root, 'd'));
    expect(codeOf('d/a')).toBe('outside-workspace');
    expect(openFiles(root).kind('d/a')).toBe('outside');
    expect(openFiles(root).list('d', 10)).toMatchObject({ code: 'outside-workspace' });
  });

  test('to a folder beside the workspace whose name begins alike are refused', () => {
    mkdirSync(join(base, 'workspace-2'));
    writeFileSync(join(base, 'workspace-2', 'a'), 'token');
    symlinkSync('../workspace-2/a', join(root, 'link'));
    expect(codeOf('link')).toBe('outside-workspace');
  });

  test('into .git are refused: its configuration can hold a token', () => {
    mkdirSync(join(root, '.git'));
    writeFileSync(join(root, '.git', 'config'), 'token');
    symlinkSync('.git/config', join(root, 'link.yml'));
    expect(codeOf('link.yml')).toBe('outside-workspace');
    expect(codeOf('.git/config')).toBe('outside-workspace');
  });

  test('that dangle or loop are told apart', () => {
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync('b', join(root, 'a'));
    symlinkSync('a', join(root, 'b'));
    expect(codeOf('dangling')).toBe('link-dangling');
    expect(codeOf('a')).toBe('link-loop');
  });

  test('to a named pipe are refused without waiting', () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    symlinkSync('pipe', join(root, 'link.sh'));
    expect(codeOf('link.sh')).toBe('not-a-file');
  });
});

describe('paths', () => {
  test.each(['../x', 'a/../../x', '/etc/passwd', '', 'a//b', './a', 'a/.', 'a\0b'])('%j is refused', (path) => {
    expect(isPlainPath(path)).toBe(false);
    expect(codeOf(path)).toBe('outside-workspace');
  });

  test('no path at all leads out of the workspace', () => {
    writeFileSync(join(base, 'secret'), 'token');
    const part = fc.constantFrom('..', '.', '', 'a', 'secret', 'workspace', '/', base.slice(1));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        expect(codeOf(parts.join('/'))).not.toContain('token');
      }),
    );
  });
});

describe('openFiles', () => {
  test('refuses what is no directory, with one clear message', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => openFiles(join(root, 'file'))).toThrow(/is a file, not a directory/);
    expect(() => openFiles(join(root, 'none'))).toThrow(/does not exist/);
    expect(() => openFiles(join(root, 'none'))).toThrow(ConfigurationError);
  });

  test('answers with the root free of links', () => {
    symlinkSync(root, join(base, 'alias'));
    expect(openFiles(join(base, 'alias')).root).toBe(openFiles(root).root);
  });
});
