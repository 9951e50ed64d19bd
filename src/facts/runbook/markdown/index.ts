import { parseMarkdown } from '../../../syntax/markdown.js';
import { parseYamlPart } from '../../../syntax/yaml-part.js';
import { problem, type ReadContext } from '../../common/context.js';
import { readMarkdownRunbook } from './generic.js';
import { isStage0, readStage0 } from './stage0.js';

/** States the facts of a runbook in Markdown or MDX. */
export function readMarkdown(context: ReadContext): void {
  const { text, lines } = context.document;
  const { blocks, frontMatter, tooLong } = parseMarkdown(text, lines);
  if (tooLong) {
    problem(context, 'file-too-large', 'This Markdown file is too long to be read. Split it.', { start: 0, end: 0 });
    return;
  }
  for (const block of blocks) {
    if (block.kind === 'fence' && block.unclosed) problem(context, 'markdown-fence', 'This code block is not closed: all that follows is a part of it.', block.infoRange, 'warning');
  }
  if (isStage0(blocks)) {
    readStage0(blocks, context);
    return;
  }
  const front = frontMatter === undefined ? undefined : parseYamlPart(text, frontMatter).documents[0];
  readMarkdownRunbook(blocks, front, context);
}
