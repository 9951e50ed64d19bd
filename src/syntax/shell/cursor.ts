import type { Tree, TreeCursor } from 'web-tree-sitter';

/*
 * The only file that knows how web-tree-sitter's cursor speaks with its wasm: four integers in a transfer
 * buffer, which the library writes before and reads after every call, five times a node. Nothing else uses the
 * buffer while a tree is copied, so here they are written once and read once. That halves the time of copying.
 * `test/syntax/shell/cursor.test.ts` compares with the library's own cursor, for when a new version differs.
 */

/** The part of the loaded wasm module that is used here. */
export interface Runtime {
  HEAP32: Int32Array;
  _ts_init(): number;
  _ts_tree_cursor_current_node_type_id_wasm(tree: number): number;
  _ts_tree_cursor_start_index_wasm(tree: number): number;
  _ts_tree_cursor_end_index_wasm(tree: number): number;
  _ts_tree_cursor_current_node_is_missing_wasm(tree: number): number;
  _ts_tree_cursor_goto_first_child_wasm(tree: number): number;
  _ts_tree_cursor_goto_next_sibling_wasm(tree: number): number;
  _ts_tree_cursor_goto_parent_wasm(tree: number): number;
}

/** A cursor that is open; the library's own must not be used until it is closed. */
export interface OpenCursor {
  typeId(): number;
  start(): number;
  end(): number;
  isMissing(): boolean;
  firstChild(): boolean;
  nextSibling(): boolean;
  parent(): boolean;
  /** Hands the state back to the library's cursor, which has to be deleted. */
  close(): void;
}

type Fields = Record<0 | 1 | 2 | 3, number>;
const FIELDS = [0, 1, 2, 3] as const;

/** Takes over a cursor from the library. */
export function openCursor(runtime: Runtime, tree: Tree, cursor: TreeCursor): OpenCursor {
  const buffer = runtime._ts_init() / Int32Array.BYTES_PER_ELEMENT;
  const address = (tree as unknown as Fields)[0];
  const fields = cursor as unknown as Fields;
  for (const field of FIELDS) runtime.HEAP32[buffer + field] = fields[field];
  return {
    typeId: () => runtime._ts_tree_cursor_current_node_type_id_wasm(address),
    start: () => runtime._ts_tree_cursor_start_index_wasm(address),
    end: () => runtime._ts_tree_cursor_end_index_wasm(address),
    isMissing: () => runtime._ts_tree_cursor_current_node_is_missing_wasm(address) === 1,
    firstChild: () => runtime._ts_tree_cursor_goto_first_child_wasm(address) === 1,
    nextSibling: () => runtime._ts_tree_cursor_goto_next_sibling_wasm(address) === 1,
    parent: () => runtime._ts_tree_cursor_goto_parent_wasm(address) === 1,
    close() {
      for (const field of FIELDS) fields[field] = runtime.HEAP32[buffer + field] as number;
    },
  };
}
