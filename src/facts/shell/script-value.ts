import type { SourceRange } from '../../core/index.js';
import type { ShellCommand, ShellLoop, ShellScript } from '../../syntax/shell/index.js';
import type { FactValue } from '../schema.js';

/** What a script says as a whole, and where. */
export interface ScriptAnalysis {
  readonly value: Pick<FactValue<'script'>, 'assigned' | 'commands' | 'pipes' | 'tests' | 'checked' | 'unset' | 'endless' | 'waivers' | 'problem'>;
  /** Ranges in the text by path: `endless.0`, `waivers.0`, `problem`. */
  readonly places: ReadonlyMap<string, SourceRange>;
}

/** Ends a loop, or what runs in it has a limit or a pause of its own. */
const ENDS = new Set(['break', 'exit', 'return', 'exec', 'kill', 'die', 'fail', 'fatal', 'select', 'getopts', 'shift', 'read', 'wait', 'timeout', 'inotifywait', 'fswatch', 'mapfile', 'readarray', 'let']);
/** Commands that ask another machine or service how it is. */
const WAITED_FOR = new Set(['curl', 'wget', 'nc', 'ncat', 'ping', 'pg_isready', 'redis-cli', 'mysqladmin', 'kubectl', 'docker', 'systemctl', 'ssh', 'aws', 'gcloud', 'az']);
/** They only say how the script goes on. */
const CONTROL = new Set(['', 'exit', 'return', 'true', 'false', ':', 'set', 'shopt', 'export', 'trap', 'echo', 'printf']);
const ALWAYS = /^\s*(?:true|:|1|\[\[?\s*1\s*\]\]?|\(\(\s*1?\s*\)\))\s*;?\s*$/;
const COUNTED = /\+\+|--|\+=|-=|\bSECONDS\b|\bdate\b|\btimeout\b|-(?:lt|le|gt|ge)\b|<|>|\bread\b|\bshift\b|\$#|\bgetopts\b|\bwait\b|\bkill -0\b/;
/** Comments by which linters are told to be silent, with the rules that they name. https://www.shellcheck.net/wiki/Directive and the tools' own pages. */
const WAIVER = /#[ \t]*(?:shellcheck[ \t]+disable=(?:[\w,-]*\b(?:SC2086|SC2046|SC2068|SC2115|SC2029|SC2064|SC2114|SC2294|all)\b[\w,-]*)|nosemgrep\b|nosec\b|checkov:skip=\w+|gitleaks:allow\b|noqa:[ \t]*S\d{3}|NOSONAR\b)[^\n]*/g;
const REASON = /(?:disable=[\w,-]+|nosemgrep(?::[ \t]*[\w.,/-]+)?|nosec(?:[ \t]+B\d+)?|skip=\w+|gitleaks:allow|noqa:[ \t]*S\d{3}|NOSONAR)(?![\w,-])[ \t]*(?:[#:—–(-]|because\b)?[ \t]*(\S[^\n]{3,})/;
const MOST = 100;

/** Derives what policies ask of a script as a whole from what the parser says. Linear in commands and expansions. */
export function analyseScript(script: ShellScript, text: string): ScriptAnalysis {
  const places = new Map<string, SourceRange>();
  let commands = 0;
  let tests = 0;
  let pipes = false;
  const checked = new Set<string>();
  const unset: string[] = [];
  for (const command of script.commands) {
    if (command.parent === -1 && !CONTROL.has(command.name)) {
      if (commands++ === 0) places.set('commands', firstLine(text, command.range));
      if (command.inCondition) tests++;
    }
    if (command.pipedTo.length > 0) pipes = true;
    if (command.name === 'unset') unset.push(...command.operands.slice(0, MOST));
    for (const name of checkedBy(command)) if (checked.size < MOST) checked.add(name);
  }
  for (const { place, name } of script.expansions) if (place === 'case' && checked.size < MOST) checked.add(name);
  const endless: string[] = [];
  for (const loop of script.loops) {
    if (endless.length >= MOST || !isEndless(loop, script, text)) continue;
    const line = firstLine(text, loop.range);
    places.set(`endless.${endless.length}`, line);
    endless.push(text.slice(line.start, line.end));
  }
  const waivers = waiversOf(text, places);
  const [first] = script.problems;
  const where = first === undefined ? undefined : problemPlace(text, first.range);
  if (where !== undefined) places.set('problem', where);
  return { value: { assigned: [...new Set(script.assignments.map(({ name }) => name))], commands, pipes, tests, checked: [...checked], unset, endless, waivers, problem: where === undefined ? '' : text.slice(where.start, where.end) }, places };
}

/** Variables that a command compares with something, matches or resolves; that they exist is no such check. */
function checkedBy(command: ShellCommand): readonly string[] {
  if (command.name === 'realpath' || command.name === 'readlink') return command.words.flatMap(({ variables }) => variables);
  if (command.name !== '[[' && command.name !== '[' && command.name !== 'test') return [];
  // `[[ x -eq 1 ]]` evaluates what it compares; `[` refuses what is no number.
  const checks = command.name === '[[' ? /^(?:=~|==?|!=)$/ : /^(?:==?|!=|-(?:eq|ne|lt|le|gt|ge))$/;
  return command.words.some(({ value }) => checks.test(value)) ? command.words.flatMap(({ variables }) => variables) : [];
}

function isEndless(loop: ShellLoop, script: ShellScript, text: string): boolean {
  const condition = text.slice(loop.condition.start, loop.condition.end);
  const inside = (range: SourceRange): boolean => range.start >= loop.range.start && range.end <= loop.range.end;
  const body = script.commands.filter(({ range }) => inside(range));
  // What a function of the script does is not followed: it may well end the loop.
  const functions = new Set(script.functions.map(({ name }) => name));
  if (body.some(({ name, wrappers }) => ENDS.has(name) || functions.has(name) || /(?:^|_)(?:die|fail|abort|timeout|exit)(?:_|$)/i.test(name) || wrappers.includes('timeout'))) return false;
  if (loop.kind === 'for') return /^\s*\(\(\s*;\s*;\s*\)\)/.test(condition) && !body.some(({ name }) => name === 'sleep');
  // With a pause, a loop without end is a service: what it is for.
  if (ALWAYS.test(condition)) return loop.kind === 'while' && !body.some(({ name }) => name === 'sleep');
  if (loop.kind === 'while' && !/^\s*!/.test(condition)) return false;
  if (COUNTED.test(condition) || script.assignments.some(({ range }) => inside(range))) return false;
  // A loop that repairs something until nothing is left ends by itself; one that waits for others may not.
  if (!body.some(({ name }) => name === 'sleep' || WAITED_FOR.has(name))) return false;
  // Arithmetic that changes something is a counter.
  return !/\(\(|\+\+|\blet\b/.test(text.slice(loop.range.start, loop.range.end));
}

function waiversOf(text: string, places: Map<string, SourceRange>): string[] {
  const found: string[] = [];
  if (!/shellcheck|nosem|nosec|checkov:|gitleaks:|noqa|NOSONAR/.test(text)) return found;
  for (const match of text.matchAll(WAIVER)) {
    if (found.length >= MOST) break;
    if (REASON.test(match[0]) || reasonAbove(text, match.index)) continue;
    const written = match[0].trimEnd();
    places.set(`waivers.${found.length}`, { start: match.index, end: match.index + written.length });
    found.push(written);
  }
  return found;
}

/** A comment of its own right above says why. */
function reasonAbove(text: string, at: number): boolean {
  const start = text.lastIndexOf('\n', at - 1);
  if (text.slice(start + 1, at).trim() !== '' || start <= 0) return false;
  const above = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim();
  return /^#(?!!)\s*\S/.test(above) && !/shellcheck|nosem|nosec/.test(above);
}

/** What is missing at the end of a script has no text: the last line in front of it says where. */
function problemPlace(text: string, range: SourceRange): SourceRange {
  if (text.slice(range.start, range.end).trim() !== '') return firstLine(text, range);
  const end = text.slice(0, range.start).trimEnd().length;
  const start = text.lastIndexOf('\n', end - 1) + 1;
  return { start, end: Math.max(start, end) };
}

function firstLine(text: string, { start, end }: SourceRange): SourceRange {
  const line = text.slice(start, end).search(/[\r\n]/);
  return { start, end: line === -1 ? end : Math.max(start + line, start) };
}
