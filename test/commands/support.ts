import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CommandContext } from '../../src/commands/index.js';
import { runCommandLine } from '../../src/commands/index.js';
import type { Output } from '../../src/io/log.js';

/** A folder with files, taken away by `remove`. */
export interface Workspace {
  readonly root: string;
  write(path: string, content: string | Uint8Array): string;
  remove(): void;
}

export function workspace(files: Readonly<Record<string, string | Uint8Array>> = {}): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
  const write = (path: string, content: string | Uint8Array): string => {
    const absolute = join(root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
    return absolute;
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { root, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in a folder, without a terminal. */
export async function run(directory: string, args: readonly string[], context: Partial<CommandContext> = {}): Promise<Ran> {
  const out = collector();
  const err = collector();
  const code = await runCommandLine(args, { out, err, directory, environment: { PATH: process.env['PATH'] ?? '' }, ...context });
  return { code, out: out.text(), err: err.text() };
}

function collector(): Output & { text(): string } {
  const parts: string[] = [];
  return {
    write: (text) => {
      parts.push(text);
      return Promise.resolve();
    },
    isTerminal: false,
    columns: undefined,
    rows: undefined,
    text: () => parts.join(''),
  };
}
