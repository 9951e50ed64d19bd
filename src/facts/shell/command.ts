import type { SourceRange } from '../../core/index.js';
import type { ShellCommand, ShellRedirect, ShellWord } from '../../syntax/shell/index.js';
import type { FactValue, WordValue } from '../schema.js';
import { executesWorkspace } from './executes.js';
import type { CommandSequence } from './sequences.js';

/** The value of a `command` fact. `runsDownload` is what `downloads.ts` found, `around` what `sequences.ts` did. */
export function commandValue(command: ShellCommand, text: string, runsDownload: string, around: CommandSequence): FactValue<'command'> {
  const args = command.words.map(({ value }) => value);
  return {
    name: command.name,
    path: command.path,
    text: command.text,
    words: command.words.map((word) => wordValue(word, text)),
    args,
    flags: [...command.flags],
    operands: [...command.operands],
    assignments: Object.fromEntries(command.assignments.map(({ name, value }) => [name, value?.value ?? ''])),
    redirects: command.redirects.map(({ operator, target, body }) => ({ operator, target: target?.value ?? '', heredoc: body?.text ?? '' })),
    pipedFrom: [...command.pipedFrom],
    pipedTo: [...command.pipedTo],
    substituted: [...command.substituted],
    wrappers: [...command.wrappers],
    root: command.root,
    inFunction: command.inFunction,
    inCondition: command.inCondition,
    language: 'shell',
    interpolated: command.masks.length > 0,
    executes: executesWorkspace({ name: command.name, path: command.path, args }) ?? '',
    runsDownload,
    ignored: around.ignored.has(command.index),
    unchecked: around.unchecked.get(command.index) ?? '',
    secretFile: around.secretFile.get(command.index) ?? '',
    keepsSecret: around.keepsSecret.get(command.index) ?? '',
    unasked: false,
  };
}

function wordValue(word: ShellWord, text: string): WordValue {
  return {
    text: word.text,
    value: word.value,
    quoted: word.quoted,
    literal: word.literal,
    variables: [...word.variables],
    unquoted: [...word.unquoted],
    substitutions: word.substitutions.map(({ range }) => text.slice(range.start, range.end)),
  };
}

/** Answers `locate` for a command: `name`, `words.1`, `args.1`, `operands.0`, `redirects.0.target`, `assignments.A`, … */
export function commandLocator(command: ShellCommand, sourceRange: (range: SourceRange) => SourceRange): (path?: string) => SourceRange {
  return (path) => sourceRange(part(command, path ?? '') ?? command.range);
}

function part(command: ShellCommand, path: string): SourceRange | undefined {
  const [property = '', index = '', inner = ''] = path.split('.');
  switch (property) {
    case 'name':
    case 'path':
    case 'executes':
    case 'runsDownload':
      return command.nameRange;
    case 'words':
    case 'args':
      return wordPart(command.words[Number(index)], property === 'words' ? path.split('.').slice(2) : []);
    case 'operands': {
      const value = command.operands[Number(index)];
      return command.words.find((word) => word.value === value)?.range;
    }
    case 'redirects':
      return redirectPart(command.redirects[Number(index)], inner);
    case 'assignments':
      return command.assignments.find(({ name }) => name === path.slice('assignments.'.length))?.range;
    default:
      return undefined;
  }
}

function wordPart(word: ShellWord | undefined, path: readonly string[]): SourceRange | undefined {
  if (path[0] !== 'substitutions') return word?.range;
  return word?.substitutions[Number(path[1])]?.range ?? word?.range;
}

function redirectPart(redirect: ShellRedirect | undefined, inner: string): SourceRange | undefined {
  if (inner === 'target') return redirect?.target?.range ?? redirect?.range;
  if (inner === 'heredoc') return redirect?.body?.range ?? redirect?.range;
  return redirect?.range;
}
