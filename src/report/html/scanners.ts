import { findingsOf, placeOf, plural, type Report, type ScanResult } from '../../core/index.js';
import { duration } from '../headline.js';
import { htmlProse, htmlText } from './text.js';

/** Problems that are listed; the rest is counted. */
const LISTED = 200;

/** How each scanner ended and how it was confined. */
export function scannerTable({ results }: Report): string {
  const rows = results.map((result) => {
    const { tool, outcome, startedAt, endedAt } = result;
    const time = outcome.status === 'skipped' ? '' : duration(endedAt - startedAt);
    return `<tr><th scope="row">${htmlText(tool.name, 60)} <span class="quiet">${htmlText(tool.version ?? '', 40)}</span></th><td class="${outcome.status}">${outcome.status}</td><td>${detail(result)}</td><td>${sandbox(result)}</td><td>${time}</td></tr>`;
  });
  return `<table><thead><tr><th scope="col">scanner</th><th scope="col">outcome</th><th scope="col">detail</th><th scope="col">sandbox</th><th scope="col">time</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function detail(result: ScanResult): string {
  const { outcome } = result;
  if (outcome.status === 'skipped') return htmlProse(outcome.reason, 400);
  const count = findingsOf(result).length;
  const found = count === 0 ? 'no findings' : plural(count, 'finding');
  return outcome.status === 'failed' ? `${htmlProse(outcome.error, 400)} (${found})` : found;
}

function sandbox({ isolation, outcome, tool }: ScanResult): string {
  if (isolation === undefined) return tool.name === 'policies' && outcome.status !== 'skipped' ? 'in process' : '';
  const why = isolation.reason === undefined ? '' : `: ${htmlText(isolation.reason, 300)}`;
  const version = isolation.version === undefined ? '' : ` ${htmlText(isolation.version, 40)}`;
  return `${isolation.level}${isolation.mechanism === 'none' ? '' : ` (${isolation.mechanism}${version})`}${why}`;
}

/** What could not be read or judged; empty when everything was. */
export function problemList({ results }: Report): string {
  const found = results.flatMap(({ tool, diagnostics }) =>
    diagnostics.map(({ level, path, region, message }) => ({ level, message, tool: tool.name, place: path === undefined ? '' : placeOf({ path, ...(region !== undefined && { region }) }) })),
  );
  if (found.length === 0) return '';
  const order = { error: 0, warning: 1, note: 2 } as const;
  const items = found
    .toSorted((a, b) => order[a.level] - order[b.level])
    .slice(0, LISTED)
    .map(({ level, place, message, tool }) => `<li>${level === 'error' ? 'not judged' : level}: ${place === '' ? '' : `<code>${htmlText(place, 300)}</code> `}${htmlProse(message, 400)} <span class="quiet">(${htmlText(tool, 60)})</span></li>`);
  if (found.length > LISTED) items.push(`<li>${plural(found.length - LISTED, 'problem')} more</li>`);
  return `<h2>What could not be read or judged</h2><ul>${items.join('')}</ul>`;
}
