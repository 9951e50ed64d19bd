import { ScannerOutputError } from '../../core/index.js';
import { parseJson } from './json.js';

/**
 * Several JSON documents one after another, each on its own line or, as Go's encoder writes them, over
 * several lines of which the last is a bare closing bracket. Throws `ScannerOutputError` as `parseJson`.
 */
export function parseJsonStream(text: string): unknown[] {
  if (text.trim() === '') throw new ScannerOutputError('printed no results');
  const documents: unknown[] = [];
  let start = 0;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (!/^[}\]]\s*$/.test(line) && !(index === start && /^\s*[{[].*[}\]]\s*$/.test(line.length > 100_000 ? `${line.slice(0, 10)}${line.slice(-10)}` : line))) continue;
    documents.push(parseJson(lines.slice(start, index + 1).join('\n')));
    start = index + 1;
  }
  const rest = lines.slice(start).join('\n');
  if (rest.trim() !== '') documents.push(parseJson(rest));
  return documents;
}
