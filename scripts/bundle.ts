import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { minify } from 'terser';

/** Where compiled sources are, where the bundle goes, and where `node_modules` is. */
export interface BundleRequest {
  /** Folder with `main.js`, `cli.js` and `worker.js`, compiled by `tsc`. */
  readonly sources: string;
  /** Emptied first. */
  readonly out: string;
  readonly root: string;
}

interface NccResult {
  readonly code: string;
  readonly assets: Readonly<Record<string, { readonly source: Buffer | string }>>;
}
type Ncc = (input: string, options: Readonly<Record<string, unknown>>) => Promise<NccResult>;

const LICENCES = 'LICENSES.txt';

/**
 * The doors share every chunk, so they are bundled as one program. What a door does not need
 * at once is behind an `import()` and stays in a chunk of its own.
 */
const ENTRY = ['main', 'cli', 'worker'].map((door) => `export const ${door} = () => import('./${door}.js');\n`).join('');

/**
 * Bundles the Action (`index.js`) and the command line (`cli.js`) with everything that they need.
 * The same sources give the same bytes, wherever the checkout lies.
 */
export async function bundle({ sources, out, root }: BundleRequest): Promise<void> {
  const require = createRequire(join(root, 'package.json'));
  const ncc = require('@vercel/ncc') as Ncc;
  const entry = join(sources, 'bundle-entry.js');
  writeFileSync(entry, ENTRY);
  const { code, assets } = await ncc(entry, { cache: false, minify: false, quiet: true, target: 'es2022', license: LICENCES });

  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, 'app'), { recursive: true });
  const chunks = new Map([['index.js', code]]);
  let licences = '';
  for (const [name, { source }] of Object.entries(assets)) {
    if (name === LICENCES) licences = source.toString();
    else if (name.endsWith('.js')) chunks.set(name, source.toString());
    // The runtime's wasm comes with a hash for a name; it is copied below under its own. `package.json` likewise.
    else if (!name.endsWith('.wasm') && name !== 'package.json') throw new Error(`The bundler emitted ${name}, which no one has asked for.`);
  }
  for (const [name, source] of chunks) writeFileSync(join(out, 'app', name), await minified(repairCreateRequire(source)));

  const wasm = ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-bash/tree-sitter-bash.wasm', 'tree-sitter-powershell/tree-sitter-powershell.wasm'];
  for (const path of wasm) copyFileSync(join(root, 'node_modules', path), join(out, 'app', path.slice(path.indexOf('/') + 1)));
  writeFileSync(join(out, LICENCES), licences + licenceOf(root, 'tree-sitter-bash'));
  writeFileSync(join(out, 'package.json'), '{"type":"module"}\n');
  writeFileSync(join(out, 'index.js'), `import { main } from './app/index.js';\nawait main();\n`);
  writeFileSync(join(out, 'cli.js'), `#!/usr/bin/env node\nimport { cli } from './app/index.js';\nawait cli();\n`);
  // Beside the chunks, where `io/threads.ts` looks for it.
  writeFileSync(join(out, 'app', 'worker.js'), `import { worker } from './index.js';\nawait worker();\n`);
  chmodSync(join(out, 'cli.js'), 0o755);
}

/**
 * `web-tree-sitter` asks for `createRequire` by `await import("module")`. Webpack answers with an empty
 * namespace, because that module's export is a function, and `Parser.init` fails. Node 20.16 and later
 * give the module without an import.
 */
export function repairCreateRequire(source: string): string {
  const broken = /await Promise\.resolve\(\/\* import\(\) \*\/\)\.then\(__(?:webpack|nccwpck)_require__\.t\.bind\(__(?:webpack|nccwpck)_require__, \d+, \d+\)\)/;
  const repaired = source.replace(new RegExp(`(const \\{ createRequire \\} = )${broken.source}`, 'g'), '$1process.getBuiltinModule("module")');
  if (/\{ createRequire \} = await /.test(repaired)) throw new Error('`await import("module")` is written differently now: see repairCreateRequire.');
  return repaired;
}

async function minified(source: string): Promise<string> {
  const { code } = await minify(source, { module: true, ecma: 2020, compress: { passes: 1 }, format: { comments: false } });
  if (code === undefined) throw new Error('terser gave no code');
  return `${code}\n`;
}

function licenceOf(root: string, name: string): string {
  const folder = join(root, 'node_modules', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { license: string };
  return `\n${name}\n${manifest.license}\n${readFileSync(join(folder, 'LICENSE'), 'utf8')}`;
}

/** Path and size in bytes of each file, for the log. */
function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => `${String(statSync(join(folder, name)).size).padStart(9)} ${name}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const build = dirname(dirname(fileURLToPath(import.meta.url)));
  const root = dirname(build);
  const out = join(root, 'dist');
  await bundle({ sources: join(build, 'src'), out, root });
  process.stdout.write(`${listing(out).join('\n')}\n`);
}
