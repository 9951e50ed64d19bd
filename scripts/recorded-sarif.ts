import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, findingsOf } from '../src/core/index.js';
import { openInput } from '../src/io/input-file.js';
import { fingerprintResults } from '../src/sarif/fingerprint.js';
import { readSarif } from '../src/sarif/read-sarif.js';
import { sarifPlan } from '../src/sarif/to-sarif.js';
import { logText } from '../src/sarif/write.js';
import { combineByTool } from '../src/correlate/index.js';
import { defaultSettings } from '../src/commands/logs.js';
import { judge } from '../src/gate/gate.js';
import type { Report, ScanResult } from '../src/core/index.js';
import type { Log } from 'sarif';
import { githubErrors } from './sarif-github-rules.js';

/** What became of one recorded SARIF file. */
export interface RecordedSarif {
  readonly name: string;
  readonly findings: number;
  /** Why it was refused, which is no failure when it says so clearly; undefined when it was read. */
  readonly rejected?: string;
  /** Whole and streamed reading differ, our log of it is not valid, or something broke. */
  readonly failures: readonly string[];
}

/** What is wrong in a log by the official schema. */
export type SchemaErrors = (log: Log) => readonly string[];

/** Reads all SARIF files of a folder, whole and as a stream, and checks the logs that we write of each. */
export function checkRecordedSarif(folder: string, schemaErrors: SchemaErrors): readonly RecordedSarif[] {
  return readdirSync(folder)
    .filter((name) => /\.(?:sarif|json)$/.test(name))
    .sort()
    .map((name) => checkFile(folder, name, schemaErrors));
}

function checkFile(folder: string, name: string, schemaErrors: SchemaErrors): RecordedSarif {
  try {
    const input = openInput(join(folder, name), name);
    const { results } = readSarif(input, { mode: 'best-effort' });
    const streamed = readSarif(input, { mode: 'best-effort', wholeBytes: -1 });
    const differs = JSON.stringify(streamed.results) === JSON.stringify(results) ? [] : ['read as a stream it is something else'];
    return { name, findings: results.reduce((sum, result) => sum + findingsOf(result).length, 0), failures: [...differs, ...ourLogErrors(results, schemaErrors)] };
  } catch (error) {
    if (error instanceof ConfigurationError) return { name, findings: 0, rejected: error.message, failures: [] };
    return { name, findings: 0, failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

/** What the schema and GitHub's rules have against the logs that we write of results, at most three of each log. */
export function ourLogErrors(results: readonly ScanResult[], schemaErrors: SchemaErrors): readonly string[] {
  const report = reportOf(results);
  return (['full', 'upload'] as const).flatMap((variant) => {
    const log = JSON.parse([...logText(sarifPlan(report, { variant }).log)].join('')) as Log;
    return [...schemaErrors(log), ...(log.runs.length === 0 ? [] : githubErrors(log))].slice(0, 3).map((error) => `our ${variant} log of it: ${error}`);
  });
}

function reportOf(results: readonly ScanResult[]): Report {
  const settings = defaultSettings();
  const source = (): undefined => undefined;
  const all = fingerprintResults(combineByTool(results), source);
  return { version: '0', inventory: { root: '/', total: 0, files: [], source: 'walk' }, settings, results: all, verdict: judge(all, settings), startedAt: 0, endedAt: 0, reproduce: '', source };
}
