import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '../src');
/** Static imports of values; types and `import()` load nothing at the start. */
const IMPORT = /^(?:import|export) (?!type\b)(?:[^;]*? from )?'([^']+)'/gm;

/** Every file and package that a file loads before its first line runs, by the first file that asks for it. */
function loadedBy(file: string): Map<string, string> {
  const loaded = new Map([[relative(SOURCES, file), '']]);
  const pending = [file];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const [, name = ''] of readFileSync(current, 'utf8').matchAll(IMPORT)) {
      const target = name.startsWith('.') ? join(dirname(current), name.replace(/\.js$/, '.ts')) : name;
      const key = name.startsWith('.') ? relative(SOURCES, target) : name;
      if (loaded.has(key)) continue;
      loaded.set(key, relative(SOURCES, current));
      if (target.endsWith('.ts')) pending.push(target);
    }
  }
  return loaded;
}

test.each(['worker.ts', 'judge.ts', 'app.ts', 'configuration.ts'])('%s loads neither zod nor the CEL library', (door) => {
  const loaded = loadedBy(join(SOURCES, door));
  expect(loaded.size).toBeGreaterThan(5);
  for (const heavy of ['zod', '@marcbachmann/cel-js']) expect(loaded.get(heavy), `${heavy} is loaded by the file named`).toBeUndefined();
});
