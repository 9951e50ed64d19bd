import type { ShellCommand, ShellExpansion, ShellScript } from '../../syntax/shell/index.js';
import { emptyValue } from '../empty.js';
import type { FactValue } from '../schema.js';
import type { Placed } from './literals.js';
import { isSecretName } from './secret-names.js';

const PRINTERS = new Set(['echo', 'printf', 'cat']);
/** Run inside the shell: their arguments are in no process list. */
const BUILTINS = new Set(['[', '[[', 'test', 'export', 'declare', 'local', 'readonly', 'typeset', 'unset', 'read', 'set', 'shift', 'return', 'exit', ':', 'true', 'false', 'cd', 'let', 'eval', 'trap', 'source', '.', 'alias', 'mapfile', 'readarray', 'wait', 'kill']);
const OUTPUT = new Set(['>', '>>', '>|', '&>', '&>>']);

/**
 * Where commands get variables whose names say that they are secrets: as arguments (seen by every process of the
 * machine), in URLs, on standard input, or printed to the log.
 */
export function secretUses(script: ShellScript): Placed<FactValue<'secret-use'>>[] {
  const found: Placed<FactValue<'secret-use'>>[] = [];
  const functions = new Set(script.functions.map(({ name }) => name));
  for (const expansion of script.expansions) {
    const command = script.commands[expansion.command];
    if (command === undefined || !isSecretName(expansion.name) || (expansion.operator !== '' && /^[#+:]\+?$/.test(expansion.operator))) continue;
    const handover = secretHandover(expansion, command, functions);
    if (handover === '') continue;
    found.push({ value: { ...emptyValue('secret-use'), name: expansion.name, text: expansion.text, handover, sinkName: command.name }, range: expansion.range, command: command.index });
  }
  return found;
}

/** How a command gets a secret that stands at a place in it; `''` where it gets none. `functions` are those that the script defines. */
export function secretHandover(expansion: Pick<ShellExpansion, 'range' | 'place' | 'word'>, command: ShellCommand, functions: ReadonlySet<string>): FactValue<'secret-use'>['handover'] {
  if (expansion.place === 'heredoc') return 'stdin';
  if (expansion.place === 'redirect') {
    return command.redirects.some(({ operator, range }) => operator === '<<<' && range.start <= expansion.range.start && expansion.range.end <= range.end) ? 'stdin' : '';
  }
  if (expansion.place !== 'argument' || expansion.word === -1) return '';
  if (PRINTERS.has(command.name)) {
    const kept = command.pipedTo.length > 0 || command.within === 'substitution' || command.within === 'process' || command.redirects.some(({ operator, target }) => OUTPUT.has(operator) && target?.value !== '/dev/stderr' && target?.value !== '/dev/stdout');
    return kept ? '' : 'log';
  }
  if (BUILTINS.has(command.name) || functions.has(command.name)) return '';
  const word = command.words[expansion.word];
  if (word === undefined) return '';
  const before = word.text.slice(0, Math.max(0, expansion.range.start - word.range.start));
  return before.includes('://') ? 'url' : 'argument';
}
