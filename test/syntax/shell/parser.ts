import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createShellParser } from '../../../src/syntax/shell/index.js';
import type { ShellParser } from '../../../src/syntax/shell/index.js';

const require = createRequire(import.meta.url);
let parser: Promise<ShellParser> | undefined;

/** One parser for all tests of a process, from the packages' own wasm files. */
export function shellParser(): Promise<ShellParser> {
  return (parser ??= (async () =>
    createShellParser({
      runtime: await readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
      powershell: await readFile(new URL('../../../node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm', import.meta.url)),
      language: await readFile(require.resolve('tree-sitter-bash/tree-sitter-bash.wasm')),
    }))());
}
