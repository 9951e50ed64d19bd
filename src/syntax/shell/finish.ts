import type { SourceRange } from '../../core/index.js';
import { splitArguments } from './arguments.js';
import type { AssignmentBuilder, Collector, CommandBuilder, PipePlace, RedirectBuilder, WordBuilder } from './builders.js';
import { codeWords } from './code.js';
import { scriptOptions, shebang } from './options.js';
import { wordQuoting, wordValue } from './quoting.js';
import type { ShellAssignment, ShellCommand, ShellMaskUse, ShellOptions, ShellRedirect, ShellScript, ShellWord } from './types.js';
import { baseName, unwrap } from './wrappers.js';

/** What is known of a command once its words are read and its wrappers removed. */
export interface ResolvedCommand {
  readonly builder: CommandBuilder;
  readonly values: readonly string[];
  readonly name: string;
  /** Index of the naming word in `builder.words`. */
  readonly at: number;
  readonly wrappers: readonly string[];
  readonly root: boolean;
  /** Relative to the naming word, like `ShellCommand.codeWords`. */
  readonly codeWords: readonly number[];
}

const MAX_NAMES = 50;
const MAX_LEVELS = 8;

/** Removes wrappers and finds code arguments. Words are put into the order of the text first. */
export function resolveCommand(builder: CommandBuilder): ResolvedCommand {
  builder.words.sort((a, b) => a.node.start - b.node.start);
  const values = builder.words.map((word) => wordValue(word.source, word.node));
  const { name: at, wrappers, root } = unwrap(values);
  const name = baseName(values[at] ?? '');
  builder.name = name;
  for (let i = 0; i < builder.words.length; i++) (builder.words[i] as WordBuilder).index = i - at - 1;
  const su = name === 'su' || name === 'runuser';
  return { builder, values, name, at, wrappers, root: root || su, codeWords: codeWords(name, values.slice(at + 1)) };
}

/** Turns what the walk collected into plain data. */
export function finish(text: string, out: Collector, resolved: readonly ResolvedCommand[], initial: Partial<ShellOptions>): ShellScript {
  const ordered = [...resolved].sort((a, b) => a.builder.start - b.builder.start || b.builder.end - a.builder.end || a.builder.depth - b.builder.depth);
  ordered.forEach((command, index) => (command.builder.index = index));
  for (const { builder, name } of ordered) {
    let owner = builder.within === 'code' ? undefined : builder.owner;
    for (let level = 0; owner !== undefined && level < MAX_LEVELS; level++) {
      if (owner.substituted.length < MAX_NAMES && !owner.substituted.includes(name) && name !== '') owner.substituted.push(name);
      owner = owner.within === 'code' ? undefined : owner.owner;
    }
  }
  const assignments = new Map<AssignmentBuilder, ShellAssignment>();
  for (const assignment of out.assignments) assignments.set(assignment, finishAssignment(text, assignment));
  const commands = ordered.map((command) => finishCommand(text, command, assignments));
  const seen = new Set<number>();
  const maskUses: ShellMaskUse[] = [];
  for (const use of [...out.maskUses].sort((a, b) => Number(b.nested) - Number(a.nested))) {
    const key = use.mask * 2 + Number(use.nested);
    if (seen.has(key)) continue;
    seen.add(key);
    const { mask, range, quoting, place, splits, assigned, nested, command, word } = use;
    maskUses.push({ mask, range, quoting, place, splits, assigned, nested, command: command?.index ?? -1, word: wordIndex(command, word) });
  }
  maskUses.sort((a, b) => a.mask - b.mask || Number(b.nested) - Number(a.nested));
  const first = shebang(text);
  return {
    commands,
    expansions: out.expansions
      .map((expansion) => ({
        range: expansion.range,
        text: cut(text, expansion.range),
        name: expansion.name,
        operator: expansion.operator,
        quoting: expansion.quoting,
        place: expansion.place,
        splits: expansion.splits,
        command: expansion.command?.index ?? -1,
        word: wordIndex(expansion.command, expansion.word),
      }))
      .sort((a, b) => a.range.start - b.range.start),
    assignments: [...assignments.values()].sort((a, b) => a.range.start - b.range.start),
    functions: [...out.functions].sort((a, b) => a.range.start - b.range.start),
    loops: [...out.loops].sort((a, b) => a.range.start - b.range.start),
    options: scriptOptions(commands, first.flags, initial),
    shebang: first.interpreter,
    maskUses,
    hasError: out.hasError,
    problems: out.problems,
  };
}

function cut(text: string, range: SourceRange): string {
  return text.slice(range.start, range.end);
}

function wordIndex(command: CommandBuilder | undefined, word: WordBuilder | undefined): number {
  return command === undefined || word === undefined ? -1 : Math.max(-1, word.index);
}

function finishWord(text: string, word: WordBuilder): ShellWord {
  const range = { start: word.node.start, end: word.node.end };
  return {
    range,
    text: cut(text, range),
    value: wordValue(word.source, word.node),
    quoted: wordQuoting(word.node),
    literal: word.literal,
    variables: word.variables,
    unquoted: word.unquoted,
    substitutions: word.substitutions,
    masks: word.masks,
  };
}

function finishAssignment(text: string, assignment: AssignmentBuilder): ShellAssignment {
  const { name, range, nameRange, append, declaration, command, value } = assignment;
  const plain = { name, range, nameRange, append, declaration, command: command?.index ?? -1 };
  return value === undefined ? plain : { value: finishWord(text, value), ...plain };
}

function finishRedirect(text: string, redirect: RedirectBuilder, inherited: boolean): ShellRedirect {
  const { range, operator, descriptor, target, body } = redirect;
  const plain = { range, operator, descriptor, inherited };
  if (target === undefined && body === undefined) return plain;
  if (body === undefined) return { target: finishWord(text, target as WordBuilder), ...plain };
  const written = { range: body.range, text: cut(text, body.range), quoted: body.quoted };
  return target === undefined ? { body: written, ...plain } : { target: finishWord(text, target), body: written, ...plain };
}

function finishCommand(text: string, resolved: ResolvedCommand, assignments: ReadonlyMap<AssignmentBuilder, ShellAssignment>): ShellCommand {
  const { builder, values, at } = resolved;
  const range = { start: builder.start, end: builder.end };
  const naming = builder.words[at];
  const { flags, operands } = splitArguments(resolved.name, values.slice(at + 1));
  return {
    index: builder.index,
    range,
    text: cut(text, range),
    name: resolved.name,
    path: values[at] ?? '',
    nameRange: naming === undefined ? range : { start: naming.node.start, end: naming.node.end },
    words: builder.words.slice(at + 1).map((word) => finishWord(text, word)),
    flags,
    operands,
    assignments: builder.assignments.map((assignment) => assignments.get(assignment)).filter((assignment) => assignment !== undefined),
    redirects: [
      ...builder.redirects.map((redirect) => finishRedirect(text, redirect, false)).sort((a, b) => a.range.start - b.range.start),
      ...builder.inherited.map((redirect) => finishRedirect(text, redirect, true)),
    ],
    pipedFrom: pipeNames(builder, -1),
    pipedTo: pipeNames(builder, 1),
    substituted: builder.substituted,
    wrappers: resolved.wrappers,
    root: resolved.root,
    inFunction: builder.inFunction,
    inCondition: builder.inCondition,
    codeWords: resolved.codeWords,
    parent: builder.owner?.index ?? -1,
    within: builder.within,
    masks: [...builder.masks].sort((a, b) => a - b),
  };
}

/** Names of the commands in the stages before (-1) or behind (1), nearest first, inner pipes before outer ones. */
function pipeNames(builder: CommandBuilder, step: -1 | 1): string[] {
  const names: string[] = [];
  let pipe: PipePlace | undefined = builder.pipe;
  for (let level = 0; pipe !== undefined && level < MAX_LEVELS; level++, pipe = pipe.outer) {
    for (let stage = pipe.stage + step; stage >= 0 && stage < pipe.stages.length; stage += step) {
      const commands = pipe.stages[stage] ?? [];
      for (let i = 0; i < commands.length && names.length < MAX_NAMES; i++) {
        const command = commands[step === 1 ? i : commands.length - 1 - i] as CommandBuilder;
        if (command.name !== '') names.push(command.name);
      }
      if (names.length >= MAX_NAMES) return names;
    }
  }
  return names;
}
