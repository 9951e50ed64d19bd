import { statementBounds } from './statements.js';
import { deadlineOf, type TreeNode } from './tree.js';

/** Parses a text; `base` is added to all offsets. Undefined when the parser gave up. */
export type ParseText = (text: string, base: number) => TreeNode | undefined;

/** Pieces kept, and the longest, in UTF-16 code units: a few megabytes of nodes at most. */
const MAX_PIECES = 2_000;
const MAX_PIECE = 500;

/**
 * Parses scripts statement by statement and remembers the statements: teams write the same lines in script after
 * script. A script is cut where that is safe (`statements.ts`), and every piece is parsed alone, seen before or
 * not, so that a tree depends on its text only. That is also more exact than parsing the whole: the grammar takes
 * line ends for blanks in some places, and then reads `a | b c⏎d⏎e && f` as two commands less than it has.
 */
export function createTreeCache(parse: ParseText): ParseText {
  const pieces = new Map<string, readonly TreeNode[]>();

  /** Adds the statements of a piece at its place; false when there is an error in them. */
  const add = (piece: string, at: number, children: TreeNode[]): boolean => {
    const known = pieces.get(piece);
    if (known !== undefined) {
      move(known, at, children);
      return true;
    }
    const kept = piece.length <= MAX_PIECE;
    const tree = parse(piece, kept ? 0 : at);
    if (tree === undefined || isBroken(tree)) return false;
    if (!kept) {
      for (const node of tree.children) children.push(node);
      return true;
    }
    // Starting over is cheaper than keeping an order, and bounds the memory just as well.
    if (pieces.size >= MAX_PIECES) pieces.clear();
    pieces.set(piece, tree.children);
    move(tree.children, at, children);
    return true;
  };

  return (text, base) => {
    const bounds = statementBounds(text);
    const children: TreeNode[] = [];
    // All pieces together get the time that the whole would get.
    const deadline = bounds.length > 2 ? deadlineOf(text) : Infinity;
    for (let i = 1; i < bounds.length; i++) {
      const start = bounds[i - 1] as number;
      if (deadline < Infinity && performance.now() > deadline) return undefined;
      // What an error recovers from may lie around it.
      if (!add(text.slice(start, bounds[i]), base + start, children)) return parse(text, base);
    }
    const end = bounds[bounds.length - 1] as number;
    if (end < text.length) {
      const rest = parse(text.slice(end), base + end);
      if (end === 0) return rest;
      if (rest === undefined || isBroken(rest)) return parse(text, base);
      for (const node of rest.children) children.push(node);
    }
    return { type: 'program', named: true, start: base, end: base + text.length, children, missing: false };
  };
}

/** Whether there is an error in a tree: what it recovers from may change what is around it. */
function isBroken(root: TreeNode): boolean {
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.missing || node.type === 'ERROR') return true;
    for (const child of node.children) if (child.children.length > 0 || child.missing || child.type === 'ERROR') stack.push(child);
  }
  return false;
}

/** Adds copies of nodes at another place. No deeper than a piece is long. */
function move(nodes: readonly TreeNode[], by: number, copies: TreeNode[]): void {
  for (const { type, named, start, end, children, missing } of nodes) {
    let below = children;
    if (children.length > 0) move(children, by, (below = []) as TreeNode[]);
    copies.push({ type, named, start: start + by, end: end + by, children: below, missing });
  }
}
