import { escapeHtml, oneLine } from '../escape.js';

/** One bar: a name, a number and a class that colours it. */
export interface Bar {
  readonly name: string;
  readonly count: number;
  readonly kind: string;
}

const MOST = 10;

/** A small table with bars; the numbers are text, so that a screen reader and paper have them. */
export function barChart(caption: string, bars: readonly Bar[]): string {
  const shown = bars.slice(0, MOST);
  const rest = bars.slice(MOST).reduce((sum, { count }) => sum + count, 0);
  if (rest > 0) shown.push({ name: 'others', count: rest, kind: 'note' });
  const most = shown.reduce((longest, { count }) => Math.max(longest, count), 1);
  const rows = shown.map(({ name, count, kind }) => {
    const width = count === 0 ? 0 : Math.max(0.5, (100 * count) / most);
    const bar = `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="${kind}" width="${width.toFixed(1)}" height="10"/></svg>`;
    return `<tr><th scope="row">${escapeHtml(oneLine(name, 60))}</th><td>${count.toLocaleString('en-US')}</td><td>${bar}</td></tr>`;
  });
  return `<table class="chart"><caption>${caption}</caption><tbody>${rows.join('')}</tbody></table>`;
}
