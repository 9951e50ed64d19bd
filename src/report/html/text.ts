import { redactCredentials } from '../../core/index.js';
import { escapeHtml, oneLine } from '../escape.js';

/** One line of text from outside as HTML: no credential, no markup. */
export function htmlText(value: string, max = 1000): string {
  return escapeHtml(oneLine(redactCredentials(value), max));
}

/** As {@link htmlText}, but parts between pairs of backticks become code. */
export function htmlProse(value: string, max = 1000): string {
  const parts = oneLine(redactCredentials(value), max).split('`');
  if (parts.length % 2 === 0) return htmlText(value, max);
  return parts.map((part, index) => (index % 2 === 0 ? escapeHtml(part) : `<code>${escapeHtml(part)}</code>`)).join('');
}
