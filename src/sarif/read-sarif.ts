import type { Diagnostic, Finding, ScanResult } from '../core/index.js';
import { findExternal, mergeProperties, type ExternalProperties } from './read-external.js';
import { createLookups } from './read-location.js';
import { openLog, type SarifRun } from './read-log.js';
import { createProblems, refusal, type Problems, type ReadMode } from './read-problems.js';
import { readOverrides, readResult, type LeftOut, type ResultContext } from './read-result.js';
import { readRules } from './read-rules.js';
import type { SarifInput } from './read-text.js';
import { rootsOf } from './read-uri.js';
import { packageReader } from './read-package.js';
import { readInvocations } from './read-invocations.js';
import { isObject, objectOf, objectsOf, own, stringOf, type JsonObject } from './read-values.js';

export type { SarifInput } from './read-text.js';
export type { ReadMode } from './read-problems.js';

/** A file with more findings is refused: nothing that shows them would be of use. */
const MAX_FINDINGS = 2_000_000;

export interface ReadOptions {
  readonly mode: ReadMode;
  /** Absolute path of the workspace, to make absolute URIs relative. */
  readonly workspace?: string;
  /** Text of a workspace file, to resolve offsets and columns; nothing is read when not given. */
  readonly source?: (path: string) => string | undefined;
  /** A file that the log refers to by relative URI (external properties); these are left out when not given. */
  readonly external?: (uri: string) => SarifInput | undefined;
  /** Files of at most this many bytes are read at once, larger ones as a stream; 64 MB when not given. */
  readonly wholeBytes?: number;
}

/** One result per run of the log, and what was wrong, left out or assumed. */
export interface ReadSarif {
  readonly results: readonly ScanResult[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a SARIF 2.1.0 log of any tool. Paths become relative to the workspace, regions, levels and messages are
 * resolved; suppressed, passed and absent results are no findings and are counted in a note. Fingerprints of
 * other tools are not taken over, only those of our own logs.
 *
 * In `strict` mode the first value that is not as SARIF has it ends the reading; in `best-effort` mode it is left
 * out and reported with its JSON pointer.
 * @throws ConfigurationError when the file is no JSON (with line, column and what was expected), no SARIF log,
 * one of version 1.0 or 2.0, or has something wrong in strict mode.
 */
export function readSarif(input: SarifInput, options: ReadOptions): ReadSarif {
  const problems = createProblems(input.name, options.mode);
  const { log, runs } = openLog(input, problems, options.wholeBytes);
  checkVersion(log, input.name, problems, runs.length);
  const external = findExternal(log, problems);
  const budget = { left: MAX_FINDINGS, name: input.name };
  const results = runs.map((run, index) => readRun(withExternal(run, external, options, problems, `/runs/${index}`, runs.length), options, problems, `/runs/${index}`, budget));
  return { results, diagnostics: problems.list() };
}

/** A log that is a text in memory, see {@link readSarif}. */
export function readSarifText(text: string, name: string, options: ReadOptions): ReadSarif {
  const bytes = new TextEncoder().encode(text);
  return readSarif({ name, size: bytes.length, chunks: () => [bytes] }, options);
}

function checkVersion(log: JsonObject, name: string, problems: Problems, runs: number): void {
  const version = own(log, 'version');
  if (version === '2.1.0') return;
  const schema = own(log, '$schema');
  const named = typeof version === 'string' ? version : typeof schema === 'string' ? (/sarif-(?:schema-)?(\d\.\d(?:\.\d)?)/.exec(schema)?.[1] ?? '') : '';
  if (/^[12]\.0/.test(named)) {
    throw refusal(name, `The log is of SARIF version ${named.slice(0, 30)}, which is not read. Expected 2.1.0: \`sarif-multitool transform --sarif-output-version Current\` converts it, and newer versions of most tools write it.`);
  }
  if (typeof version !== 'string' && runs === 0 && own(log, '$schema') === undefined) {
    throw refusal(name, 'The document is no SARIF log: expected an object with `version` and `runs`.');
  }
  problems.wrong('/version', '`2.1.0`');
}

function withExternal(run: SarifRun, external: ExternalProperties, options: ReadOptions, problems: Problems, pointer: string, runs: number): SarifRun {
  const parts = external.forRun(run.run, runs === 1, options.external, pointer);
  return parts.length === 0 ? run : mergeProperties(run, parts, problems, pointer);
}

function readRun({ run, results }: SarifRun, options: ReadOptions, problems: Problems, pointer: string, budget: { left: number; readonly name: string }): ScanResult {
  const tool = objectOf(run, 'tool', problems, pointer);
  const driver = objectOf(tool, 'driver', problems, `${pointer}/tool`);
  const written = stringOf(driver, 'name', problems, `${pointer}/tool/driver`);
  if (written === undefined || written === '') problems.wrong(`${pointer}/tool/driver/name`, 'the name of the tool');
  const automation = stringOf(objectOf(run, 'automationDetails', problems, pointer), 'id', problems, `${pointer}/automationDetails`);
  const ours = automation?.startsWith('bartizan/') === true;
  const name = ours && written === 'Bartizan' ? 'policies' : (written ?? '') || 'unknown';
  const invocations = readInvocations(run, problems, pointer);
  const bases = objectOf(run, 'originalUriBaseIds', problems, pointer);
  const rules = readRules(tool, problems, `${pointer}/tool`);
  const context: ResultContext = {
    problems,
    tool: name,
    own: ours,
    rules,
    overrides: readOverrides(run, rules, { problems }, pointer),
    globalMessages: objectOf(driver, 'globalMessageStrings', problems, `${pointer}/tool/driver`),
    artifacts: objectsOf(run, 'artifacts', problems, pointer),
    logical: objectsOf(run, 'logicalLocations', problems, pointer),
    threadFlowLocations: objectsOf(run, 'threadFlowLocations', problems, pointer),
    packageOf: packageReader(name),
    // Absent means code points by the letter, but tools that do not say count as GitHub reads them: UTF-16.
    codePoints: own(run, 'columnKind') === 'unicodeCodePoints',
    bases,
    roots: rootsOf(bases, invocations.workingDirectories, options.workspace),
    ...createLookups(options.source ?? (() => undefined)),
  };
  const findings: Finding[] = [];
  const left: Record<LeftOut, number> = { passed: 0, suppressed: 0, absent: 0 };
  let index = 0;
  for (const value of results ?? []) {
    const at = `${pointer}/results/${index++}`;
    if (!isObject(value)) {
      problems.wrong(at, 'an object');
      continue;
    }
    const read = readResult(value, context, at);
    if (typeof read === 'string') left[read]++;
    else if (read !== undefined) {
      if (budget.left-- <= 0) throw refusal(budget.name, `The log holds more than ${MAX_FINDINGS} results. Split it by tool or folder.`);
      findings.push(read);
    }
  }
  noteLeftOut(name, left, problems);
  const version = stringOf(driver, 'semanticVersion', problems, `${pointer}/tool/driver`) ?? stringOf(driver, 'version', problems, `${pointer}/tool/driver`);
  const uri = stringOf(driver, 'informationUri', problems, `${pointer}/tool/driver`);
  return {
    tool: { name, ...(version !== undefined && { version }), ...(uri !== undefined && /^https?:\/\//i.test(uri) && { informationUri: uri }) },
    rules: rules.rules,
    outcome:
      invocations.failure !== undefined
        ? { status: 'failed', error: invocations.failure, partial: findings }
        : results === undefined
          ? { status: 'skipped', reason: 'the log has no results of it, not even an empty list' }
          : { status: 'completed', findings },
    diagnostics: invocations.diagnostics,
    startedAt: invocations.startedAt,
    endedAt: invocations.endedAt,
    ...(invocations.exitCode !== undefined && { exitCode: invocations.exitCode }),
  };
}

function noteLeftOut(tool: string, { passed, suppressed, absent }: Record<LeftOut, number>, problems: Problems): void {
  if (suppressed > 0) problems.note('sarif-suppressed', `${suppressed} results of ${tool} are suppressed in the log and not taken over.`);
  if (absent > 0) problems.note('sarif-absent', `${absent} results of ${tool} are of an earlier state (\`baselineState\` absent) and not taken over.`);
  if (passed > 0) problems.note('sarif-passed', `${passed} results of ${tool} say that a check passed or does not apply; they are no findings.`);
}
