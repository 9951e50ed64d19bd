import type { Document, Fact, SourceRange } from '../../core/index.js';
import { mask } from '../../syntax/shell/index.js';
import type { ShellCommand, ShellExpansion, ShellOptions, ShellParser, ShellScript } from '../../syntax/shell/index.js';
import { emptyValue } from '../empty.js';
import type { AnyFact, FactKind, FactOf, FactValue } from '../schema.js';
import { commandLocator, commandValue } from './command.js';
import { downloadsRun } from './downloads.js';
import { literalFacts } from './literals.js';
import { parsePowershell, powershellCommandValue, powershellEvaluations, powershellLocator } from './powershell.js';
import { analyseScript } from './script-value.js';
import { secretUses } from './secret-uses.js';
import { sequencesOf } from './sequences.js';

/** A script and where it stands. All ranges that facts answer with are mapped by `sourceRange`. */
export interface ShellSource {
  readonly document: Document;
  /** The script as the shell gets it, template expressions included. */
  readonly text: string;
  /** Range in the document of a range in `text`. */
  readonly sourceRange: (range: SourceRange) => SourceRange;
  /** The interpreter's name, such as `bash` or `pwsh`; empty takes that of the first line, or `sh`. */
  readonly shell: string;
  readonly parser: ShellParser;
  /** Facts that the script lies in, by kind. */
  readonly parents?: Readonly<Record<string, Fact>>;
  /** Template expressions of the platform in `text`: sorted, disjoint. */
  readonly masks?: readonly SourceRange[];
  /** Options that the interpreter is started with. */
  readonly initial?: Partial<ShellOptions>;
  /** The caller states recognisable tokens of `text` itself. */
  readonly withoutTokens?: boolean;
}

/** The facts and, for callers that place template expressions, what the parser said. */
export interface ShellReading {
  readonly facts: AnyFact[];
  /** Absent when the script is not in a Bourne shell's language. */
  readonly script?: ShellScript;
}

type Language = FactValue<'script'>['language'];

/** Language of an interpreter, by its base name. */
export function languageOf(shell: string): Language {
  const name = shell.trim().split(/\s+/)[0]?.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '').toLowerCase() ?? '';
  if (/^(?:ba|da|z|k|mk|a|rba)?sh$/.test(name) || name === '') return 'shell';
  if (name === 'pwsh' || name === 'powershell') return 'powershell';
  if (/^(?:python|pypy)[\d.]*$/.test(name)) return 'python';
  return /^(?:node|bun|deno)$/.test(name) ? 'javascript' : 'other';
}

/** States the facts of one script: see `readShellScript`. */
export function shellFacts(source: ShellSource): AnyFact[] {
  return readShellScript(source).facts;
}

/**
 * States a `script` fact, and for scripts of a Bourne shell `command` facts, `expansion` facts where a variable
 * is run as code or split, `secret-use` facts where a command gets or prints a secret, and `literal-secret` facts.
 * Scripts in other languages have a `script` fact only.
 */
export function readShellScript(source: ShellSource): ShellReading {
  const { document, text, sourceRange, parents = {} } = source;
  const facts: AnyFact[] = [];
  const whole = sourceRange({ start: 0, end: text.length });
  const state = <K extends FactKind>(kind: K, value: FactValue<K>, within: Readonly<Record<string, Fact>>, locate: (path?: string) => SourceRange): FactOf<K> => {
    const fact: FactOf<K> = { kind, value, document, parents: within, locate };
    facts.push(fact as unknown as AnyFact);
    return fact;
  };
  const lines = lineCount(text);
  const known = languageOf(source.shell);
  if (source.shell !== '' && known !== 'shell') {
    const powershell = known === 'powershell' ? parsePowershell(source.masks === undefined ? text : mask(text, source.masks), source.parser) : undefined;
    const fact = state('script', { ...emptyValue('script'), language: known, shell: source.shell, lines, complete: powershell?.hasError !== true }, parents, () => whole);
    if (powershell === undefined) return { facts };
    const inScript = { script: fact, ...parents };
    const stated: Fact[] = powershell.commands.map((command) => state('command', powershellCommandValue(command, text), inScript, powershellLocator(command, sourceRange)));
    for (const { value, range, command } of powershellEvaluations(powershell, text)) state('expansion', value, command === -1 ? inScript : { command: stated[command] as Fact, ...inScript }, () => sourceRange(range));
    return { facts };
  }
  const script = source.parser.parse(text, { masks: source.masks ?? [], initial: source.initial ?? {} });
  const language = source.shell === '' ? languageOf(script.shebang) : known;
  const shell = source.shell || script.shebang || 'sh';
  if (language !== 'shell') {
    state('script', { ...emptyValue('script'), language, shell, lines, complete: true }, parents, () => whole);
    return { facts };
  }
  const analysis = analyseScript(script, text);
  const scriptFact = state('script', { language, shell, ...script.options, lines, complete: !script.hasError, ...analysis.value }, parents, (path) => {
    const place = analysis.places.get(path ?? '');
    return place === undefined ? whole : sourceRange(place);
  });
  const inScript = { script: scriptFact, ...parents };
  const downloads = downloadsRun(script.commands);
  const around = sequencesOf(script, text);
  const commands: Fact[] = script.commands.map((command) =>
    state('command', commandValue(command, text, downloads.get(command.index) ?? '', around), inScript, commandLocator(command, sourceRange)),
  );
  const within = (index: number): Readonly<Record<string, Fact>> => (index === -1 ? inScript : { command: commands[index] as Fact, ...inScript });
  for (const expansion of script.expansions) {
    const value = expansionValue(expansion, script.commands[expansion.command]);
    if (value !== undefined) state('expansion', value, within(expansion.command), () => sourceRange(expansion.range));
  }
  for (const { value, range, command } of substitutedCode(script, text)) state('expansion', value, within(command), () => sourceRange(range));
  for (const { value, range, command } of secretUses(script)) state('secret-use', value, within(command), () => sourceRange(range));
  for (const { value, range, command } of literalFacts(script, source.withoutTokens === true ? '' : text)) state('literal-secret', value, within(command), () => sourceRange(range));
  return { facts, script };
}

/** A variable that is run as code, or that the shell splits into arguments; other expansions are no danger in themselves. */
function expansionValue(expansion: ShellExpansion, command: ShellCommand | undefined): FactValue<'expansion'> | undefined {
  if (expansion.name === '') return undefined;
  if (expansion.place === 'arithmetic' || (expansion.place !== 'command-name' && command?.name === '[[' && comparesNumbers(command, expansion.word))) return arithmeticValue(expansion, command);
  if (command === undefined) return undefined;
  const code = command.codeWords.includes(expansion.word);
  if (!code && !(expansion.splits && expansion.word !== -1)) return undefined;
  return {
    ...emptyValue('expansion'),
    text: expansion.text,
    expression: expansion.name,
    context: expansion.name,
    contexts: [expansion.name],
    source: /^[\d@*]+$/.test(expansion.name) ? 'parameter' : 'variable',
    sink: code ? 'eval' : 'argument',
    sinkName: command.name,
  };
}

/** A value in arithmetic: of an array's index the shell runs the substitutions. https://mywiki.wooledge.org/BashPitfalls */
function arithmeticValue({ text, name }: ShellExpansion, command: ShellCommand | undefined): FactValue<'expansion'> {
  return { ...emptyValue('expansion'), text, expression: name, context: name, contexts: [name], source: /^[1-9]\d*$/.test(name) && (command?.inFunction ?? '') === '' ? 'parameter' : 'variable', sink: 'arithmetic', sinkName: command?.name ?? '' };
}

/** `[[ a -eq b ]]` evaluates both sides as arithmetic; `[` does not. */
function comparesNumbers({ words }: ShellCommand, word: number): boolean {
  return [words[word - 1], words[word + 1]].some((other) => other !== undefined && /^-(?:eq|ne|lt|le|gt|ge)$/.test(other.value));
}

/** Command substitutions whose output is run as code: `eval "$(x)"`, `bash -c "$(x)"`. */
function substitutedCode(script: ShellScript, text: string): { value: FactValue<'expansion'>; range: SourceRange; command: number }[] {
  const found: { value: FactValue<'expansion'>; range: SourceRange; command: number }[] = [];
  for (const command of script.commands) {
    for (const index of command.codeWords) {
      for (const { range } of command.words[index]?.substitutions ?? []) {
        const written = text.slice(range.start, range.end);
        found.push({ value: { ...emptyValue('expansion'), text: written, expression: written, source: 'command', sink: 'eval', sinkName: command.name }, range, command: command.index });
      }
    }
  }
  return found;
}

function lineCount(text: string): number {
  if (text === '') return 0;
  const breaks = text.match(/\r\n|\n|\r/g)?.length ?? 0;
  return /[\r\n]$/.test(text) ? breaks : breaks + 1;
}
