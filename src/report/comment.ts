import type { Report } from '../core/index.js';
import { markdownText } from './escape.js';
import { renderSummary } from './summary.js';

/** Longest sentence about publishing that is shown. */
const NOTE = 1000;

/**
 * The report as a comment on a pull request or the text of a check run: the same page as the job summary, cut at
 * sections so that it stays below `maxLength` characters. `notes` are sentences about what could not be published.
 */
export function renderComment(report: Report, notes: readonly string[], maxLength: number): string {
  const more = notes.slice(0, 5).map((note) => `> ${markdownText(note, NOTE)}`).join('\n>\n');
  // A byte is never less than a character.
  const page = renderSummary(report, maxLength - Buffer.byteLength(more) - 2);
  return more === '' ? page : `${page}\n${more}\n`;
}
