import type { ShellCommand, ShellOptions } from './types.js';

const LETTERS: Readonly<Record<string, keyof ShellOptions>> = { e: 'errexit', u: 'nounset', x: 'xtrace' };
const NAMES = new Set<string>(['errexit', 'nounset', 'pipefail', 'xtrace']);

/**
 * Options set by the words behind `set` or a shell's name: `-euo pipefail`, `-o errexit`.
 * Options that are switched off (`+e`) are not told: the question is whether they are ever in force.
 */
export function optionsOf(words: readonly string[]): Partial<ShellOptions> {
  const options: { -readonly [K in keyof ShellOptions]?: boolean } = {};
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--' || !/^[-+]/.test(word)) break;
    if (word.startsWith('--')) continue;
    for (const letter of word.slice(1)) {
      const name = LETTERS[letter];
      if (name !== undefined && word.startsWith('-')) options[name] = true;
      if (letter !== 'o') continue;
      const value = words[++i] ?? '';
      if (word.startsWith('-') && NAMES.has(value)) options[value as keyof ShellOptions] = true;
    }
  }
  return options;
}

/** Interpreter and flags of the first line; `/usr/bin/env -S bash -e` is `bash` with `-e`. */
export function shebang(text: string): { readonly interpreter: string; readonly flags: readonly string[] } {
  const line = /^\uFEFF?#![ \t]*([^\r\n]{1,500})/.exec(text.slice(0, 600))?.[1];
  if (line === undefined) return { interpreter: '', flags: [] };
  const words = line.trim().split(/[ \t]+/);
  let at = 0;
  if (/(?:^|\/)env$/.test(words[0] as string)) {
    at = 1;
    while (at < words.length && (/^-/.test(words[at] as string) || /^\w+=/.test(words[at] as string))) at++;
  }
  const path = words[at] ?? '';
  return { interpreter: path.slice(path.lastIndexOf('/') + 1), flags: words.slice(at + 1) };
}

/** Options in force somewhere at top level: `set` in functions and substitutions does not count. */
export function scriptOptions(commands: readonly ShellCommand[], flags: readonly string[], initial: Partial<ShellOptions>): ShellOptions {
  let options: ShellOptions = { errexit: false, nounset: false, pipefail: false, xtrace: false, ...initial, ...optionsOf(flags) };
  for (const command of commands) {
    if (command.name !== 'set' || command.inFunction !== '' || command.within !== '') continue;
    options = { ...options, ...optionsOf(command.words.map((word) => word.value)) };
  }
  return options;
}
