import type { SourceRange } from '../../core/index.js';
import { joinOrigins } from './command-output.js';
import type { FileWrite } from './environment-files.js';
import { LITERAL, type Origin, type Origins } from './scope.js';

/** A script of another language than the shell, as far as its lines can be read without a grammar. */
export interface LineScript {
  readonly text: string;
  /** Its template expressions, in order, and what each holds. */
  readonly masks: readonly SourceRange[];
  readonly expressions: readonly Origin[];
  /** Environment variables, by lower-case name. */
  readonly env: Origins;
}

const TARGET = /\bGITHUB_(OUTPUT|ENV|PATH|STATE)\b/;
const COMMAND = /::(set-output|set-env|save-state) name=([\w-]+)::/;
/** `$env:X` of PowerShell, `%X%` of cmd, `process.env.X`, `os.environ["X"]`, `os.getenv("X")`. */
const ENVIRONMENT = /\$\{?env:(\w+)|%(\w+)%|\bprocess\.env(?:\.(\w+)|\[\s*['"](\w+)['"]\s*\])|\bos\.(?:environ(?:\.get\(|\[)|getenv\()\s*['"](\w+)['"]/gi;
const ASSIGNMENT = /^\s*(?:const |let |var |\$|set )?\$?(\w+)\s*=(?!=)/;
const WORD = /\w+/g;
/** Lines beyond this length are cut; lines beyond this number are not read. */
const MAX_LINE = 2_000;
const MAX_LINES = 20_000;

/** A line that hands what it was given to an interpreter. */
export interface LineCode {
  readonly command: string;
  readonly origin: Origin;
  readonly range: SourceRange;
}

/** Calls that run a text as code or by a shell: of PowerShell, Python and JavaScript. */
const CODE = /\b(Invoke-Expression|iex|os\.system|os\.popen|eval|exec|execSync|new Function)\b(?:[ (]|$)|\b(subprocess\.\w+)\(.*shell\s{0,5}=\s{0,5}True/i;

/**
 * The writes of a PowerShell, cmd, Python or JavaScript step to the platform's files, line by line:
 * what stands in a line that names the file, and in the variables of it that a line before was
 * assigned; and what is run as code, template expressions left out, since they are part of the
 * script. Over-approximates within a line and knows nothing of control flow.
 */
export function readLines(script: LineScript): { readonly writes: FileWrite[]; readonly code: LineCode[] } {
  const code: LineCode[] = [];
  if (!script.text.includes('GITHUB_') && !script.text.includes('::') && !CODE.test(script.text.slice(0, 100_000))) return { writes: [], code };
  const writes: FileWrite[] = [];
  const variables = new Map<string, Origin>();
  /** Names that stand for one of the files: `f` behind `open(os.environ['GITHUB_ENV'], 'a') as f`. */
  const files = new Map<string, FileWrite['file']>();
  let mask = 0;
  let start = 0;
  for (const line of script.text.split('\n', MAX_LINES)) {
    const end = start + line.length;
    const text = line.slice(0, MAX_LINE);
    let variable = environmentOf(text, script.env);
    let origin = variable;
    for (; mask < script.masks.length && (script.masks[mask] as SourceRange).start < end; mask++) origin = joinOrigins(origin, script.expressions[mask] ?? LITERAL);
    if (variables.size > 0) {
      for (const [word] of text.matchAll(WORD)) {
        const held = variables.get(word) ?? LITERAL;
        origin = joinOrigins(origin, held);
        variable = joinOrigins(variable, held);
      }
    }
    const run = CODE.exec(text);
    if (run !== null && variable !== LITERAL) code.push({ command: (run[1] ?? run[2]) as string, origin: variable, range: { start, end } });
    const file = fileIn(text, files);
    const write = writeOf(text, file, origin, { start, end });
    if (write !== undefined) writes.push(write);
    const named = file === undefined ? undefined : (/\bas (\w+)\s*:/.exec(text)?.[1] ?? ASSIGNMENT.exec(text)?.[1]);
    if (named !== undefined && file !== undefined) files.set(named, file);
    if (write !== undefined) {
      start = end + 1;
      continue;
    }
    if (origin !== LITERAL) {
      const assigned = ASSIGNMENT.exec(text)?.[1];
      if (assigned !== undefined) variables.set(assigned, joinOrigins(variables.get(assigned) ?? LITERAL, origin));
    }
    start = end + 1;
  }
  return { writes, code };
}

function fileIn(text: string, files: ReadonlyMap<string, FileWrite['file']>): FileWrite['file'] | undefined {
  const direct = TARGET.exec(text)?.[1]?.toLowerCase() as FileWrite['file'] | undefined;
  if (direct !== undefined || files.size === 0) return direct;
  for (const [word] of text.matchAll(WORD)) {
    const file = files.get(word);
    if (file !== undefined) return file;
  }
  return undefined;
}

function writeOf(text: string, file: FileWrite['file'] | undefined, origin: Origin, range: SourceRange): FileWrite | undefined {
  const command = COMMAND.exec(text);
  if (command !== null) return { file: command[1] === 'set-output' ? 'output' : command[1] === 'set-env' ? 'env' : 'state', name: command[2] as string, origin, range };
  // A line that only opens the file, or keeps its name, writes nothing yet.
  if (file === undefined || !/>>|Out-File|(?:Add|Set)-Content|\.write|append|print\(.*\bfile\s*=/i.test(text)) return undefined;
  const name = file === 'path' ? '' : (/(?:^|["'`\s({])([A-Za-z_][\w-]*)(?:=|<<)/.exec(text)?.[1] ?? '');
  return { file, name, origin, range };
}

function environmentOf(text: string, env: Origins): Origin {
  let origin = LITERAL;
  if (!/env|%/i.test(text)) return origin;
  for (const match of text.matchAll(ENVIRONMENT)) {
    const name = match.slice(1).find((group) => group !== undefined);
    if (name !== undefined) origin = joinOrigins(origin, env.get(name.toLowerCase()) ?? LITERAL);
  }
  return origin;
}
