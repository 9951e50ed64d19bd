import type { SourceRange } from '../../../core/index.js';
import { blankText, joinTexts, type LocatedText } from '../../../syntax/located-text.js';
import type { YamlNode } from '../../../syntax/yaml-node.js';
import { get, walk } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type Parents, type ReadContext, state, stemOf } from '../../common/context.js';
import { stateTokens } from '../../common/literals.js';
import { DeclaredInputs } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { itemsOf, scalarsOf, textOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';

/** States the facts of a notebook: one step for each cell of code. https://nbformat.readthedocs.io/en/latest/format_description.html */
export function readNotebook(context: ReadContext): void {
  const [root] = readYamlDocuments(context);
  const cells = itemsOf(get(root, 'cells')?.value).filter((cell) => textOf(cell, 'cell_type') === 'code');
  if (root === undefined) return;
  const value: FactValue<'runbook'> = { ...emptyValue('runbook'), format: 'jupyter', kind: 'runbook', name: stemOf(context.document.path), human: true, titleMatches: true, roleControlledBy: 'trusted', scripts: cells.length };
  const runbook = state(context, 'runbook', value, { start: root.range.start, end: Math.min(root.range.end, root.range.start + 1) });
  cells.forEach((cell, index) => readCell(cell, index, { runbook }, context));
}

function readCell(cell: YamlNode, index: number, outer: Parents, context: ReadContext): void {
  const lines = scalarsOf(get(cell, 'source')?.value);
  const [first] = lines;
  if (first === undefined) return;
  const text = joinTexts(lines, '');
  const magic = /^\s*%%(bash|sh|script[ \t]+(?:ba)?sh)\b[^\n]*/.exec(text.text);
  const commands = magic !== null ? blankText(text, [{ start: 0, end: magic[0].length }]) : shellLines(text);
  const value: FactValue<'runbook-step'> = { ...emptyValue('runbook-step'), id: textOf(cell, 'id'), index, module: 'cell', run: text.text, shell: commands === undefined ? 'python3' : 'bash' };
  const whole: SourceRange = text.sourceRange({ start: 0, end: Math.max(1, text.text.split('\n', 1)[0]?.length ?? 1) });
  const step = state(context, 'runbook-step', value, whole, { run: text.range }, outer);
  const parents = { ...outer, 'runbook-step': step };
  if (commands === undefined) stateTokens(context, text, 'script', parents);
  else {
    readScript(context, {
      text: commands,
      shell: 'bash',
      grammar: 'none',
      templates: magic === null ? variables(commands.text) : [],
      inputs: new DeclaredInputs(),
      parents,
      origin: () => ({ source: 'variable', controlledBy: 'unknown' }),
    });
  }
  for (const output of itemsOf(get(cell, 'outputs')?.value)) {
    walk(output, (node) => {
      // Images and the like are long and hold nothing to read.
      if (node.kind === 'scalar' && node.text.length <= 100_000 && !/^[A-Za-z0-9+/=\s]{2000,}$/.test(node.text)) stateTokens(context, node, 'script', { ...parents });
    }, 20_000);
  }
}

/** Lines that begin with `!` are run by a shell; all others are blanked. Undefined when there is none. */
function shellLines(text: LocatedText): LocatedText | undefined {
  const blanks: SourceRange[] = [];
  let some = false;
  for (const match of text.text.matchAll(/[^\n]+/g)) {
    const bang = /^\s*(?:[\w, ]{1,100}=\s*)?!+/.exec(match[0]);
    if (bang !== null) some = true;
    blanks.push({ start: match.index, end: match.index + (bang === null ? match[0].length : bang[0].length) });
  }
  return some ? blankText(text, blanks) : undefined;
}

/** `{name}` is replaced by the value of a Python variable. */
function variables(text: string): { range: SourceRange; expression: string; names: string[] }[] {
  return [...text.matchAll(/(?<![${])\{([A-Za-z_][\w.[\]'"]{0,100})\}/g)].map((match) => ({ range: { start: match.index, end: match.index + match[0].length }, expression: match[1] as string, names: [match[1] as string] }));
}
