import type { MarkdownBlock } from '../../syntax/markdown.js';

/*
 * What the prose of a runbook says about itself. Only what is written as `Name: value`, alone on its line or
 * in bold, and headings are understood.
 */

const OWNER = /^[ \t>*_-]*(?:owner|owners|owned by|maintainer|maintainers|team|responsible|service owner)[*_ \t]*:[*_ \t]*(\S[^\n]{0,200})/im;
const REVIEWED = /^[ \t>*_-]*(?:last[ -]?reviewed|reviewed(?: on)?|review(?:ed)? date|last[ -]?(?:updated|verified|tested))[*_ \t]*:[*_ \t]*(\S[^\n]{0,200})/im;
const ROLLBACK = /\b(?:roll(?:ing)?[ -]?back|revert(?:ing)?|restor(?:e|ing)|undo(?:ing)?|back[ -]?out)\b/i;

function first(blocks: readonly MarkdownBlock[], pattern: RegExp): string {
  for (const block of blocks) {
    const match = block.kind === 'text' ? pattern.exec(block.text) : null;
    if (match !== null) return (match[1] as string).replace(/[*_ \t]+$/, '');
  }
  return '';
}

/** Who answers for the runbook. */
export function ownerIn(blocks: readonly MarkdownBlock[]): string {
  return first(blocks, OWNER);
}

/** When it was last reviewed, as written. */
export function reviewedIn(blocks: readonly MarkdownBlock[]): string {
  return first(blocks, REVIEWED);
}

/** Whether a heading speaks of taking the effect back. */
export function rollbackIn(blocks: readonly MarkdownBlock[]): boolean {
  return blocks.some((block) => block.kind === 'heading' && ROLLBACK.test(block.text));
}
