import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../src/core/index.js';
import { generatedFiles, leftovers } from './generated-files.js';

/** `build/scripts/generate.js` lies two folders below the root. */
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** What differs between the generated files as they are and as they should be, one line each. */
function differences(files: ReadonlyMap<string, string>): string[] {
  const changed = [...files].flatMap(([path, text]) => {
    const target = join(root, path);
    if (!existsSync(target)) return [`${path}: missing`];
    const current = readFileSync(target, 'utf8').split('\n');
    const wanted = text.split('\n');
    const line = wanted.findIndex((value, index) => value !== current[index]);
    return line === -1 && current.length === wanted.length ? [] : [`${path}: differs from line ${(line === -1 ? wanted.length : line) + 1} on`];
  });
  return [...changed, ...leftovers(root, files).map((path) => `${path}: left over, nothing generates it`)];
}

try {
  const files = generatedFiles(root);
  if (process.argv.includes('--check')) {
    const found = differences(files);
    process.stdout.write(found.length === 0 ? `${files.size} generated files are up to date\n` : `${found.join('\n')}\nRun npm run generate and commit the result.\n`);
    process.exitCode = found.length === 0 ? 0 : 1;
  } else {
    for (const path of leftovers(root, files)) rmSync(join(root, path));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    process.stdout.write(`wrote ${files.size} generated files\n`);
  }
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
