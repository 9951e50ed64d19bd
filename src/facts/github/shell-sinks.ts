import type { SourceRange } from '../../core/index.js';
import type { ShellCommand, ShellWord } from '../../syntax/shell/index.js';
import type { ScriptFlow } from './command-output.js';
import type { Origin } from './scope.js';

/** A place of a script where a value that was followed there does something else than being data. */
export interface ShellSink {
  readonly sink: 'argument' | 'url' | 'prompt' | 'eval';
  readonly command: ShellCommand;
  readonly range: SourceRange;
  readonly origin: Origin;
}

/** Commands whose first operand is a program: it can run commands, whatever quotes stand around a value in it. */
const PROGRAMS = new Set(['awk', 'gawk', 'mawk', 'nawk', 'sed', 'gsed']);
/** Commands with options that run other commands or write files, so that a value may not begin an argument. */
const OPTIONS = new Set(['find', 'git', 'tar', 'wget', 'curl', 'zip', 'unzip', 'rsync', 'ssh', 'scp', 'xargs', 'env', 'python', 'python3', 'node', 'perl', 'ruby', 'php', 'npm', 'npx', 'yarn', 'pnpm', 'pip', 'pip3', 'docker', 'podman', 'make', 'gcc', 'mvn', 'gradle', 'ffmpeg', 'pandoc', 'kubectl', 'helm', 'terraform', 'gh', 'aws', 'sort', 'dd', 'cargo', 'go', 'sqlite3', 'mysql', 'psql', 'man', 'less', 'vim', 'nice', 'timeout', 'sudo', 'su', 'chown', 'chmod', 'busybox', 'nc', 'socat', 'openssl', 'gpg']);
const SHELLS = /^(?:(?:ba|da|z|k)?sh|source|\.)$/;
const FETCHERS = new Set(['curl', 'wget', 'http', 'https', 'xh', 'aria2c', 'lynx']);
/** Command lines of language models. */
const AGENTS = new Set(['claude', 'codex', 'gemini', 'opencode', 'aider', 'cursor-agent', 'copilot', 'llm', 'goose', 'amp', 'q', 'qwen']);
/** Long options that take no value. */
const FLAGS = /^--(?:fail|silent|show-error|location|insecure|verbose|quiet|no-[a-z-]+|force|all|recursive|compressed|head|remote-name|tags|prune)$/;
/** Interpreters and the options behind which their next argument is a program. */
const INLINE: Readonly<Record<string, readonly string[]>> = { python: ['-c'], python3: ['-c'], node: ['-e', '--eval', '-p', '--print'], perl: ['-e', '-E', '-ne', '-pe'], ruby: ['-e'], php: ['-r'], deno: ['eval'], pwsh: ['-c', '-Command', '-command'], powershell: ['-c', '-Command', '-command'] };

/**
 * Where values of variables and substitutions become an argument that can be an option or a program,
 * the address that is fetched, or a text for a language model. Template expressions count nowhere
 * here: they are part of the script before the shell reads it.
 */
export function shellSinks(flow: ScriptFlow): ShellSink[] {
  const sinks: ShellSink[] = [];
  for (const command of flow.script.commands) {
    if (command.name === '' || command.path.startsWith('$')) collectName(command, flow, sinks);
    else if (SHELLS.test(command.name)) collectCode(command, flow, sinks);
    if (AGENTS.has(command.name)) collectPrompts(command, flow, sinks);
    else if (PROGRAMS.has(command.name) || OPTIONS.has(command.name) || Object.hasOwn(INLINE, command.name) || FETCHERS.has(command.name)) collectArguments(command, flow, sinks);
  }
  return sinks;
}

/** `$TITLE` as a command. */
function collectName(command: ShellCommand, flow: ScriptFlow, sinks: ShellSink[]): void {
  if (command.nameRange.end <= command.nameRange.start) return;
  const origin = flow.range(command.nameRange);
  if (isOutsiders(origin)) sinks.push({ sink: 'eval', command: { ...command, name: 'the shell' }, range: command.nameRange, origin });
}

/** `echo "$x" | sh`, `bash <<< "$x"`, `source <(echo "$x")`, `xargs sh -c 'echo {}'`. */
function collectCode(command: ShellCommand, flow: ScriptFlow, sinks: ShellSink[]): void {
  if (command.name === 'source' || command.name === '.') {
    const [word] = command.words;
    const origin = word?.substitutions.some(({ kind }) => kind === 'process') === true ? flow.word(word) : undefined;
    if (word !== undefined && origin !== undefined && isOutsiders(origin)) sinks.push({ sink: 'eval', command, range: word.range, origin });
    return;
  }
  const replaces = command.wrappers.includes('xargs') && command.codeWords.some((index) => command.words[index]?.value.includes('{}') === true);
  const readsCode = command.operands.length === 0 && command.codeWords.length === 0;
  if (!replaces && !readsCode) return;
  const origin = flow.input(command);
  if (isOutsiders(origin)) sinks.push({ sink: 'eval', command, range: command.range, origin });
}

function isOutsiders(origin: Origin): boolean {
  return origin.controlledBy === 'attacker' && origin.type === 'string';
}

function collectArguments(command: ShellCommand, flow: ScriptFlow, sinks: ShellSink[]): void {
  const inline = Object.hasOwn(INLINE, command.name) ? INLINE[command.name] : undefined;
  let ended = false;
  for (const [at, word] of command.words.entries()) {
    if (word.value === '--') ended = true;
    if (word.literal || (word.variables.length === 0 && word.substitutions.length === 0)) continue;
    const origin = flow.word(word);
    if (!isOutsiders(origin)) continue;
    const sink = sinkOf(command, word, command.words[at - 1], inline, ended);
    if (sink !== undefined) sinks.push({ sink, command, range: word.range, origin });
  }
}

function sinkOf(command: ShellCommand, word: ShellWord, before: ShellWord | undefined, inline: readonly string[] | undefined, ended: boolean): ShellSink['sink'] | undefined {
  const { name } = command;
  if (inline?.includes(before?.value ?? '') === true) return 'eval';
  if (PROGRAMS.has(name)) return isProgram(command, word, before) || word.unquoted.length > 0 ? 'argument' : undefined;
  // The value of an option: data, unless the shell splits it.
  const isValue = !command.operands.includes(word.value) || (before?.literal === true && /^--[a-z][\w-]+$/.test(before.value) && !FLAGS.test(before.value));
  if (FETCHERS.has(name) && !isValue && choosesHost(word.value)) return 'url';
  if (!OPTIONS.has(name)) return undefined;
  if (word.unquoted.length > 0) return 'argument';
  return !ended && !isValue && beginsWithValue(word) ? 'argument' : undefined;
}

/** The first operand, or what `-e` and the like say; `-v x="$y"` of awk and `--arg` are data. */
function isProgram(command: ShellCommand, word: ShellWord, before: ShellWord | undefined): boolean {
  if (before !== undefined && /^(?:-e|--expression|--source)$/.test(before.value)) return true;
  if (before !== undefined && /^(?:-v|--assign|-F|-f|--file)$/.test(before.value)) return false;
  return command.operands[0] === word.value;
}

function beginsWithValue(word: ShellWord): boolean {
  return /^["']?\$/.test(word.text);
}

/** The value is the whole address or part of its host. */
function choosesHost(text: string): boolean {
  const scheme = text.indexOf('://');
  const rest = scheme < 0 ? text : text.slice(scheme + 3);
  const host = rest.split('/', 1)[0] ?? '';
  return /^[`$]/.test(text) || (scheme >= 0 && /[`$]/.test(host));
}

function collectPrompts(command: ShellCommand, flow: ScriptFlow, sinks: ShellSink[]): void {
  for (const word of command.words) {
    if (word.literal || (word.variables.length === 0 && word.substitutions.length === 0)) continue;
    const origin = flow.word(word);
    if (isOutsiders(origin)) sinks.push({ sink: 'prompt', command, range: word.range, origin });
  }
  if (command.pipedFrom.length === 0 && !command.redirects.some(({ operator }) => operator.startsWith('<'))) return;
  const origin = flow.input(command);
  if (isOutsiders(origin)) sinks.push({ sink: 'prompt', command, range: command.range, origin });
}
