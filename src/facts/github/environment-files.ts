import type { SourceRange } from '../../core/index.js';
import type { ShellCommand, ShellRedirect, ShellWord } from '../../syntax/shell/index.js';
import { joinOrigins, type ScriptFlow } from './command-output.js';
import { LITERAL, type Origin } from './scope.js';

/** What a script writes to one of the files (or by one of the old commands) that later steps read. */
export interface FileWrite {
  readonly file: 'output' | 'env' | 'path' | 'state';
  /** Name of the output or variable; empty when it can not be told, and for `path`. */
  readonly name: string;
  readonly origin: Origin;
  /** The command or line that writes, in the script's text. */
  readonly range: SourceRange;
}

const FILES: Readonly<Record<string, FileWrite['file']>> = { GITHUB_OUTPUT: 'output', GITHUB_ENV: 'env', GITHUB_PATH: 'path', GITHUB_STATE: 'state' };

/**
 * The writes of a shell script to `$GITHUB_OUTPUT`, `$GITHUB_ENV`, `$GITHUB_PATH` and `$GITHUB_STATE`,
 * and by `::set-output` and `::set-env`: with `echo`, `printf`, `cat` and here-documents, `tee`, any
 * other command redirected there, and the form of several lines with a delimiter.
 */
export function environmentFileWrites(flow: ScriptFlow): FileWrite[] {
  const writes: FileWrite[] = [];
  /** The value of several lines that is being written to each file. */
  const open = new Map<FileWrite['file'], OpenValue>();
  for (const command of flow.script.commands) {
    const file = targetOf(command, flow);
    if (file !== undefined) writeTo(file, command, flow, open, writes);
    else if (command.name === 'echo' || command.name === 'printf') workflowCommand(command, flow, writes);
  }
  return writes;
}

interface OpenValue {
  readonly name: string;
  readonly delimiter: string;
}

function targetOf(command: ShellCommand, flow: ScriptFlow): FileWrite['file'] | undefined {
  for (const redirect of command.redirects) {
    const file = redirect.operator.includes('>') && redirect.target !== undefined ? fileOf(redirect.target, flow) : undefined;
    if (file !== undefined) return file;
  }
  if (command.name !== 'tee') return undefined;
  for (const word of command.words) {
    const file = fileOf(word, flow);
    if (file !== undefined) return file;
  }
  return undefined;
}

function fileOf(word: ShellWord, flow: ScriptFlow): FileWrite['file'] | undefined {
  const file = namedFile(word);
  if (file !== undefined || word.variables.length !== 1) return file;
  // `FILE=$GITHUB_ENV`, then `>> "$FILE"`.
  const assigned = flow.script.assignments.find(({ name, value }) => name === word.variables[0] && value !== undefined && value.variables.length === 1)?.value;
  return assigned === undefined ? undefined : namedFile(assigned);
}

function namedFile(word: ShellWord): FileWrite['file'] | undefined {
  const [name] = word.variables;
  if (name !== undefined && word.variables.length === 1 && Object.hasOwn(FILES, name)) return FILES[name];
  const context = /\$\{\{\s*github\.(output|env|path|state)\s*\}\}/i.exec(word.value)?.[1]?.toLowerCase();
  return context as FileWrite['file'] | undefined;
}

function writeTo(file: FileWrite['file'], command: ShellCommand, flow: ScriptFlow, open: Map<FileWrite['file'], OpenValue>, writes: FileWrite[]): void {
  if (file === 'path') {
    writes.push({ file, name: '', origin: flow.output(command), range: command.range });
    return;
  }
  const lines = linesOf(command, flow);
  if (lines === undefined) {
    // `jq … >> "$GITHUB_OUTPUT"`, or a value of several lines written by another command.
    writes.push({ file, name: open.get(file)?.name ?? '', origin: flow.output(command), range: command.range });
    return;
  }
  for (const line of lines) writeLine(file, line, open, writes);
}

function writeLine(file: FileWrite['file'], line: Line, open: Map<FileWrite['file'], OpenValue>, writes: FileWrite[]): void {
  const current = open.get(file);
  const text = line.text.trim();
  if (current !== undefined) {
    if (text === current.delimiter) open.delete(file);
    else writes.push({ file, name: current.name, origin: line.origin, range: line.range });
    return;
  }
  const several = /^([A-Za-z_][\w-]*)<<(.+)$/.exec(text);
  if (several !== null) {
    open.set(file, { name: several[1] as string, delimiter: (several[2] as string).trim() });
    return;
  }
  if (text === '' && line.origin === LITERAL) return;
  const name = /^([A-Za-z_][\w-]*)=/.exec(text)?.[1] ?? '';
  writes.push({ file, name, origin: line.origin, range: line.range });
}

/** One line that a command writes. */
interface Line {
  /** Quotes and escapes removed; expansions as written. */
  readonly text: string;
  readonly origin: Origin;
  readonly range: SourceRange;
}

/** The lines that `echo`, `printf` and `cat <<` write; undefined for other commands. */
function linesOf(command: ShellCommand, flow: ScriptFlow): Line[] | undefined {
  if (command.name === 'cat' || command.name === 'tee') {
    const heredoc = command.redirects.find((redirect) => redirect.body !== undefined);
    if (heredoc?.body !== undefined) return heredocLines(heredoc.body, flow);
    if (command.name === 'tee') return teeLines(command, flow);
    return undefined;
  }
  if (command.name !== 'echo' && command.name !== 'printf') return undefined;
  const words = command.words.filter((word, at) => !(at === 0 && /^-[neE]+$/.test(word.value)));
  if (command.name === 'printf') return printfLines(words, command, flow);
  const text = words.map((word) => word.value).join(' ');
  const origin = words.reduce((joined, word) => joinOrigins(joined, flow.word(word)), LITERAL);
  const pieces = text.split(/\n|\\n/);
  if (pieces.length === 1) return pieces.map((piece) => ({ text: piece, origin, range: command.range }));
  // Words may break lines themselves; then each line holds what lies in its part of the script.
  return words.length === 1 ? brokenWord(words[0] as ShellWord, command, flow, origin) : pieces.map((piece) => ({ text: piece, origin, range: command.range }));
}

/** `echo "x" | tee -a "$GITHUB_OUTPUT"`. */
function teeLines(command: ShellCommand, flow: ScriptFlow): Line[] | undefined {
  const before = flow.script.commands[command.index - 1];
  if (before === undefined || before.pipedTo[0] !== 'tee') return undefined;
  return linesOf({ ...before, redirects: before.redirects.filter((redirect: ShellRedirect) => !redirect.operator.includes('>')) }, flow);
}

/** Which argument fills which `%s` is not counted: each line with one gets all of them. */
function printfLines(words: readonly ShellWord[], command: ShellCommand, flow: ScriptFlow): Line[] {
  const [format, ...rest] = words;
  if (format === undefined) return [];
  const given = rest.reduce((joined, word) => joinOrigins(joined, flow.word(word)), LITERAL);
  const own = flow.word(format);
  const value = format.value === '%s\\n' || format.value === '%s' ? rest.map((word) => word.value).join(' ') : format.value;
  const lines = value.split(/\n|\\n/).filter((line) => line !== '');
  return lines.map((text) => ({ text, origin: joinOrigins(own, value === format.value && !text.includes('%') ? LITERAL : given), range: command.range }));
}

function brokenWord(word: ShellWord, command: ShellCommand, flow: ScriptFlow, whole: Origin): Line[] {
  const pieces = word.text.split(/\n|\\n/);
  if (pieces.length !== word.value.split(/\n|\\n/).length) return word.value.split(/\n|\\n/).map((text) => ({ text, origin: whole, range: command.range }));
  const lines: Line[] = [];
  let start = word.range.start;
  for (const piece of pieces) {
    const range = { start, end: start + piece.length };
    lines.push({ text: piece.replace(/^["']|["']$/g, ''), origin: flow.range(range), range: piece === '' ? command.range : range });
    start = range.end + (word.text.charCodeAt(range.end - word.range.start) === 10 ? 1 : 2);
  }
  return lines;
}

function heredocLines(body: { readonly range: SourceRange; readonly text: string; readonly quoted: boolean }, flow: ScriptFlow): Line[] {
  const lines: Line[] = [];
  let start = body.range.start;
  for (const text of body.text.split('\n')) {
    const range = { start, end: start + text.length };
    lines.push({ text, origin: flow.range(range), range });
    start = range.end + 1;
  }
  return lines;
}

/** `echo "::set-output name=x::$value"`, which still works where it is allowed. */
function workflowCommand(command: ShellCommand, flow: ScriptFlow, writes: FileWrite[]): void {
  const text = command.words.map((word) => word.value).join(' ');
  const found = /::(set-output|set-env|save-state) name=([\w-]+)::/.exec(text);
  const added = found === null ? /::add-path::/.test(text) : false;
  if (found === null && !added) return;
  const file = added ? 'path' : found?.[1] === 'set-output' ? 'output' : found?.[1] === 'set-env' ? 'env' : 'state';
  writes.push({ file, name: found?.[2] ?? '', origin: flow.output(command), range: command.range });
}
