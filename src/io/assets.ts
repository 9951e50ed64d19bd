import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/** Bytes of the two WebAssembly files of the shell parser, about 1.6 MB. */
export interface ShellParserAssets {
  readonly runtime: Uint8Array;
  readonly language: Uint8Array;
  /** Of PowerShell, where scripts of it are read. */
  readonly powershell?: Uint8Array;
}

/**
 * How much a WebAssembly function runs, in bytes, before V8 optimises it. With the default the grammar's huge state machines
 * are optimised during the first few scripts, for about a second of processor time, most of it of a scan that is over by then.
 */
const TIERING_BUDGET = 200_000_000;

/**
 * Reads the shell parser's files: from beside the bundle, where the build has put them, or from the
 * installed packages when the sources are run as they are. Throws when neither has them.
 * @param powershell whether the grammar of PowerShell is needed too: reading and compiling it takes some 40 ms
 */
export function shellParserAssets(powershell = false): ShellParserAssets {
  // For what is compiled from here on. A hint: results do not depend on it.
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  return {
    runtime: readAsset('web-tree-sitter.wasm', 'web-tree-sitter'),
    language: readAsset('tree-sitter-bash.wasm', 'tree-sitter-bash'),
    ...(powershell && { powershell: readAsset('tree-sitter-powershell.wasm', 'tree-sitter-powershell') }),
  };
}

function readAsset(name: string, packageName: string): Uint8Array {
  const folder = dirname(fileURLToPath(import.meta.url));
  const bundled = join(folder, name);
  if (existsSync(bundled)) return readFileSync(bundled);
  // Not by the package's entry point: its exports name no such file.
  const modules = createRequire(import.meta.url).resolve.paths(packageName) ?? [];
  const installed = modules.map((path) => join(path, packageName, name)).find((path) => existsSync(path));
  if (installed === undefined) throw new Error(`${name} is missing beside ${folder}: the installation is incomplete.`);
  return readFileSync(installed);
}
