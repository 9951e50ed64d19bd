import type { SourceRange } from '../../core/index.js';
import { addProblem } from './builders.js';
import type { AssignmentBuilder, Collector, CommandBuilder, MaskSpan, PipePlace, RedirectBuilder, WordBuilder } from './builders.js';
import { firstEndingAfter } from './mask.js';
import type { Source } from './quoting.js';
import type { TreeNode } from './tree.js';
import type { ExpansionQuoting, ShellLoop, ShellPlace } from './types.js';

/** Where the walk is: what a node needs to know of the nodes around it. */
export interface Context {
  readonly command: CommandBuilder | undefined;
  readonly word: WordBuilder | undefined;
  readonly quoting: ExpansionQuoting;
  readonly place: ShellPlace;
  /** Unquoted expansions here are split into fields. */
  readonly split: boolean;
  /** Literals here are words of `command` (inside `[ … ]`, where the grammar nests them in expressions). */
  readonly collect: boolean;
  readonly assigned: string;
  readonly inFunction: string;
  readonly inCondition: boolean;
  readonly pipe: PipePlace | undefined;
  readonly inherited: readonly RedirectBuilder[];
  readonly owner: CommandBuilder | undefined;
  readonly within: CommandBuilder['within'];
  readonly depth: number;
  readonly nested: boolean;
}

export const TOP: Context = {
  command: undefined,
  word: undefined,
  quoting: '',
  place: 'unknown',
  split: false,
  collect: false,
  assigned: '',
  inFunction: '',
  inCondition: false,
  pipe: undefined,
  inherited: [],
  owner: undefined,
  within: '',
  depth: 0,
  nested: false,
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A copy to be changed. All contexts are made here, property by property: they have one shape then, where
 * spreads of spreads have many, and a script has some contexts for each of its words.
 */
function copyOf(ctx: Context): Writable<Context> {
  return {
    command: ctx.command,
    word: ctx.word,
    quoting: ctx.quoting,
    place: ctx.place,
    split: ctx.split,
    collect: ctx.collect,
    assigned: ctx.assigned,
    inFunction: ctx.inFunction,
    inCondition: ctx.inCondition,
    pipe: ctx.pipe,
    inherited: ctx.inherited,
    owner: ctx.owner,
    within: ctx.within,
    depth: ctx.depth,
    nested: ctx.nested,
  };
}

/** A context with some properties changed. */
export function changed(ctx: Context, changes: Partial<Context>): Context {
  return Object.assign(copyOf(ctx), changes);
}

const LITERALS = new Set([
  'word', 'string', 'raw_string', 'translated_string', 'ansi_c_string', 'concatenation', 'number', 'expansion', 'simple_expansion',
  'command_substitution', 'process_substitution', 'arithmetic_expansion', 'brace_expression', 'array', 'extglob_pattern', 'regex', 'variable_name', '$',
]);
const REDIRECTS = new Set(['file_redirect', 'heredoc_redirect', 'herestring_redirect']);
const COMMANDS = new Set(['command', 'test_command', 'declaration_command', 'unset_command']);
/** Their output is that of all commands inside. */
const GROUPS = new Set(['compound_statement', 'subshell', 'if_statement', 'while_statement', 'for_statement', 'c_style_for_statement', 'case_statement', 'function_definition']);
const OUTPUT = new Set(['>', '>>', '>|', '&>', '&>>', '>&']);
/** Variables whose value has no blanks: the shell itself makes it a number or a few letters. */
const NEVER_SPLIT = new Set(['#', '?', '$', '!', '-']);

/** Substitutions nested deeper are not read; no script written by people comes near. */
const MAX_DEPTH = 100;
const MAX_COMMANDS = 100_000;
const MAX_INHERITED = 8;
const MAX_PIPES = 16;

/**
 * Reads a tree into the collector: one pass, no recursion, so that depth costs nothing but memory.
 * @param masks sorted, disjoint
 */
export function walk(root: TreeNode, source: Source, masks: readonly MaskSpan[], top: Context, out: Collector): void {
  const stack: { node: TreeNode; ctx: Context }[] = [{ node: root, ctx: top }];
  /** Redirections that the grammar attaches to a list or pipe, by the command that the shell applies them to. */
  const pending = new Map<TreeNode, { redirects: TreeNode[]; pipe: PipePlace | undefined }>();

  const push = (nodes: readonly TreeNode[], ctx: Context): void => {
    for (let i = nodes.length - 1; i >= 0; i--) stack.push({ node: nodes[i] as TreeNode, ctx });
  };

  /** Notes the masks in a leaf of the tree; whether there are any. */
  const noteMasks = (node: TreeNode, ctx: Context): boolean => {
    let found = false;
    for (let i = firstEndingAfter(masks, node.start); i < masks.length; i++) {
      const span = masks[i] as MaskSpan;
      if (span.start >= node.end) break;
      found = true;
      if (ctx.word !== undefined) ctx.word.literal = false;
      if (span.index === -1) {
        for (const name of span.variables) if (ctx.word !== undefined) noteVariable(ctx.word, name, true);
        continue;
      }
      if (ctx.word !== undefined && ctx.word.masks.at(-1) !== span.index) ctx.word.masks.push(span.index);
      let holder = ctx.command ?? ctx.owner;
      for (let level = 0; holder !== undefined && level < 8; level++, holder = holder.owner) {
        if (holder.masks.at(-1) !== span.index) holder.masks.push(span.index);
      }
      out.maskUses.push({
        mask: span.index,
        range: { start: span.start, end: span.end },
        quoting: ctx.quoting,
        place: ctx.place,
        splits: ctx.split && ctx.quoting === '',
        command: ctx.command,
        word: ctx.word,
        assigned: ctx.assigned,
        nested: ctx.nested,
      });
    }
    return found;
  };

  const startWord = (node: TreeNode): WordBuilder => ({ node, source, variables: [], unquoted: [], substitutions: [], masks: [], literal: true, index: -1 });

  const startCommand = (node: TreeNode, ctx: Context): CommandBuilder => {
    const command: CommandBuilder = {
      start: node.start,
      end: node.end,
      words: [],
      assignments: [],
      redirects: [],
      inherited: ctx.inherited,
      masks: [],
      inFunction: ctx.inFunction,
      inCondition: ctx.inCondition,
      pipe: ctx.pipe,
      owner: ctx.owner,
      within: ctx.within,
      depth: ctx.depth,
      source,
      substituted: [],
      index: -1,
      name: '',
    };
    if (out.commands.length < MAX_COMMANDS) out.commands.push(command);
    else if (out.commands.length === MAX_COMMANDS) addProblem(out, 'limit', { start: node.start, end: node.end }, 'too many commands');
    let pipe = ctx.pipe;
    for (let level = 0; pipe !== undefined && level < MAX_PIPES; level++, pipe = pipe.outer) (pipe.stages[pipe.stage] ??= []).push(command);
    return command;
  };

  const addWord = (command: CommandBuilder, node: TreeNode, ctx: Context): void => {
    const word = startWord(node);
    command.words.push(word);
    const inside = copyOf(ctx);
    inside.command = command;
    inside.word = word;
    inside.collect = false;
    stack.push({ node, ctx: inside });
  };

  const addRedirect = (node: TreeNode, command: CommandBuilder | undefined, ctx: Context): RedirectBuilder => {
    const operator = node.children.find((child) => !child.named)?.type ?? '';
    const descriptor = node.children.find((child) => child.type === 'file_descriptor');
    const redirect: RedirectBuilder = {
      range: { start: node.start, end: node.end },
      operator,
      descriptor: descriptor === undefined ? '' : source.text.slice(descriptor.start, descriptor.end),
      target: undefined,
      body: undefined,
    };
    const target: Context = changed(ctx, { command, place: 'redirect', split: node.type === 'file_redirect', quoting: '', collect: false });
    if (node.type === 'heredoc_redirect') {
      addHeredoc(node, redirect, command, target, ctx);
      return redirect;
    }
    let end = node.end;
    for (const child of node.children) {
      if (!LITERALS.has(child.type)) continue;
      if (redirect.target === undefined) {
        redirect.target = startWord(child);
        end = child.end;
        stack.push({ node: child, ctx: changed(target, { word: redirect.target }) });
      } else if (command !== undefined) {
        // The grammar takes words behind a redirection for further targets; to the shell they are arguments.
        addWord(command, child, changed(ctx, { place: 'argument', split: true, quoting: '' }));
      }
    }
    (redirect as { range: SourceRange }).range = { start: node.start, end };
    return redirect;
  };

  const addHeredoc = (node: TreeNode, redirect: RedirectBuilder, command: CommandBuilder | undefined, target: Context, ctx: Context): void => {
    let quoted = false;
    let end = node.start;
    let body = false;
    for (const child of node.children) {
      if (child.type === 'heredoc_start') {
        redirect.target = startWord(child);
        quoted = /['"\\]/.test(source.text.slice(child.start, child.end));
        end = child.end;
        noteMasks(child, changed(target, { word: redirect.target }));
      } else if (child.type === 'heredoc_body') {
        body = true;
        redirect.body = { range: { start: child.start, end: child.end }, quoted, node: child };
        const inside: Context = changed(target, { word: undefined, place: 'heredoc', quoting: 'heredoc', split: false });
        stack.push({ node: child, ctx: inside });
      } else if (REDIRECTS.has(child.type)) {
        if (command !== undefined) {
          command.redirects.push(addRedirect(child, command, ctx));
          command.end = Math.max(command.end, child.end);
        } else push([child], target);
      } else if (!body && command !== undefined && LITERALS.has(child.type)) {
        addWord(command, child, changed(ctx, { place: 'argument', split: true, quoting: '' }));
      } else if (child.named && child.type !== 'pipeline' && child.type !== 'heredoc_end' && child.type !== 'file_descriptor') {
        // `cat <<EOF && next`: a statement of its own.
        push([child], ctx);
      }
    }
    (redirect as { range: SourceRange }).range = { start: node.start, end };
    if (command !== undefined) command.end = Math.max(command.end, end);
  };

  const addAssignment = (node: TreeNode, command: CommandBuilder | undefined, declaration: string, ctx: Context, word: WordBuilder | undefined): void => {
    const name = node.children[0];
    if (name === undefined) return;
    const variable = name.type === 'subscript' ? name.children[0] : name;
    const operator = node.children.find((child) => child.type === '=' || child.type === '+=');
    const value = node.children.find((child) => child !== name && child.named && child.type !== 'comment');
    const assignment: AssignmentBuilder = {
      name: variable === undefined ? '' : source.text.slice(variable.start, variable.end),
      range: { start: node.start, end: node.end },
      nameRange: { start: name.start, end: name.end },
      append: operator?.type === '+=',
      declaration,
      command,
      value: undefined,
    };
    out.assignments.push(assignment);
    if (command !== undefined) command.assignments.push(assignment);
    const inside: Context = changed(ctx, { command, word, place: 'assignment', split: false, quoting: '', collect: false, assigned: assignment.name });
    if (value !== undefined) {
      assignment.value = startWord(value);
      // A declaration's assignment is a word of the command too: what is found counts for both.
      stack.push({ node: value, ctx: word === undefined ? changed(inside, { word: assignment.value }) : inside });
      if (word !== undefined) shareWord(word, assignment.value);
    }
    if (name.type === 'subscript') push(name.children.slice(1), changed(inside, { place: 'arithmetic' }));
    else noteMasks(name, inside);
  };

  const statementContext = (ctx: Context): Context => (changed(ctx, { command: undefined, word: undefined, quoting: '', place: 'unknown', split: false, collect: false, assigned: '' }));

  const visitCommand = (node: TreeNode, ctx: Context): void => {
    const command = startCommand(node, ctx);
    const inside = copyOf(ctx);
    inside.command = command;
    inside.word = undefined;
    inside.quoting = '';
    inside.place = 'argument';
    inside.split = true;
    const late = pending.get(node);
    if (late !== undefined) {
      pending.delete(node);
      for (const redirect of late.redirects) {
        command.redirects.push(addRedirect(redirect, command, changed(inside, { pipe: late.pipe })));
        command.start = Math.min(command.start, redirect.start);
        if (redirect.type !== 'heredoc_redirect') command.end = Math.max(command.end, redirect.end);
      }
    }
    const declares = node.type === 'declaration_command';
    const tests = node.type === 'test_command';
    const children = node.children;
    for (let i = 0; i < children.length; i++) {
      const child = children[i] as TreeNode;
      if (child.type === 'comment') continue;
      if (i === 0 && node.type !== 'command') {
        const name = startWord(child);
        command.words.push(name);
        continue;
      }
      if (tests) continue;
      if (child.type === 'variable_assignment') {
        if (declares) {
          const word = startWord(child);
          command.words.push(word);
          addAssignment(child, command, source.text.slice((children[0] as TreeNode).start, (children[0] as TreeNode).end), inside, word);
        } else addAssignment(child, command, '', inside, undefined);
      } else if (child.type === 'command_name') {
        const name = child.children[0] ?? child;
        const naming = copyOf(inside);
        naming.place = 'command-name';
        addWord(command, name, naming);
      } else if (REDIRECTS.has(child.type)) {
        command.redirects.push(addRedirect(child, command, inside));
      } else if (LITERALS.has(child.type) || child.type === '==' || child.type === '=~') {
        addWord(command, child, inside);
      } else if (child.named) {
        push([child], child.type === 'ERROR' ? inside : statementContext(ctx));
      }
    }
    if (tests) {
      const double = children[0]?.type === '[[';
      push(children.slice(1, children.at(-1)?.type === (double ? ']]' : ']') ? -1 : undefined), changed(inside, { place: 'test', split: !double, collect: true }));
    }
  };

  const visitRedirected = (node: TreeNode, ctx: Context): void => {
    const redirects = node.children.filter((child) => REDIRECTS.has(child.type));
    const body = node.children.find((child) => child.named && child.type !== 'comment' && !REDIRECTS.has(child.type));
    const piped = redirects.map((redirect) => redirect.children.find((child) => child.type === 'pipeline')).find((child) => child !== undefined);
    let inner = ctx;
    if (piped !== undefined) {
      const stages: CommandBuilder[][] = [[]];
      inner = changed(ctx, { pipe: { stages, stage: 0, outer: ctx.pipe } });
      let stage = 0;
      for (const child of piped.children) if (child.named && child.type !== 'comment') push([child], changed(statementContext(ctx), { pipe: { stages, stage: ++stage, outer: ctx.pipe } }));
    }
    const rest = node.children.filter((child) => child !== body && !REDIRECTS.has(child.type) && child.named);
    push(rest, ctx);
    if (body === undefined) {
      for (const redirect of redirects) addRedirect(redirect, undefined, changed(ctx, { split: false }));
      return;
    }
    const target = redirectTarget(body);
    if (COMMANDS.has(target.type)) {
      const before = pending.get(target);
      pending.set(target, { redirects: [...(before?.redirects ?? []), ...redirects], pipe: ctx.pipe });
      push([body], inner);
    } else {
      const built = redirects.map((redirect) => addRedirect(redirect, undefined, changed(ctx, { split: false })));
      const inherited = GROUPS.has(target.type) ? [...inner.inherited, ...built.filter((redirect) => OUTPUT.has(redirect.operator))].slice(-MAX_INHERITED) : inner.inherited;
      push([body], changed(inner, { inherited }));
    }
  };

  while (stack.length > 0) {
    const { node, ctx } = stack.pop() as { node: TreeNode; ctx: Context };
    if (node.missing) {
      addProblem(out, 'missing', { start: node.start, end: node.end }, `\`${node.type}\` is missing`);
      continue;
    }
    if (ctx.collect && ctx.word === undefined && ctx.command !== undefined && (LITERALS.has(node.type) || node.type === 'test_operator' || !node.named)) {
      if (node.start !== node.end) addWord(ctx.command, node, ctx);
      continue;
    }
    switch (node.type) {
      case 'ERROR':
        addProblem(out, 'error', { start: node.start, end: node.end }, 'this is not valid shell syntax');
        if (node.children.length === 0) noteMasks(node, ctx);
        push(node.children, changed(ctx, { place: ctx.place === 'argument' ? 'argument' : 'unknown' }));
        break;
      case 'comment':
        noteMasks(node, changed(ctx, { command: undefined, word: undefined, place: 'comment', quoting: '', split: false }));
        break;
      case 'command':
      case 'test_command':
      case 'declaration_command':
      case 'unset_command':
        visitCommand(node, ctx);
        break;
      case 'redirected_statement':
        visitRedirected(node, ctx);
        break;
      case 'file_redirect':
      case 'herestring_redirect':
      case 'heredoc_redirect':
        addRedirect(node, ctx.command, ctx);
        break;
      case 'variable_assignment':
        if (ctx.place === 'arithmetic') push(node.children, ctx);
        else addAssignment(node, undefined, '', ctx, undefined);
        break;
      case 'pipeline': {
        const stages: CommandBuilder[][] = [];
        let stage = 0;
        const tasks: { node: TreeNode; ctx: Context }[] = [];
        for (const child of node.children) {
          if (child.type === 'comment') tasks.push({ node: child, ctx });
          else if (child.named) tasks.push({ node: child, ctx: changed(ctx, { pipe: { stages, stage: stage++, outer: ctx.pipe } }) });
        }
        for (let i = tasks.length - 1; i >= 0; i--) stack.push(tasks[i] as { node: TreeNode; ctx: Context });
        break;
      }
      case 'list': {
        const [left, ...right] = node.children;
        push(right, ctx);
        if (left !== undefined) stack.push({ node: left, ctx: ctx.inCondition ? ctx : changed(ctx, { inCondition: true }) });
        break;
      }
      case 'if_statement':
      case 'elif_clause':
      case 'while_statement': {
        const end = node.children.findIndex((child) => child.type === 'then' || child.type === 'do_group');
        const condition = end === -1 ? node.children.length : end;
        if (node.type === 'while_statement') noteLoop(node, node.children[0]?.type === 'until' ? 'until' : 'while', node.children[condition]);
        push(node.children.slice(condition), ctx);
        push(node.children.slice(0, condition), changed(ctx, { inCondition: true }));
        break;
      }
      case 'for_statement': {
        const body = node.children.findIndex((child) => child.type === 'in');
        push(node.children.slice(body === -1 ? 2 : body), changed(ctx, { place: 'for', split: true }));
        break;
      }
      case 'do_group':
      case 'else_clause':
      case 'subshell':
      case 'program':
        push(node.children, statementContext(ctx));
        break;
      case 'compound_statement':
        push(node.children, node.children[0]?.type === '((' ? changed(ctx, { place: 'arithmetic', split: false }) : statementContext(ctx));
        break;
      case 'c_style_for_statement':
        noteLoop(node, 'for', node.children.find((child) => child.type === 'do_group' || child.type === 'compound_statement'));
        push(node.children, changed(ctx, { place: 'arithmetic', split: false }));
        break;
      case 'case_statement':
        push(node.children, changed(ctx, { place: 'case', split: false }));
        break;
      case 'case_item': {
        const end = node.children.findIndex((child) => child.type === ')');
        push(node.children.slice(end + 1), statementContext(ctx));
        push(node.children.slice(0, end + 1), changed(ctx, { place: 'case', split: false }));
        break;
      }
      case 'function_definition': {
        const name = node.children.find((child) => child.type === 'word');
        const text = name === undefined ? '' : source.text.slice(name.start, name.end);
        if (name !== undefined) out.functions.push({ name: text, range: { start: node.start, end: node.end }, nameRange: { start: name.start, end: name.end } });
        push(node.children.filter((child) => child !== name), changed(statementContext(ctx), { inFunction: text, inCondition: false, pipe: undefined }));
        break;
      }
      case 'string':
      case 'translated_string':
        push(node.children, changed(ctx, { quoting: ctx.quoting === 'heredoc' ? 'heredoc' : 'double' }));
        break;
      case 'raw_string':
      case 'ansi_c_string':
        noteMasks(node, changed(ctx, { quoting: ctx.quoting === '' ? 'single' : ctx.quoting }));
        break;
      case 'array':
        push(node.children, changed(ctx, { split: true }));
        break;
      case 'subscript':
        push(node.children, changed(ctx, { place: 'arithmetic', split: false }));
        break;
      case 'arithmetic_expansion':
        if (ctx.word !== undefined) ctx.word.literal = false;
        push(node.children, changed(ctx, { place: 'arithmetic', split: false }));
        break;
      case 'simple_expansion':
      case 'expansion':
        visitExpansion(node, ctx);
        break;
      case 'variable_name':
        if (!noteMasks(node, ctx) && ctx.place === 'arithmetic') noteExpansion(node, source.text.slice(node.start, node.end), '', ctx);
        break;
      case 'command_substitution':
      case 'process_substitution': {
        const kind = node.type === 'command_substitution' ? 'command' : 'process';
        if (ctx.word !== undefined) {
          ctx.word.literal = false;
          ctx.word.substitutions.push({ range: visibleRange(node), kind });
        }
        if (ctx.depth >= MAX_DEPTH) {
          addProblem(out, 'limit', { start: node.start, end: node.end }, 'substitutions are nested too deeply');
          break;
        }
        push(node.children, changed(statementContext(ctx), {
          owner: ctx.command ?? ctx.owner,
          within: kind === 'command' ? 'substitution' : 'process',
          depth: ctx.depth + 1,
          pipe: undefined,
          inCondition: false,
          inherited: [],
        }));
        break;
      }
      default:
        if (node.children.length > 0) push(node.children, ctx);
        else noteMasks(node, ctx);
    }
  }

  /** In quotes the grammar counts the blanks between two expansions to the second one. */
  function visibleRange({ start, end }: TreeNode): SourceRange {
    let visible = start;
    while (visible < end && source.text.charCodeAt(visible) <= 32) visible++;
    return { start: visible, end };
  }

  function noteLoop(node: TreeNode, kind: ShellLoop['kind'], body: TreeNode | undefined): void {
    const start = (node.children[0] ?? node).end;
    out.loops.push({ kind, range: { start: node.start, end: node.end }, condition: { start, end: Math.max(start, body?.start ?? node.end) } });
  }

  function noteExpansion(node: TreeNode, name: string, operator: string, ctx: Context): void {
    const splits = ctx.split && ctx.quoting === '' && !NEVER_SPLIT.has(name) && operator !== '#';
    if (ctx.word !== undefined) {
      ctx.word.literal = false;
      if (name !== '') noteVariable(ctx.word, name, splits);
    }
    out.expansions.push({ range: visibleRange(node), name, operator, quoting: ctx.quoting, place: ctx.place, splits, command: ctx.command, word: ctx.word });
  }

  function visitExpansion(node: TreeNode, ctx: Context): void {
    let name: TreeNode | undefined;
    let operator = '';
    const rest: TreeNode[] = [];
    for (const child of node.children) {
      if (name === undefined && (child.type === 'variable_name' || child.type === 'special_variable_name' || child.type === 'subscript')) name = child;
      else if (!child.named && child.type !== '$' && child.type !== '${' && child.type !== '}') operator ||= child.type;
      else if (child.named) rest.push(child);
    }
    const variable = name?.type === 'subscript' ? name.children[0] : name;
    noteExpansion(node, variable === undefined ? '' : source.text.slice(variable.start, variable.end), operator, ctx);
    push(rest, ctx);
    if (name?.type === 'subscript') push(name.children.slice(1), changed(ctx, { place: 'arithmetic', split: false }));
    else if (name !== undefined) noteMasks(name, ctx);
  }
}

function noteVariable(word: WordBuilder, name: string, unquoted: boolean): void {
  if (word.variables.length >= 200) return;
  if (!word.variables.includes(name)) word.variables.push(name);
  if (unquoted && !word.unquoted.includes(name)) word.unquoted.push(name);
}

/** Makes two words collect the same findings: a declaration's argument and the value assigned in it. */
function shareWord(from: WordBuilder, to: WordBuilder): void {
  for (const key of ['variables', 'unquoted', 'substitutions', 'masks'] as const) Object.assign(to, { [key]: from[key] });
  Object.defineProperty(to, 'literal', {
    get: () => from.literal,
    set: (value: boolean) => {
      from.literal = value;
    },
  });
}

/** The statement that a redirection behind a list or pipe applies to: the last command. */
function redirectTarget(body: TreeNode): TreeNode {
  let node = body;
  for (;;) {
    let next: TreeNode | undefined;
    if (node.type === 'redirected_statement') next = node.children.find((child) => child.named && child.type !== 'comment' && !REDIRECTS.has(child.type));
    else if (node.type === 'list' || node.type === 'pipeline' || node.type === 'negated_command') next = node.children.findLast((child) => child.named && child.type !== 'comment');
    if (next === undefined) return node;
    node = next;
  }
}
