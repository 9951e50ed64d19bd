import type { Language, Parser, Tree } from 'web-tree-sitter';
import { openCursor, type Runtime } from './cursor.js';

/** A node of the syntax tree as plain data, free of the parser's memory. */
export interface TreeNode {
  readonly type: string;
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly children: readonly TreeNode[];
  /** Inserted by error recovery; not in the text. */
  readonly missing: boolean;
}

/** What each node type needs to be read: looked up once per language, since calls into wasm are what costs. */
export interface NodeTypes {
  readonly names: readonly string[];
  readonly named: readonly boolean[];
}

export function nodeTypes(language: Language): NodeTypes {
  const names = language.types.map((name) => name ?? '');
  return { names, named: names.map((_, id) => language.nodeTypeIsNamed(id)) };
}

const NO_CHILDREN: readonly TreeNode[] = Object.freeze([]);

/** Named types that never have children: not asking saves a call per word. */
const LEAVES = new Set([
  'word', 'variable_name', 'special_variable_name', 'string_content', 'raw_string', 'ansi_c_string', 'comment',
  'file_descriptor', 'heredoc_start', 'heredoc_content', 'heredoc_end', 'test_operator', 'regex', 'extglob_pattern',
]);

/** More nodes than this are not read: about ten times what 1 MB of ordinary script has. */
const MAX_NODES = 4_000_000;

/**
 * Time that a parse may take: about ten times what ordinary text takes on a slow machine. Steps can not be counted
 * instead: on deep nesting with errors (`a=(a=(…`) a single step gets slower with every level.
 */
const BASE_MILLISECONDS = 500;
const MILLISECONDS_PER_CHARACTER = 0.005;

/** When the parse of a text that begins now is given up, on the clock of `performance.now()`. */
export function deadlineOf(text: string): number {
  return performance.now() + BASE_MILLISECONDS + text.length * MILLISECONDS_PER_CHARACTER;
}

/**
 * Parses and copies the tree out of wasm memory; the tree is freed in any case.
 * Offsets are those of `text` plus `base`. Undefined when the parser gave up, was cancelled or the tree is too large.
 */
export function parseTree(parser: Parser, types: NodeTypes, runtime: Runtime, text: string, base: number): TreeNode | undefined {
  const deadline = deadlineOf(text);
  let tree: Tree | null;
  try {
    tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
  } catch {
    // A wasm trap (memory) is the parser's failure on hostile text, not ours.
    tree = null;
  }
  if (tree === null) {
    parser.reset();
    return undefined;
  }
  try {
    return copyTree(tree, types, runtime, base);
  } finally {
    tree.delete();
  }
}

function copyTree(tree: Tree, types: NodeTypes, runtime: Runtime, base: number): TreeNode | undefined {
  const cursor = tree.walk();
  const at = openCursor(runtime, tree, cursor);
  try {
    let count = 0;
    const open: { children: TreeNode[] }[] = [];
    let root: TreeNode | undefined;
    for (;;) {
      if (++count > MAX_NODES) return undefined;
      const id = at.typeId();
      const type = types.names[id] ?? 'ERROR';
      const named = types.named[id] ?? true;
      const start = at.start() + base;
      const end = at.end() + base;
      const missing = start === end && at.isMissing();
      const parent = open[open.length - 1];
      if (named && !LEAVES.has(type) && start !== end && at.firstChild()) {
        const children: TreeNode[] = [];
        const node: TreeNode = { type, named, start, end, children, missing };
        if (parent === undefined) root = node;
        else parent.children.push(node);
        open.push({ children });
        continue;
      }
      const leaf: TreeNode = { type, named, start, end, children: NO_CHILDREN, missing };
      if (parent === undefined) return leaf;
      parent.children.push(leaf);
      while (!at.nextSibling()) {
        open.pop();
        if (open.length === 0 || !at.parent()) return root;
      }
    }
  } finally {
    at.close();
    cursor.delete();
  }
}
