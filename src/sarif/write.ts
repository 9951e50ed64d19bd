import type { SarifPlan } from './to-sarif.js';
import type { Log } from 'sarif';

/** About how many characters of results are put together into one piece. */
const PIECE = 1 << 20;

/**
 * The text of a log in pieces, compact, so that a large one is never one string (V8 has a limit of 512 MB).
 * Members of a run keep their order, the results come last.
 */
export function* logText(log: Log | SarifPlan): Generator<string> {
  const { runs, ...rest } = log;
  const head = JSON.stringify(rest);
  yield `${head.slice(0, -1)}${head === '{}' ? '' : ','}"runs":[`;
  for (const [index, { results, ...run }] of runs.entries()) {
    const start = JSON.stringify(run);
    yield `${index === 0 ? '' : ','}\n${results === undefined ? start : `${start.slice(0, -1)},"results":[`}`;
    if (results === undefined) continue;
    let piece = '';
    let separator = '\n';
    for (const result of results) {
      piece += separator + JSON.stringify(result);
      separator = ',\n';
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    yield `${piece}]}`;
  }
  yield ']}\n';
}
