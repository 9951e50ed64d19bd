import type { SourceRange } from '../../core/index.js';

/**
 * Replaces each range by as many `_`, so that a template expression parses as a part of a word
 * and every offset stays what it was. Ranges are sorted and disjoint; what lies outside the text is ignored.
 */
export function mask(text: string, ranges: readonly SourceRange[]): string {
  if (ranges.length === 0) return text;
  let out = '';
  let at = 0;
  for (const { start, end } of ranges) {
    const from = Math.max(at, start);
    const to = Math.min(end, text.length);
    if (to <= from) continue;
    out += text.slice(at, from) + '_'.repeat(to - from);
    at = to;
  }
  return out + text.slice(at);
}

/** Index of the first range that ends behind an offset: where a search for overlaps begins. */
export function firstEndingAfter(ranges: readonly SourceRange[], offset: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] as SourceRange).end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
