import { gzipSync } from 'node:zlib';
import { allFindings, plural, type Finding, type Report } from '../core/index.js';
import { LIMITS } from './limits.js';
import { buildSarif, type Omission, type SarifOptions } from './to-sarif.js';
import { logText } from './write.js';

/** What is sent to GitHub code scanning. */
export interface Upload {
  /** The log, compressed with gzip; undefined when there is nothing to upload. */
  readonly gzip: Uint8Array | undefined;
  /** Number of results in it. */
  readonly results: number;
  readonly omitted: readonly Omission[];
}

/** Tries to get below the limit; each leaves out more than the one before. */
const ATTEMPTS = 12;

/**
 * The upload of a report below GitHub's limit of 10 MB compressed: as long as it is larger, the least severe results
 * of all tools are left out, and the log and the answer say how many.
 */
export function buildUpload(report: Report, options: Omit<SarifOptions, 'variant'> = {}, limit: number = LIMITS.compressed): Upload {
  let wanted: ReadonlySet<Finding> | undefined;
  const worstFirst = allFindings(report.results);
  let count = worstFirst.length;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { log, omitted } = buildSarif(reduced(report, wanted, worstFirst.length - count), { ...options, variant: 'upload' });
    if (log.runs.length === 0) return { gzip: undefined, results: 0, omitted };
    const gzip = gzipSync([...logText(log)].join(''), { level: 9 });
    const results = log.runs.reduce((sum, run) => sum + (run.results?.length ?? 0), 0);
    if (gzip.length <= limit) {
      return { gzip, results, omitted: count < worstFirst.length ? [...omitted, tooLarge(worstFirst.length - count)] : omitted };
    }
    // A little less than the share that would fit: what is left out compresses better or worse than the rest.
    count = Math.min(count - 1, Math.floor(Math.min(count, results) * (limit / gzip.length) * 0.95));
    if (count < 0) break;
    wanted = new Set(worstFirst.slice(0, count));
  }
  return { gzip: undefined, results: 0, omitted: [tooLarge(worstFirst.length)] };
}

function tooLarge(results: number): Omission {
  return { tool: 'all', results, message: tooLargeMessage(results) };
}

function tooLargeMessage(results: number): string {
  return `${plural(results, 'result')} of the lowest severity ${results === 1 ? 'is' : 'are'} left out, since GitHub takes ${LIMITS.compressed / 1e6} MB compressed. The full report has all.`;
}

/** The report with the wanted findings only, and a note of how many are missing. */
function reduced(report: Report, wanted: ReadonlySet<Finding> | undefined, missing: number): Report {
  if (wanted === undefined) return report;
  const only = (findings: readonly Finding[]): readonly Finding[] => findings.filter((finding) => wanted.has(finding));
  let noted = false;
  return {
    ...report,
    results: report.results.map((result) => {
      const { outcome } = result;
      if (outcome.status !== 'completed') return result;
      const diagnostics = noted ? result.diagnostics : [...result.diagnostics, { level: 'warning' as const, code: 'results-not-uploaded', message: tooLargeMessage(missing) }];
      noted = true;
      return { ...result, outcome: { ...outcome, findings: only(outcome.findings) }, diagnostics };
    }),
  };
}
