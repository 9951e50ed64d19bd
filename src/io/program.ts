import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let known: string | undefined;

/**
 * SHA-256 over this very program, so that what one build has kept is never taken for another's: of the bundle, or of the
 * sources where nothing is bundled.
 */
export function programDigest(): string {
  return (known ??= digestOf());
}

function digestOf(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const bundled = basename(here) !== 'io';
  const folder = bundled ? here : dirname(here);
  const hash = createHash('sha256').update(process.version);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: !bundled }).sort((a, b) => (join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1))) {
    if (!entry.isFile() || !/\.(?:[cm]?[jt]s|json|wasm)$/.test(entry.name)) continue;
    const content = readFileSync(join(entry.parentPath, entry.name));
    hash.update(`\n${entry.name} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}
