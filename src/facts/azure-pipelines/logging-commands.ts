import type { SourceRange } from '../../core/index.js';
import type { ShellCommand } from '../../syntax/shell/index.js';
import { joinOrigins, type ScriptFlow } from '../github/command-output.js';
import type { LineScript } from '../github/environment-files-lines.js';
import { LITERAL, type Origin } from '../github/scope.js';
import type { PrintedReader, PrintedWrite } from '../pipeline/index.js';

/*
 * The agent looks for `##vso[area.action properties]value` in every line that a script prints, wherever in the line.
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */

const SET = /##vso\[task\.setvariable\b([^\]]{0,500})\]/i;
const PATH = /##vso\[task\.prependpath\]/i;
const PRINTERS = new Set(['echo', 'printf', 'write-host', 'write-output']);

/** Reads the logging commands of scripts. Outputs are known by the name of their step in front. */
export function loggingCommands(step: string): PrintedReader {
  return { shell: (flow) => shellWrites(flow, step), lines: (script) => lineWrites(script, step) };
}

function shellWrites(flow: ScriptFlow, step: string): PrintedWrite[] {
  const writes: PrintedWrite[] = [];
  for (const command of flow.script.commands) {
    if (!PRINTERS.has(command.name) || !isLogged(command)) continue;
    const origin = command.words.reduce((joined, word) => joinOrigins(joined, flow.word(word)), LITERAL);
    const text = command.words.map(({ value }) => value).join(' ');
    const found = writesOf(text, origin, command.range, step);
    if (found.length > 0) writes.push(...found.map((write) => ({ ...write, command: command.index })));
    // What is pasted in is a part of the script already: the worse of the two is said.
    else if (origin.controlledBy === 'attacker' && origin.type === 'string' && !isPasted(command, flow)) writes.push({ sink: 'log', name: '', range: command.range, origin, command: command.index });
  }
  return writes;
}

function isLogged({ pipedTo, within, redirects }: ShellCommand): boolean {
  return pipedTo.length === 0 && within !== 'substitution' && within !== 'process' && !redirects.some(({ operator, target }) => operator.includes('>') && target?.value !== '/dev/stderr' && target?.value !== '/dev/stdout' && target?.value !== '2');
}

function isPasted({ range }: ShellCommand, { script }: ScriptFlow): boolean {
  return script.maskUses.some((use) => range.start <= use.range.start && use.range.end <= range.end);
}

function writesOf(text: string, origin: Origin, range: SourceRange, step: string): PrintedWrite[] {
  const set = SET.exec(text);
  if (set !== null) {
    const properties = set[1] as string;
    const name = /\bvariable=([\w.-]{1,200})/i.exec(properties)?.[1] ?? '';
    const writes: PrintedWrite[] = [{ sink: 'environment-file', name, range, origin }];
    if (step !== '' && name !== '' && /\bisoutput=true\b/i.test(properties)) {
      writes.push({ sink: 'output-file', name: `${step}.${name}`, range, origin });
    }
    return writes;
  }
  return PATH.test(text) ? [{ sink: 'path-file', name: '', range, origin }] : [];
}

/** `$env:X` of PowerShell, `%X%` of cmd, `os.environ["X"]` of Python. */
const ENVIRONMENT = /\$\{?env:(\w{1,200})|%(\w{1,200})%|\bos\.(?:environ(?:\.get\(|\[)|getenv\()\s{0,5}['"](\w{1,200})['"]/gi;
const PRINTS = /^\s{0,200}(?:@?echo\b|Write-(?:Host|Output)\b|print\s{0,5}\(|["'])/i;
const MAX_LINES = 20_000;
const MAX_LINE = 2_000;

/** PowerShell, cmd and Python, line by line. */
function lineWrites({ text, masks, expressions, env }: LineScript, step: string): PrintedWrite[] {
  const writes: PrintedWrite[] = [];
  let start = 0;
  let mask = 0;
  for (const line of text.split('\n', MAX_LINES)) {
    const cut = line.slice(0, MAX_LINE);
    const end = start + line.length;
    let origin = LITERAL;
    for (const match of cut.matchAll(ENVIRONMENT)) origin = joinOrigins(origin, env.get((match[1] ?? match[2] ?? match[3] ?? '').toLowerCase()) ?? LITERAL);
    const variable = origin;
    for (; mask < masks.length && (masks[mask] as SourceRange).start < end; mask++) origin = joinOrigins(origin, expressions[mask] ?? LITERAL);
    const lead = cut.length - cut.trimStart().length;
    const range = { start: start + lead, end: start + cut.trimEnd().length };
    if (cut.includes('##vso[')) writes.push(...writesOf(cut, origin, range, step));
    else if (variable.controlledBy === 'attacker' && variable.type === 'string' && PRINTS.test(cut)) writes.push({ sink: 'log', name: '', range, origin: variable });
    start = end + 1;
  }
  return writes;
}
