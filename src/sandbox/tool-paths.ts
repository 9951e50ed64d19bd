import { basename, dirname, join } from 'node:path';
import { findExecutable } from '../io/process-path.js';
import { linkChain, pathKind, readStart, realPath } from '../io/process-files.js';

/** What a program needs to be seen of the file system besides the system's own directories. */
export interface ToolPaths {
  /** Absolute paths, free of duplicates. */
  readonly readable: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** An interpreter of an interpreter of … is nobody's tool. */
const MAX_INTERPRETERS = 3;
/** The kernel itself reads no more of a script's first line. */
const SHEBANG_BYTES = 256;

/**
 * Finds the files that make up an installed program: the program, its interpreter by the script's
 * first line, their libraries (`<prefix>/lib` beside `<prefix>/bin`, the packages of a Python
 * environment or the `node_modules` that it lies in). Nothing broader, since a prefix may be a home.
 */
export function toolPaths(executable: string, pathVariable: string, workspace: string): ToolPaths {
  const readable = new Set<string>();
  const environment: Record<string, string> = {};
  let current: string | undefined = executable;
  for (let depth = 0; current !== undefined && depth <= MAX_INTERPRETERS; depth++) {
    addProgram(current, depth, readable, environment);
    current = interpreter(current, pathVariable, workspace);
  }
  return { readable: withoutNested([...readable].filter((path) => !isSystemPath(path))), environment };
}

/**
 * What lies in a directory that is seen anyway is not named again: a mount on top of it fails where it is a link whose
 * target is not there yet, as `python3` in a virtual environment is.
 */
function withoutNested(paths: readonly string[]): string[] {
  const directories = paths.filter((path) => pathKind(path) === 'directory');
  return paths.filter((path) => !directories.some((directory) => path.startsWith(`${directory}/`)));
}

/** Directories that every sandbox has. */
export function isSystemPath(path: string): boolean {
  return ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].some((root) => path === root || path.startsWith(`${root}/`));
}

function addProgram(path: string, depth: number, readable: Set<string>, environment: Record<string, string>): void {
  const real = realPath(path);
  if (real === undefined) return;
  // Every link on the way has to be there too: `python3` of an environment leads to `python3` of an installation, which is one itself.
  const places = new Set([...linkChain(path), real]);
  for (const place of places) readable.add(place);
  for (const place of places) {
    const bin = dirname(place);
    const prefix = dirname(bin);
    if (basename(bin) === 'bin') {
      for (const name of ['lib', 'lib64', 'pyvenv.cfg']) {
        if (pathKind(join(prefix, name)) !== 'missing') readable.add(join(prefix, name));
      }
      // The go command compiles its own standard library.
      if (basename(place) === 'go' && pathKind(join(prefix, 'src', 'runtime')) === 'directory') readable.add(prefix);
      // `python` in a virtual environment is a link beside the program.
      if (pathKind(join(prefix, 'pyvenv.cfg')) === 'file') readable.add(bin);
      // Installed by `pip install --user`: found by the home directory, which is another one inside.
      else if (depth === 0 && isPythonScript(place) && pathKind(join(prefix, 'lib')) === 'directory') {
        environment['PYTHONUSERBASE'] = prefix;
      }
    }
    const modules = place.lastIndexOf('/node_modules/');
    if (modules !== -1) readable.add(place.slice(0, modules + '/node_modules'.length));
  }
}

function isPythonScript(path: string): boolean {
  return /^#!.*python/.test(readStart(path, SHEBANG_BYTES)?.toString('latin1').split('\n', 1)[0] ?? '');
}

/** The program that the kernel starts for a script, or undefined for a binary. */
function interpreter(path: string, pathVariable: string, workspace: string): string | undefined {
  const line = readStart(path, SHEBANG_BYTES)?.toString('utf8').split('\n', 1)[0] ?? '';
  if (!line.startsWith('#!')) return undefined;
  const [program = '', ...args] = line.slice(2).trim().split(/\s+/);
  if (basename(program) !== 'env') return program === '' ? undefined : program;
  const name = args.find((arg) => !arg.startsWith('-') && !arg.includes('='));
  if (name === undefined) return undefined;
  const lookup = findExecutable(name, pathVariable, workspace);
  return lookup.found ? lookup.path : undefined;
}
