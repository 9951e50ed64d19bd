import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, findingsOf } from '../src/core/index.js';
import { openInput } from '../src/io/input-file.js';
import { fingerprintResults } from '../src/sarif/fingerprint.js';
import { readSarif } from '../src/sarif/read-sarif.js';
import { buildSarif } from '../src/sarif/to-sarif.js';
import { combineByTool } from '../src/correlate/index.js';
import { defaultSettings } from '../src/commands/logs.js';
import { judge } from '../src/gate/gate.js';
import type { Report, ScanResult } from '../src/core/index.js';
import type { Log } from 'sarif';
import { githubErrors } from './sarif-github-rules.js';

/** What reading recorded SARIF files came to. */
export interface RecordedSarif {
  readonly files: number;
  readonly findings: number;
  /** File and reason; these are refused clearly, which is no failure. */
  readonly rejected: readonly string[];
  /** Whole and streamed reading differ, our log of it is not valid, or something broke: each is a failure. */
  readonly failures: readonly string[];
}

/**
 * Reads all SARIF files of a folder, whole and as a stream, writes our log of each and checks it by schema and
 * GitHub's rules. `schemaErrors` is the check by the official schema.
 */
export function checkRecordedSarif(folder: string, schemaErrors: (log: Log) => readonly string[]): RecordedSarif {
  const names = readdirSync(folder).filter((name) => /\.(?:sarif|json)$/.test(name)).sort();
  const rejected: string[] = [];
  const failures: string[] = [];
  let findings = 0;
  for (const name of names) {
    try {
      const input = openInput(join(folder, name), name);
      const { results } = readSarif(input, { mode: 'best-effort' });
      const streamed = readSarif(input, { mode: 'best-effort', wholeBytes: -1 });
      if (JSON.stringify(streamed.results) !== JSON.stringify(results)) failures.push(`${name}: read as a stream it is something else`);
      findings += results.reduce((sum, result) => sum + findingsOf(result).length, 0);
      for (const variant of ['full', 'upload'] as const) {
        const { log } = buildSarif(reportOf(results), { variant });
        const text = JSON.parse(JSON.stringify(log)) as Log;
        for (const error of [...schemaErrors(text), ...(text.runs.length === 0 ? [] : githubErrors(text))].slice(0, 3)) failures.push(`${name}: our ${variant} log of it: ${error}`);
      }
    } catch (error) {
      if (error instanceof ConfigurationError) rejected.push(error.message);
      else failures.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return { files: names.length, findings, rejected, failures };
}

function reportOf(results: readonly ScanResult[]): Report {
  const settings = defaultSettings();
  const source = (): undefined => undefined;
  const all = fingerprintResults(combineByTool(results), source);
  return { version: '0', inventory: { root: '/', total: 0, files: [], source: 'walk' }, settings, results: all, verdict: judge(all, settings), startedAt: 0, endedAt: 0, reproduce: '', source };
}
