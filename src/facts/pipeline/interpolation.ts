import type { LocatedText } from '../../syntax/located-text.js';
import type { TemplateUse } from './dialect.js';

/*
 * Platforms that replace `$X` in texts have an escape such as `$$`, of which the script that runs has one character
 * less. Both are read by one pattern.
 */

/** What one match of a grammar's pattern is; undefined where it is nothing of the platform's. */
export type Reading = { readonly names: readonly string[]; readonly expression: string } | 'escape' | undefined;

/** How a platform replaces values in texts. */
export interface Interpolation {
  /** The replaced parts of a text as it is written: what a `Dialect` asks for. */
  templates(text: string): TemplateUse[];
  /** The text that is run, escapes taken out, with the replaced parts in it: what a `ScriptSource` asks for. */
  script(text: LocatedText): { readonly text: LocatedText; readonly templates: TemplateUse[] };
}

/** Most matches of one text that are looked at. */
const MAX_MATCHES = 5_000;

/** An interpolation by a pattern with the global flag, linear on every text. The first character of an escape is taken out. */
export function interpolationBy(pattern: RegExp, read: (match: RegExpMatchArray) => Reading): Interpolation {
  const scan = (text: string): { readonly templates: TemplateUse[]; readonly escapes: number[] } => {
    const templates: TemplateUse[] = [];
    const escapes: number[] = [];
    let left = MAX_MATCHES;
    for (const match of text.matchAll(pattern)) {
      if (left-- <= 0) break;
      const reading = read(match);
      if (reading === 'escape') escapes.push(match.index);
      else if (reading !== undefined) templates.push({ range: { start: match.index, end: match.index + match[0].length }, ...reading });
    }
    return { templates, escapes };
  };
  return {
    templates: (text) => scan(text).templates,
    script: (text) => {
      const { templates, escapes } = scan(text.text);
      if (escapes.length === 0) return { text, templates };
      let before = 0;
      const moved = templates.map((use) => {
        while (before < escapes.length && (escapes[before] as number) < use.range.start) before++;
        return { ...use, range: { start: use.range.start - before, end: use.range.end - before } };
      });
      return { text: withoutCharacters(text, escapes), templates: moved };
    },
  };
}

/** The text without the characters at some offsets, in order. */
function withoutCharacters(text: LocatedText, offsets: readonly number[]): LocatedText {
  let kept = '';
  let from = 0;
  /** Offsets in the kept text from which on one more character is missing. */
  const shifts: number[] = [];
  for (const offset of offsets) {
    kept += text.text.slice(from, offset);
    shifts.push(kept.length);
    from = offset + 1;
  }
  kept += text.text.slice(from);
  const original = (offset: number): number => {
    let low = 0;
    let high = shifts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((shifts[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return offset + low;
  };
  return {
    text: kept,
    range: text.range,
    sourceRange: ({ start, end }) => text.sourceRange({ start: original(start), end: end <= start ? original(start) : original(end - 1) + 1 }),
  };
}
