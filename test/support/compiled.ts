import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '../..');

/** The sources as JavaScript, for what the test runner can't transform: code that runs in threads of its own. */
export interface CompiledSources {
  /** URL of a compiled file: `worker.js`. */
  url(file: string): URL;
  remove(): void;
}

/** Compiles the sources into a temporary folder; types are not checked. */
export function compileSources(): CompiledSources {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-compiled-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  const config = join(folder, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions: { rootDir: root, outDir: join(folder, 'build'), noCheck: true }, include: [join(root, 'src')] }));
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tsc: ${stdout}`);
  return {
    url: (file) => pathToFileURL(join(folder, 'build/src', file)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
