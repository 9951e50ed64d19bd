import type { SourceRange } from '../../core/index.js';
import type { ShellCommand } from '../../syntax/shell/index.js';
import type { ScriptFlow } from '../github/command-output.js';
import { joinOrigins } from '../github/command-output.js';
import { LITERAL, type Origin } from '../github/scope.js';

/** What one command writes to a file of variables. */
export interface FileWrite {
  readonly command: ShellCommand;
  /** Name of the variable; empty when it can not be told. */
  readonly name: string;
  /** The value in the script, or the command. */
  readonly range: SourceRange;
  readonly origin: Origin;
}

const ASSIGNED = /^["']?([A-Za-z_]\w{0,200})=/;

/** Writes of a script to files of lines `NAME=value`, by a redirection or `tee`. */
export function fileWrites(flow: ScriptFlow, files: readonly string[]): FileWrite[] {
  const wanted = new Set(files.map(plainPath));
  const found: FileWrite[] = [];
  for (const command of flow.script.commands) {
    const redirected = command.redirects.some(({ operator, target }) => operator.includes('>') && target !== undefined && wanted.has(plainPath(target.value)));
    const tee = command.name === 'tee' && command.operands.some((operand) => wanted.has(plainPath(operand)));
    if (!redirected && !tee) continue;
    const word = tee ? undefined : command.words.find(({ text }) => ASSIGNED.test(text));
    const read = tee ? flow.input(command) : flow.output(command);
    const origin = word === undefined ? read : joinOrigins(LITERAL, flow.word(word));
    found.push({ command, name: ASSIGNED.exec(word?.text ?? '')?.[1] ?? '', range: word?.range ?? command.range, origin });
  }
  return found;
}

function plainPath(path: string): string {
  return path.replace(/^["']|["']$/g, '').replace(/^\.\//, '').replace(/^\$\{(\w+)\}$/, '$$$1');
}
