import type { SourceRange } from '../../core/index.js';
import type { ShellAssignment, ShellCommand, ShellExpansion, ShellScript, ShellWord } from '../../syntax/shell/index.js';
import { classifyContext, type ContextScope, widerType } from './contexts.js';
import { worstControl } from './events.js';
import { LITERAL, type Origin, type Origins } from './scope.js';

/** What a script can read, besides its own text. */
export interface ScriptInputs {
  /** Of each template expression that was masked for the shell parser, by its index. */
  readonly expressions: readonly Origin[];
  /** Environment variables, by lower-case name. */
  readonly env: Origins;
  readonly contextScope: ContextScope;
  /** Files of the workspace are an outsider's: an earlier step checked out their code or took their artifact. */
  readonly untrustedWorkspace: boolean;
  /** Folders outside the workspace, as written, that hold an outsider's files. */
  readonly untrustedFolders?: readonly string[];
}

/** Follows values through one script. Flow-insensitive: a variable holds everything that is ever assigned to it. */
export interface ScriptFlow {
  readonly script: ShellScript;
  /** What a word is made of. */
  word(word: ShellWord): Origin;
  /** What a command prints. */
  output(command: ShellCommand): Origin;
  /** What a command reads from a pipe, a here-document or a redirection. */
  input(command: ShellCommand): Origin;
  /** What the variables, template expressions and substitutions in a range of the script hold. */
  range(range: SourceRange): Origin;
}

/** Nested substitutions and variables made of variables are followed this far. */
const MAX_DEPTH = 12;

const UNKNOWN: Origin = { ...LITERAL, source: 'command', type: 'string', controlledBy: 'unknown' };
const NUMBER: Origin = { ...LITERAL, source: 'command', type: 'number' };
const NAME: Origin = { ...LITERAL, source: 'command', type: 'name' };

/** The flow of one script; results are remembered, so that asking costs no more than reading the script once. */
export function followScript(script: ShellScript, inputs: ScriptInputs): ScriptFlow {
  const follower = new Follower(script, inputs);
  return {
    script,
    word: (word) => follower.word(word, 0),
    output: (command) => follower.output(command, 0),
    input: (command) => follower.standardInput(command, 0),
    range: (range) => follower.range(range, 0),
  };
}

/** A text with the parts of both. */
export function joinOrigins(a: Origin, b: Origin): Origin {
  if (a === LITERAL) return b;
  if (b === LITERAL || a === b) return a;
  const worse = a.controlledBy !== b.controlledBy && worstControl(a.controlledBy, b.controlledBy) === b.controlledBy ? b : a;
  return {
    ...worse,
    type: a.controlledBy === b.controlledBy ? widerType(a.type, b.type) : worse.type,
    contexts: [...new Set([...a.contexts, ...b.contexts])],
    events: [...new Set([...a.events, ...b.events])],
  };
}

class Follower {
  private readonly assigned = new Map<string, ShellAssignment[]>();
  private readonly variables = new Map<string, Origin>();
  private readonly outputs = new Map<number, Origin>();
  /** Of every code unit range that matters: commands inside substitutions, by where they start. */
  private readonly substituted: readonly ShellCommand[];

  /** Commands that write to a file with a fixed name, by that name. */
  private readonly writers = new Map<string, ShellCommand[]>();
  private readonly writing = new Set<string>();
  private readonly readers: readonly ShellCommand[];
  /** Variables that loops go through. */
  private readonly listed: readonly ShellExpansion[];

  constructor(
    private readonly script: ShellScript,
    private readonly inputs: ScriptInputs,
  ) {
    for (const assignment of script.assignments) {
      const list = this.assigned.get(assignment.name);
      if (list === undefined) this.assigned.set(assignment.name, [assignment]);
      else if (list.length < 32) list.push(assignment);
    }
    for (const command of script.commands) {
      for (const { operator, target } of command.redirects) {
        if (!operator.includes('>') || target?.literal !== true || target.value.startsWith('/dev/')) continue;
        const list = this.writers.get(target.value);
        if (list === undefined) this.writers.set(target.value, [command]);
        else if (list.length < 16) list.push(command);
      }
    }
    this.readers = script.commands.filter(({ name }) => name === 'read' || name === 'mapfile' || name === 'readarray').slice(0, 64);
    this.listed = script.expansions.filter(({ place }) => place === 'for').slice(0, 64);
    this.substituted = script.commands.filter((command) => command.within === 'substitution' || command.within === 'process').sort((a, b) => a.range.start - b.range.start);
  }

  word(word: ShellWord, depth: number): Origin {
    if (word.literal || depth > MAX_DEPTH) return LITERAL;
    let origin = this.range(word.range, depth);
    for (const { range } of word.substitutions) {
      // `$(< file)` is no command.
      const path = /^\$\(\s{0,20}<\s{0,20}([^\s()]{1,500})\s{0,20}\)$/.exec(word.text.slice(range.start - word.range.start, range.end - word.range.start))?.[1];
      if (path !== undefined) origin = joinOrigins(origin, this.file(path, undefined));
    }
    return origin;
  }

  range(range: SourceRange, depth: number): Origin {
    let origin = LITERAL;
    for (const use of within(this.script.maskUses, range)) {
      if (!this.isInner(use.command, range)) origin = joinOrigins(origin, this.inputs.expressions[use.mask] ?? LITERAL);
    }
    for (const expansion of within(this.script.expansions, range)) {
      if (expansion.quoting === 'single' || this.isInner(expansion.command, range)) continue;
      origin = joinOrigins(origin, expansion.text.startsWith('${#') ? NUMBER : this.variable(expansion.name, depth + 1));
    }
    return joinOrigins(origin, this.commandsIn(range, depth + 1));
  }

  /** It belongs to a command of a substitution in the range, whose output says what becomes of it. */
  private isInner(command: number, range: SourceRange): boolean {
    const owner = this.script.commands[command];
    return owner !== undefined && (owner.within === 'substitution' || owner.within === 'process') && contains(range, owner.range);
  }

  /** The last command of each substitution in a range is what is substituted; all of them are joined, which over-approximates. */
  private commandsIn(range: SourceRange, depth: number): Origin {
    if (depth > MAX_DEPTH) return UNKNOWN;
    let origin = LITERAL;
    for (const command of within(this.substituted, range)) {
      // What is piped on, or lies in an inner substitution, is seen by the command that reads it.
      const inner = command.parent >= 0 && this.script.commands[command.parent]?.within !== '' && contains(range, this.script.commands[command.parent]?.range);
      if (command.pipedTo.length === 0 && !inner) origin = joinOrigins(origin, this.output(command, depth));
    }
    return origin;
  }

  private variable(name: string, depth: number): Origin {
    const known = this.variables.get(name);
    if (known !== undefined) return known;
    // Set first, so that `x="$x y"` ends.
    const outer = this.environment(name);
    this.variables.set(name, outer);
    let origin = outer;
    if (depth <= MAX_DEPTH) for (const assignment of this.assigned.get(name) ?? []) if (assignment.value !== undefined) origin = joinOrigins(origin, this.word(assignment.value, depth + 1));
    if (origin === LITERAL) origin = this.bound(name, depth);
    this.variables.set(name, origin);
    return origin;
  }

  /** A variable that `read` fills, or a loop: which list belongs to which loop is not asked. */
  private bound(name: string, depth: number): Origin {
    if (depth > MAX_DEPTH || this.assigned.has(name) || !/^[A-Za-z_]\w*$/.test(name)) return LITERAL;
    let origin = LITERAL;
    let read = false;
    for (const command of this.readers) {
      if (!command.operands.includes(name) && !(name === 'REPLY' && command.operands.length === 0)) continue;
      read = true;
      origin = joinOrigins(origin, this.standardInput(command, depth + 1));
    }
    // Names in capitals are the environment's.
    if (read || name === name.toUpperCase()) return origin;
    for (const expansion of this.listed) origin = joinOrigins(origin, this.variable(expansion.name, depth + 1));
    for (const use of this.script.maskUses) if (use.place === 'for') origin = joinOrigins(origin, this.inputs.expressions[use.mask] ?? LITERAL);
    return origin;
  }

  /** A variable of the environment; those that the platform sets hold what the context of the same name does. */
  private environment(name: string): Origin {
    const set = this.inputs.env.get(name.toLowerCase());
    if (set !== undefined) return set;
    if (!/^GITHUB_[A-Z_]+$/.test(name)) return LITERAL;
    const property = name.slice('GITHUB_'.length).toLowerCase();
    const found = classifyContext(['github', property], this.inputs.contextScope);
    if (found.controlledBy === 'trusted' || found.controlledBy === 'unknown') return LITERAL;
    const path = `github.${property}`;
    return { context: path, contexts: [path], source: found.source, type: found.type, controlledBy: found.controlledBy, events: found.events };
  }

  output(command: ShellCommand, depth: number): Origin {
    const known = this.outputs.get(command.index);
    if (known !== undefined) return known;
    this.outputs.set(command.index, LITERAL);
    const origin = depth > MAX_DEPTH ? UNKNOWN : this.printed(command, depth);
    this.outputs.set(command.index, origin);
    return origin;
  }

  private printed(command: ShellCommand, depth: number): Origin {
    const { name } = command;
    if (PRINTERS.has(name)) return this.arguments(command, depth);
    if (NUMBERS.has(name)) return NUMBER;
    if (NAMES.has(name) && !(name === 'base64' && command.flags.some((flag) => flag === '-d' || flag === '-D' || flag === '--decode'))) return NAME;
    if (name === 'gh') return this.githubCli(command);
    if (name === 'git') return this.git(command);
    if (!FILTERS.has(name)) return this.inputs.untrustedWorkspace && runsWorkspace(command) ? this.workspace() : UNKNOWN;
    const through = joinOrigins(this.standardInput(command, depth), this.files(command, depth));
    if (through === LITERAL) return LITERAL;
    const type = filteredType(command);
    return type === undefined ? through : { ...through, type };
  }

  private arguments(command: ShellCommand, depth: number): Origin {
    let origin = LITERAL;
    for (const word of command.words) origin = joinOrigins(origin, this.word(word, depth + 1));
    return origin;
  }

  /** What a filter reads from a pipe, a here-document or a here-string. */
  standardInput(command: ShellCommand, depth: number): Origin {
    let origin = LITERAL;
    for (const redirect of command.redirects) {
      if (redirect.body !== undefined && !redirect.body.quoted) origin = joinOrigins(origin, this.range(redirect.body.range, depth + 1));
      else if (redirect.body !== undefined) origin = joinOrigins(origin, this.masksIn(redirect.body.range));
      else if (redirect.operator === '<<<' && redirect.target !== undefined) origin = joinOrigins(origin, this.word(redirect.target, depth + 1));
      else if (redirect.operator === '<' && redirect.target !== undefined) origin = joinOrigins(origin, this.file(redirect.target.value, redirect.target));
    }
    if (command.pipedFrom.length === 0) return origin;
    // Commands are listed in the order of the text, so what feeds this one stands right before it.
    for (let i = command.index - 1; i >= 0 && command.index - i < 64; i--) {
      const before = this.script.commands[i] as ShellCommand;
      if (before.parent !== command.parent || before.within !== command.within) continue;
      if (before.pipedTo[0] !== command.name) break;
      origin = joinOrigins(origin, this.output(before, depth + 1));
      if (before.pipedFrom.length > 0) break;
    }
    return origin;
  }

  /** A quoted here-document: the shell expands nothing, the platform has replaced its expressions before. */
  private masksIn(range: SourceRange): Origin {
    let origin = LITERAL;
    for (const use of within(this.script.maskUses, range)) origin = joinOrigins(origin, this.inputs.expressions[use.mask] ?? LITERAL);
    return origin;
  }

  /** Files that a filter reads, and variables in its program, as in `jq --arg t "$TITLE"`. */
  private files(command: ShellCommand, depth: number): Origin {
    let origin = LITERAL;
    for (const word of command.words) {
      if (word.variables.includes('GITHUB_EVENT_PATH')) origin = joinOrigins(origin, this.event(command));
      else if (!word.literal) origin = joinOrigins(origin, this.word(word, depth + 1));
    }
    const literalFiles = command.pipedFrom.length === 0 && command.redirects.every((redirect) => !redirect.operator.startsWith('<'));
    if (literalFiles) for (const operand of command.operands) if (CONCATENATORS.has(command.name) || /[./]/.test(operand)) origin = joinOrigins(origin, this.file(operand, undefined));
    return origin;
  }

  private file(path: string, word: ShellWord | undefined): Origin {
    if (word?.variables.includes('GITHUB_EVENT_PATH') === true) return this.context(['github', 'event'], 'github.event');
    const untrusted = this.inputs.untrustedWorkspace && !/^(?:\/|~|\$\{?(?:RUNNER_TEMP|HOME|GITHUB_EVENT_PATH)\b|\$\{\{\s{0,5}runner\.temp)/.test(path);
    const written = this.written(path);
    if (written !== LITERAL) return written;
    return untrusted || (this.inputs.untrustedFolders ?? []).some((folder) => isBelow(path, folder)) ? this.workspace() : LITERAL;
  }

  /** What this script itself has written to a file. */
  private written(path: string): Origin {
    if (path === '' || this.writing.has(path)) return LITERAL;
    const writers = this.writers.get(path);
    if (writers === undefined) return LITERAL;
    this.writing.add(path);
    let origin = LITERAL;
    for (const command of writers) origin = joinOrigins(origin, this.output(command, MAX_DEPTH / 2));
    this.writing.delete(path);
    return origin;
  }

  private workspace(): Origin {
    const events = this.inputs.contextScope.events.filter((event) => event !== 'push');
    return { context: 'files of the workspace', contexts: ['files of the workspace'], source: 'file', type: 'string', controlledBy: 'attacker', events };
  }

  /** `jq -r .pull_request.title "$GITHUB_EVENT_PATH"`. */
  private event(command: ShellCommand): Origin {
    const filter = command.operands.find((operand) => /^\.[A-Za-z_]/.test(operand));
    if (filter === undefined || !/^(?:\.[A-Za-z_]\w*|\[\d*\])+$/.test(filter)) return this.context(['github', 'event'], 'github.event');
    const names = filter.toLowerCase().match(/[a-z_]\w*|\d+/g) ?? [];
    return this.context(['github', 'event', ...names], `github.event${filter}`);
  }

  private context(segments: readonly string[], path: string): Origin {
    const found = classifyContext(segments, this.inputs.contextScope);
    return { context: path, contexts: [path], source: 'event', type: found.type, controlledBy: found.controlledBy, events: found.events };
  }

  /** `gh pr view --json title,body`: what was written in the pull request or issue that the event is about. */
  private githubCli(command: ShellCommand): Origin {
    const [topic, action] = command.operands;
    const reads = (topic === 'pr' || topic === 'issue') && (action === 'view' || action === 'list' || action === 'diff') ? true : topic === 'api' || topic === 'search';
    if (!reads) return UNKNOWN;
    const asked = command.words.map((word) => word.value).join(' ');
    const head = /headRefOid|\.head\.sha\b/.test(asked) ? 'sha' : /headRefName|\.head\.(?:ref|label)\b/.test(asked) ? 'string' : undefined;
    if (head !== undefined) {
      const about = this.inputs.contextScope.events.filter((event) => OUTSIDERS_TEXT.has(event));
      const context = `gh ${topic}: head.${head === 'sha' ? 'sha' : 'ref'}`;
      return about.length === 0 ? UNKNOWN : { context, contexts: [context], source: 'command', type: head, controlledBy: 'attacker', events: about };
    }
    const fields = topic === 'api' ? /\.(title|body|message|ref|label|name|description)\b/.test(asked) : action === 'diff' || !/--json/.test(asked) || /\b(?:title|body|headRefName|comments|reviews|commits|files|author|labels)\b/.test(asked);
    if (!fields) return NAME;
    const events = this.inputs.contextScope.events.filter((event) => OUTSIDERS_TEXT.has(event));
    if (events.length === 0) return UNKNOWN;
    const context = `gh ${topic} ${topic === 'api' ? '' : (action ?? '')}`.trim();
    return { context, contexts: [context], source: 'command', type: 'string', controlledBy: topic === 'api' ? 'unknown' : 'attacker', events: topic === 'api' ? [] : events };
  }

  /** Messages, names of files and branches of an outsider's checkout. */
  private git(command: ShellCommand): Origin {
    const [subcommand] = command.operands;
    if (subcommand === 'rev-parse' || subcommand === 'merge-base' || subcommand === 'rev-list') return command.flags.includes('--abbrev-ref') ? UNKNOWN : { ...NAME, type: 'sha' };
    if (!this.inputs.untrustedWorkspace || subcommand === undefined || !GIT_TEXTS.has(subcommand)) return UNKNOWN;
    const origin = this.workspace();
    return { ...origin, context: `git ${subcommand}`, contexts: [`git ${subcommand}`], source: 'command' };
  }
}

/** Events that are about a pull request or issue of an outsider. */
const OUTSIDERS_TEXT = new Set(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment', 'issues', 'issue_comment', 'workflow_run', 'discussion', 'discussion_comment']);
const GIT_TEXTS = new Set(['log', 'show', 'diff', 'diff-tree', 'ls-files', 'ls-tree', 'shortlog', 'branch', 'tag', 'describe', 'status', 'blame', 'cat-file', 'for-each-ref']);

/** Filters of which every operand is a file. */
const CONCATENATORS = new Set(['cat', 'tac', 'head', 'tail', 'nl', 'rev', 'sort', 'uniq', 'paste']);
/** Commands that print their arguments. */
const PRINTERS = new Set(['echo', 'printf', 'print']);
const NUMBERS = new Set(['wc', 'expr', 'nproc', 'id', 'seq']);
/** Commands whose output has no characters that inject, whatever they read. */
const NAMES = new Set(['sha256sum', 'sha1sum', 'md5sum', 'shasum', 'base64', 'date', 'uuidgen', 'hostname', 'uname', 'mktemp', 'cksum', 'b2sum', 'xxd', 'true', 'false', 'test', '[', 'basename-hash']);
/** Commands that print (a part of) what they read. */
const FILTERS = new Set(['cat', 'tac', 'jq', 'yq', 'sed', 'awk', 'gawk', 'mawk', 'grep', 'egrep', 'fgrep', 'rg', 'tr', 'cut', 'head', 'tail', 'sort', 'uniq', 'tee', 'xargs', 'rev', 'fold', 'fmt', 'paste', 'column', 'nl', 'basename', 'dirname', 'envsubst', 'iconv', 'perl', 'less', 'more', 'xmllint', 'tomlq', 'read', 'realpath', 'readlink', 'csplit', 'strings', 'base64']);

/** What a filter leaves of its input, where that can be told from its program. */
function filteredType(command: ShellCommand): Origin['type'] | undefined {
  const [program = ''] = command.operands;
  switch (command.name) {
    case 'tr': {
      const deletes = command.flags.includes('-d') && (command.flags.includes('-c') || command.flags.includes('-C'));
      return deletes && isHarmlessSet(program) ? (/^(?:0-9|\[:digit:\])$/.test(program) ? 'number' : 'name') : undefined;
    }
    case 'sed': {
      const kept = /^s(.)\[\^([^\]]*(?:\[:[a-z]+:\][^\]]*)*)\]\1[A-Za-z0-9_.-]?\1g$/.exec(program)?.[2];
      return kept !== undefined && isHarmlessSet(kept) ? 'name' : undefined;
    }
    case 'grep':
    case 'egrep':
    case 'rg': {
      if (command.flags.includes('-c') || command.flags.includes('--count')) return 'number';
      if (command.flags.includes('-q') || command.flags.includes('--quiet')) return 'name';
      const only = command.flags.includes('-o') || command.flags.includes('--only-matching') || command.flags.includes('-x') || (program.startsWith('^') && program.endsWith('$'));
      return only && /^\^?(?:(?:\[0-9\]|\\d|\[\[:digit:\]\])[+*]?(?:\\?\.)?)+\$?$/.test(program) ? 'number' : undefined;
    }
    case 'jq':
      if (program === 'length' || program.endsWith('| length') || program.endsWith('|length')) return 'number';
      return /^\.(?:\w+\.)*(?:number|id)$/.test(program) ? 'number' : undefined;
    default:
      return undefined;
  }
}

/** Letters, digits and `._-/:` with line ends, as a set of `tr` or a bracket of `sed`. */
function isHarmlessSet(set: string): boolean {
  if (!/^(?:\[:(?:alnum|alpha|digit|lower|upper):\]|\\n|\\-|[A-Za-z0-9._/:-])+$/.test(set)) return false;
  // `A-z` holds a backtick, `.-Z` holds `;`.
  for (const [range] of set.matchAll(/[^\\]-./g)) if (!/^(?:[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d)$/.test(range)) return false;
  return true;
}

/** A path in a folder; both as written, so that only the same spelling, or the two of the runner's own folder, are known. */
export function isBelow(path: string, folder: string): boolean {
  const spelled = (text: string): string => text.replace(/^\$\{\{\s{0,5}runner\.temp\s{0,5}\}\}|^\$\{?RUNNER_TEMP\}?/, '$RUNNER_TEMP').replace(/\/+$/, '');
  const [inner, outer] = [spelled(path), spelled(folder)];
  return inner === outer || inner.startsWith(`${outer}/`);
}

function runsWorkspace(command: ShellCommand): boolean {
  return command.path.startsWith('./') || command.path.startsWith('../') || /^(?:npm|npx|yarn|pnpm|bun|node|python3?|ruby|make|gradle|gradlew|mvn|mvnw|cargo|go|bash|sh|deno|php|composer|bundle|poetry|uv|task|just)$/.test(command.name);
}

function contains(outer: SourceRange, inner: SourceRange | undefined): boolean {
  return inner !== undefined && inner.start >= outer.start && inner.end <= outer.end;
}

/** Those of a list in the order of the text that lie in a range. */
function* within<T extends { readonly range: SourceRange }>(list: readonly T[], range: SourceRange): Generator<T> {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as T).range.start < range.start) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < list.length; i++) {
    const item = list[i] as T;
    if (item.range.start >= range.end) return;
    if (item.range.end <= range.end) yield item;
  }
}
