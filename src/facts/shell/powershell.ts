import type { SourceRange } from '../../core/index.js';
import { type PowershellCommand, type PowershellScript, readPowershell } from '../../syntax/powershell/index.js';
import type { ShellParser } from '../../syntax/shell/index.js';
import { emptyValue } from '../empty.js';
import type { FactValue } from '../schema.js';

/** A value that becomes code, with its place and the command that runs it (-1: none). */
export interface PowershellEvaluation {
  readonly value: FactValue<'expansion'>;
  readonly range: SourceRange;
  readonly command: number;
}

/** The script, undefined without the grammar and where the parser gave up. */
export function parsePowershell(text: string, parser: ShellParser | undefined): PowershellScript | undefined {
  const root = parser?.powershell?.(text);
  return root === undefined ? undefined : readPowershell(root, text);
}

/** The value of a `command` fact of PowerShell: cmdlets in lower case, so that policies need one spelling. */
export function powershellCommandValue(command: PowershellCommand, text: string): FactValue<'command'> {
  const { name, path, words, flags, operands, pipedFrom, pipedTo, substituted, range } = command;
  return {
    ...emptyValue('command'),
    name,
    path,
    text: text.slice(range.start, range.end),
    words: words.map((word) => ({ ...emptyWord, text: word.text, value: word.value, quoted: word.quoted, literal: word.variables.length === 0, variables: [...word.variables] })),
    args: words.map(({ value }) => value),
    flags: [...flags],
    operands: [...operands],
    pipedFrom: [...pipedFrom],
    pipedTo: [...pipedTo],
    substituted: [...substituted],
    language: 'powershell',
  };
}

const emptyWord: FactValue<'command'>['words'][number] = { text: '', value: '', quoted: '', literal: false, variables: [], unquoted: [], substitutions: [] };

/** Answers `locate` for such a command. */
export function powershellLocator(command: PowershellCommand, sourceRange: (range: SourceRange) => SourceRange): (path?: string) => SourceRange {
  return (path = '') => {
    const [property, index] = path.split('.');
    if (property === 'name' || property === 'path') return sourceRange(command.nameRange);
    if (property === 'words' || property === 'args') return sourceRange(command.words[Number(index)]?.range ?? command.range);
    if (property === 'operands') return sourceRange(command.words.find(({ value }) => value === command.operands[Number(index)])?.range ?? command.range);
    return sourceRange(command.range);
  };
}

/** Parameters of the script that become code: by `Invoke-Expression`, `&`, a script block or another PowerShell. */
export function powershellEvaluations(script: PowershellScript, text: string): PowershellEvaluation[] {
  const found: PowershellEvaluation[] = [];
  const parameters = new Map(script.parameters.map((one) => [one.name.toLowerCase(), one]));
  const evaluate = (names: readonly string[], range: SourceRange, sinkName: string, command: number): void => {
    const name = names.find((one) => parameters.get(one)?.restricted === false) ?? names.find((one) => parameters.has(one));
    const declared = name === undefined ? undefined : parameters.get(name);
    if (name === undefined || declared === undefined) return;
    const safe = declared.restricted;
    found.push({
      value: { ...emptyValue('expansion'), text: text.slice(range.start, range.end), expression: name, context: declared.name, contexts: [declared.name], source: 'parameter', type: safe ? 'choice' : 'string', sink: 'eval', sinkName, safe, sanitizer: safe ? 'its declaration keeps code out' : '' },
      range,
      command,
    });
  };
  script.commands.forEach((command, index) => {
    const { name, words, nameVariables } = command;
    if (nameVariables.length > 0 && /^\s*&/.test(text.slice(command.range.start, command.nameRange.start + 1))) evaluate(nameVariables.map((one) => one.name), command.nameRange, '&', index);
    if (name === 'invoke-expression') for (const word of words) evaluate(word.variables, word.range, 'Invoke-Expression', index);
    const option = name === 'powershell' || name === 'pwsh' ? /^-c(?:ommand)?$/i : name === 'invoke-azvmruncommand' ? /^-ScriptString$/i : undefined;
    if (option === undefined) return;
    words.forEach((word, at) => {
      if (option.test(words[at - 1]?.value ?? '')) evaluate(word.variables, word.range, command.path, index);
    });
  });
  for (const { range, variables } of script.code) evaluate(variables, range, '[scriptblock]::Create', -1);
  return found;
}
