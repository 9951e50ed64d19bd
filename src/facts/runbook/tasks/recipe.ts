import type { SourceRange } from '../../../core/index.js';
import { type LocatedText, piecedText, type TextPiece } from '../../../syntax/located-text.js';
import { type Template, type TemplateGrammar, templatesIn } from '../templates.js';

/** A line of a recipe with its place. */
export interface RecipeLine {
  readonly text: string;
  readonly start: number;
}

/** The script of a recipe and the template expressions in it. */
export interface Recipe {
  readonly text: LocatedText;
  readonly templates: readonly Template[];
}

/**
 * Puts the lines of a recipe together: marks such as `@` and `-` in front of lines are left out, and where the
 * grammar is that of make, `$$` is the dollar sign that the shell sees.
 */
export function recipeOf(lines: readonly RecipeLine[], grammar: TemplateGrammar, marks: RegExp): Recipe {
  const pieces: TextPiece[] = [];
  const templates: Template[] = [];
  let length = 0;
  let continued = false;
  const push = (text: string, range: SourceRange): void => {
    pieces.push({ text, range });
    length += text.length;
  };
  for (const { text, start } of lines) {
    const skipped = continued ? 0 : (marks.exec(text)?.[0].length ?? 0);
    const body = text.slice(skipped);
    const found = templatesIn(body, grammar);
    let at = 0;
    const copy = (end: number): void => {
      if (grammar === 'make') {
        for (let next = body.indexOf('$$', at); next !== -1 && next < end; next = body.indexOf('$$', at)) {
          if (next > at) push(body.slice(at, next), { start: start + skipped + at, end: start + skipped + next });
          push('$', { start: start + skipped + next, end: start + skipped + next + 2 });
          at = next + 2;
        }
      }
      if (end > at) push(body.slice(at, end), { start: start + skipped + at, end: start + skipped + end });
      at = Math.max(at, end);
    };
    for (const template of found) {
      copy(template.range.start);
      const from = length;
      push(body.slice(template.range.start, template.range.end), { start: start + skipped + template.range.start, end: start + skipped + template.range.end });
      at = template.range.end;
      templates.push({ ...template, range: { start: from, end: length } });
    }
    copy(body.length);
    push('\n', { start: start + text.length, end: start + text.length });
    continued = text.endsWith('\\');
  }
  const first = pieces[0]?.range.start ?? 0;
  return { text: piecedText(pieces, { start: first, end: pieces.at(-1)?.range.start ?? first }), templates };
}
