export { isShell } from './code.js';
export { mask } from './mask.js';
export { optionsOf } from './options.js';
export { createShellParser, MAX_SHELL_TEXT } from './parser.js';
export { splitArguments } from './arguments.js';
export type { TreeNode } from './tree.js';
export type * from './types.js';
