import { Language, Parser } from 'web-tree-sitter';
import type { SourceRange } from '../../core/index.js';
import { addProblem } from './builders.js';
import type { Runtime } from './cursor.js';
import type { Collector, CommandBuilder, MaskSpan, WordBuilder } from './builders.js';
import { isShell, readsScriptFromStdin } from './code.js';
import { finish, resolveCommand } from './finish.js';
import type { ResolvedCommand } from './finish.js';
import { firstEndingAfter, mask } from './mask.js';
import { isExpansion } from './quoting.js';
import { nodeTypes, parseTree } from './tree.js';
import type { TreeNode } from './tree.js';
import { createTreeCache, type ParseText } from './tree-cache.js';
import type { ShellParseOptions, ShellParser, ShellScript } from './types.js';
import { changed, TOP, walk } from './walk.js';
import type { Context } from './walk.js';

/** Longer texts are not parsed. */
export const MAX_SHELL_TEXT = 1_000_000;
/** How deep code strings may hold code strings, and how many are read of one text. */
const MAX_CODE_LEVELS = 4;
const MAX_CODE_STRINGS = 1_000;
/** Short scripts are often written again, in the same words, in the next file: so many of at most this length are kept. */
const MAX_KNOWN = 1_000;
const MAX_KNOWN_TEXT = 400;

/**
 * A shell parser on tree-sitter's bash grammar. The caller reads the bytes: `runtime` is
 * `web-tree-sitter.wasm`, `language` is `tree-sitter-bash.wasm`, `powershell` is `tree-sitter-powershell.wasm` where scripts of it are to be read. Creating it takes about 40 ms; create one per process.
 * @throws when the bytes are not these modules
 */
export async function createShellParser(wasm: { readonly runtime: Uint8Array; readonly language: Uint8Array; readonly powershell?: Uint8Array }): Promise<ShellParser> {
  const runtime = await loadRuntime(wasm.runtime);
  const language = await Language.load(wasm.language);
  const parser = new Parser();
  parser.setLanguage(language);
  const types = nodeTypes(language);
  const parse = createTreeCache((text, base) => parseTree(parser, types, runtime, text, base));
  const known = new Map<string, ShellScript>();
  const powershell = wasm.powershell === undefined ? undefined : await createTreeParser(runtime, wasm.powershell);
  return {
    ...(powershell !== undefined && { powershell: (text: string) => (text.length > MAX_SHELL_TEXT ? undefined : powershell(text)) }),
    parse(text, options = {}) {
      if (text.length > MAX_KNOWN_TEXT) return parseScript(parse, text, options);
      const key = keyOf(text, options);
      let script = known.get(key);
      if (script === undefined) {
        script = parseScript(parse, text, options);
        // Starting over is cheaper than keeping an order, and bounds the memory just as well.
        if (known.size >= MAX_KNOWN) known.clear();
        known.set(key, script);
      }
      return script;
    },
    dispose: () => parser.delete(),
  };
}

/** A parser of another language on the same runtime: the tree of a text, undefined where the parser gives up. */
async function createTreeParser(runtime: Runtime, bytes: Uint8Array): Promise<(text: string) => TreeNode | undefined> {
  const language = await Language.load(bytes);
  const parser = new Parser();
  parser.setLanguage(language);
  const types = nodeTypes(language);
  return (text) => parseTree(parser, types, runtime, text, 0);
}

/** What a script's facts depend on, as one text. */
function keyOf(text: string, { masks = [], initial = {} }: ShellParseOptions): string {
  let key = `${Number(initial.errexit ?? false)}${Number(initial.nounset ?? false)}${Number(initial.pipefail ?? false)}${Number(initial.xtrace ?? false)}`;
  for (const { start, end } of masks) key += `,${start}-${end}`;
  return `${key}:${text}`;
}

let loaded: Promise<Runtime> | undefined;

/** The library keeps the first module that it loads, for the whole process. It becomes the object that it was given. */
function loadRuntime(bytes: Uint8Array): Promise<Runtime> {
  loaded ??= (async () => {
    const runtime = { wasmBinary: exactBuffer(bytes) };
    await Parser.init(runtime);
    return runtime as unknown as Runtime;
  })();
  return loaded;
}

/** The runtime's loader wants an `ArrayBuffer` of its own; a Node `Buffer` may be a window of a pool. */
function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** A text still to be parsed: the script itself, or a string that a command runs as code. */
interface Part {
  readonly range: SourceRange;
  readonly masks: readonly MaskSpan[];
  readonly context: Context;
  readonly level: number;
}

function parseScript(parse: ParseText, text: string, options: ShellParseOptions): ShellScript {
  const out: Collector = { commands: [], expansions: [], assignments: [], functions: [], loops: [], maskUses: [], problems: [], hasError: false };
  const resolved: ResolvedCommand[] = [];
  const masks = (options.masks ?? []).map(({ start, end }, index): MaskSpan => ({ start, end, index, variables: [] }));
  const parts: Part[] = [];
  if (text.length > MAX_SHELL_TEXT) addProblem(out, 'limit', { start: 0, end: text.length }, `the script is longer than ${MAX_SHELL_TEXT} characters`);
  else parts.push({ range: { start: 0, end: text.length }, masks, context: TOP, level: 0 });
  let codeStrings = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const before = out.commands.length;
    if (!parsePart(parse, text, part, out)) continue;
    for (const builder of out.commands.slice(before)) {
      const command = resolveCommand(builder);
      resolved.push(command);
      if (part.level >= MAX_CODE_LEVELS) continue;
      for (const code of codeOf(command, text)) {
        if (++codeStrings > MAX_CODE_STRINGS) {
          if (codeStrings === MAX_CODE_STRINGS + 1) addProblem(out, 'limit', code.range, 'too many strings run as code');
          break;
        }
        parts.push({ range: code.range, masks: merge(part.masks, code, text), context: codeContext(builder), level: part.level + 1 });
      }
    }
  }
  noteUnplacedMasks(out, masks);
  return finish(text, out, resolved, options.initial ?? {});
}

function parsePart(parse: ParseText, text: string, part: Part, out: Collector): boolean {
  const { start, end } = part.range;
  const inside = part.masks.map((span) => ({ start: span.start - start, end: span.end - start }));
  const masked = mask(text.slice(start, end), inside);
  const tree = parse(masked, start);
  if (tree === undefined) {
    addProblem(out, 'limit', part.range, 'the script is too complex to parse');
    return false;
  }
  walk(tree, { text, masked, base: start }, part.masks, part.context, out);
  return true;
}

function codeContext(owner: CommandBuilder): Context {
  return changed(TOP, { owner, within: 'code', depth: owner.depth + 1, inFunction: owner.inFunction, inCondition: owner.inCondition, pipe: owner.pipe, inherited: owner.inherited, nested: true });
}

interface Code {
  readonly range: SourceRange;
  /** Expansions that the outer shell replaces before the code is read. */
  readonly expansions: readonly TreeNode[];
}

/**
 * The code strings of a command whose characters stand in the text one by one: single-quoted strings,
 * double-quoted strings without escapes, bare words, and here-documents read by a shell.
 */
function codeOf(command: ResolvedCommand, text: string): Code[] {
  const { builder, at, codeWords } = command;
  const codes: Code[] = [];
  const words = codeWords.map((index) => builder.words[at + 1 + index]).filter((word) => word !== undefined);
  const [first] = words;
  const last = words.at(-1);
  if (words.length === 1) {
    const code = codeOfWord((first as WordBuilder).node, text);
    if (code !== undefined) codes.push(code);
  } else if (first !== undefined && last !== undefined && words.every((word) => word.literal && word.node.type === 'word' && !text.slice(word.node.start, word.node.end).includes('\\'))) {
    codes.push({ range: { start: first.node.start, end: last.node.end }, expansions: [] });
  }
  if (isShell(command.name) && readsScriptFromStdin(command.name, command.values.slice(at + 1))) {
    for (const { body } of builder.redirects) {
      if (body !== undefined) codes.push({ range: body.range, expansions: body.quoted ? [] : body.node.children.filter(isExpansion) });
    }
  }
  return codes.filter(({ range }) => range.end > range.start);
}

function codeOfWord(node: TreeNode, text: string): Code | undefined {
  if (node.type === 'raw_string') return { range: { start: node.start + 1, end: node.end - 1 }, expansions: [] };
  if (node.type === 'word') return text.slice(node.start, node.end).includes('\\') ? undefined : { range: node, expansions: [] };
  if (node.type !== 'string') return undefined;
  const expansions = node.children.filter(isExpansion);
  // `"$(fetch)"`, `"$SCRIPT"`: nothing of the code stands here.
  if (expansions[0]?.start === node.start + 1 && expansions[0].end === node.end - 1) return undefined;
  let at = node.start + 1;
  for (const next of [...expansions, { start: node.end - 1, end: node.end }]) {
    if (text.slice(at, next.start).includes('\\')) return undefined;
    at = next.end;
  }
  return { range: { start: node.start + 1, end: node.end - 1 }, expansions };
}

/** Masks inside a code string, the outer expansions among them; what an expansion contains goes with it. */
function merge(masks: readonly MaskSpan[], code: Code, text: string): MaskSpan[] {
  const spans: MaskSpan[] = code.expansions.map((node) => ({ start: node.start, end: node.end, index: -1, variables: variablesOf(node, text) }));
  for (let i = firstEndingAfter(masks, code.range.start); i < masks.length; i++) {
    const span = masks[i] as MaskSpan;
    if (span.start >= code.range.end) break;
    const holder = firstEndingAfter(code.expansions, span.start);
    const expansion = code.expansions[holder];
    if (expansion === undefined || expansion.start >= span.end) spans.push(span);
  }
  return spans.sort((a, b) => a.start - b.start);
}

function variablesOf(node: TreeNode, text: string): string[] {
  if (node.type !== 'simple_expansion' && node.type !== 'expansion') return [];
  const name = node.children.find((child) => child.type === 'variable_name' || child.type === 'special_variable_name' || child.type === 'subscript');
  const variable = name?.type === 'subscript' ? name.children[0] : name;
  return variable === undefined ? [] : [text.slice(variable.start, variable.end)];
}

function noteUnplacedMasks(out: Collector, masks: readonly MaskSpan[]): void {
  const placed = new Set(out.maskUses.map((use) => use.mask));
  for (const span of masks) {
    if (placed.has(span.index)) continue;
    out.maskUses.push({ mask: span.index, range: { start: span.start, end: span.end }, quoting: '', place: 'unknown', splits: false, command: undefined, word: undefined, assigned: '', nested: false });
  }
}
