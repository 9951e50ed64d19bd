import type { Cel, CelProblem } from './cel.js';
import type { CelContext, CelProgram } from './context.js';
import type { LoweredTemplate } from './expression.js';
import { loweredProgram } from './program.js';

/** Types that can be put into a text. */
const TYPES = ['string', 'bool', 'int', 'double'];
/** Longest text that one placeholder gives; the rest is cut. */
const MAX_VALUE = 200;
const WHITE_SPACE = /\s+/g;
const BRACE = /[{}]/g;

/**
 * A text with placeholders: `{job.id} runs {step.uses.name}`. Between braces is CEL;
 * `{{` and `}}` stand for braces.
 */
export interface Template {
  /** Never throws: a placeholder that can not be evaluated is `?`, and its error is handed to `onError`. */
  render(context: CelContext, onError: (error: unknown) => void): string;
}

/** A template of which all expressions were lowered. */
export function loweredTemplate(parts: LoweredTemplate): Template {
  return templateOf(parts.map((part) => (typeof part === 'string' ? part : loweredProgram(part))));
}

/** Compiles a template; offsets of the problem are into its source. `lowered`: the same as plain data, where it can be. */
export function compileTemplate(source: string, cel: Cel): { readonly template: Template; readonly lowered?: LoweredTemplate } | { readonly problem: CelProblem } {
  const parts: (string | CelProgram)[] = [];
  const plain: (LoweredTemplate[number] | undefined)[] = [];
  let literal = '';
  for (let at = 0; at < source.length; ) {
    const character = source[at];
    if ((character === '{' || character === '}') && source[at + 1] === character) {
      literal += character;
      at += 2;
    } else if (character === '{') {
      const end = closingBrace(source, at, cel);
      if (end === undefined) return { problem: { message: 'A `}` is missing. Write `{{` for a brace.', start: at, end: source.length } };
      const compiled = cel.compile(source.slice(at + 1, end), TYPES);
      if ('problem' in compiled) {
        const { message, start, end: stop } = compiled.problem;
        return { problem: { message, start: start + at + 1, end: stop + at + 1 } };
      }
      parts.push(literal, compiled.program);
      plain.push(literal, compiled.lowered);
      literal = '';
      at = end + 1;
    } else if (character === '}') {
      return { problem: { message: 'A `}` without `{`. Write `}}` for a brace.', start: at, end: at + 1 } };
    } else {
      BRACE.lastIndex = at;
      const next = BRACE.exec(source)?.index ?? source.length;
      literal += source.slice(at, next);
      at = next;
    }
  }
  parts.push(literal);
  plain.push(literal);
  const lowered = plain.filter((part) => part !== undefined);
  return { template: templateOf(parts), ...(lowered.length === plain.length && { lowered }) };
}

function templateOf(parts: readonly (string | CelProgram)[]): Template {
  return {
    render(context, onError) {
      let text = '';
      for (const part of parts) text += typeof part === 'string' ? part : value(part, context, onError);
      return text;
    },
  };
}

/**
 * The brace that ends a placeholder: the first behind which the text so far is an expression
 * (a brace may be part of a string or a map), else the first at all.
 */
function closingBrace(source: string, open: number, cel: Cel): number | undefined {
  const first = source.indexOf('}', open);
  for (let end = first, tries = 0; end >= 0 && tries < 20; end = source.indexOf('}', end + 1), tries++) {
    if (cel.parses(source.slice(open + 1, end))) return end;
  }
  return first < 0 ? undefined : first;
}

/** One line of bounded length: what is quoted comes from a repository. */
function value(program: CelProgram, context: CelContext, onError: (error: unknown) => void): string {
  try {
    const text = String(program.run(context)).replaceAll(WHITE_SPACE, ' ').trim();
    return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
  } catch (error) {
    onError(error);
    return '?';
  }
}
