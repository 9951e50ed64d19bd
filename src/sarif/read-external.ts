import type { SarifRun } from './read-log.js';
import { refusal, type Problems } from './read-problems.js';
import { parseJson, wholeText, type SarifInput } from './read-text.js';
import { arrayOf, isObject, objectOf, objectsOf, own, stringOf, type JsonObject } from './read-values.js';

/** Larger files of external properties are refused. */
const MAX_BYTES = 64 << 20;

/** Members of a run that may lie elsewhere, under the same name there (3.15.3, 4.3). */
const LISTS = ['artifacts', 'logicalLocations', 'threadFlowLocations', 'invocations'] as const;
const REFERENCED = [...LISTS, 'results', 'driver', 'extensions'] as const;

/** Parts of runs that are kept outside of them. */
export interface ExternalProperties {
  /** Those of one run: inline ones by its GUID, or all when it is the only one, and those in files that it names. */
  forRun(run: JsonObject, only: boolean, open: ((uri: string) => SarifInput | undefined) | undefined, pointer: string): readonly JsonObject[];
}

export function findExternal(log: JsonObject, problems: Problems): ExternalProperties {
  const inline = objectsOf(log, 'inlineExternalProperties', problems, '');
  const opened = new Map<string, JsonObject | undefined>();
  return {
    forRun(run, only, open, pointer) {
      const guid = own(objectOf(run, 'automationDetails', problems, pointer), 'guid');
      const parts = inline.filter((part) => (own(part, 'runGuid') === undefined ? only : own(part, 'runGuid') === guid));
      for (const uri of references(run, problems, pointer)) {
        if (!opened.has(uri)) opened.set(uri, read(uri, open, problems));
        const part = opened.get(uri);
        if (part !== undefined) parts.push(part);
      }
      return [...new Set(parts)];
    },
  };
}

function references(run: JsonObject, problems: Problems, pointer: string): ReadonlySet<string> {
  const files = objectOf(run, 'externalPropertyFileReferences', problems, pointer);
  const uris = new Set<string>();
  for (const key of REFERENCED) {
    const at = `${pointer}/externalPropertyFileReferences`;
    const value = own(files, key);
    for (const reference of Array.isArray(value) ? objectsOf(files, key, problems, at) : [objectOf(files, key, problems, at)]) {
      const uri = stringOf(objectOf(reference, 'location', problems, at), 'uri', problems, `${at}/location`);
      if (uri !== undefined && uri !== '') uris.add(uri);
    }
  }
  return uris;
}

function read(uri: string, open: ((uri: string) => SarifInput | undefined) | undefined, problems: Problems): JsonObject | undefined {
  const input = open?.(uri);
  if (input === undefined) {
    problems.note('sarif-external', `A part of the log lies in ${uri}, which is not read: only files beside the log are.`);
    return undefined;
  }
  if (input.size > MAX_BYTES) throw refusal(input.name, `The file of external properties is larger than ${MAX_BYTES} bytes.`);
  const document = parseJson(wholeText(input), input.name);
  if (isObject(document)) return document;
  problems.wrong('', 'an object with external properties');
  return undefined;
}

/** A run with its external parts: lists are joined, the tool's driver and extensions filled in where they are missing. */
export function mergeProperties({ run, results }: SarifRun, parts: readonly JsonObject[], problems: Problems, pointer: string): SarifRun {
  const merged: Record<string, unknown> = { ...run };
  const lists: Iterable<unknown>[] = results === undefined ? [] : [results];
  for (const part of parts) {
    for (const key of LISTS) {
      const more = arrayOf(part, key, problems, `${pointer}/${key}`);
      if (more.length > 0) merged[key] = [...arrayOf(merged, key, problems, pointer), ...more];
    }
    const more = arrayOf(part, 'results', problems, pointer);
    if (own(part, 'results') !== undefined) lists.push(more);
    const tool = objectOf(merged, 'tool', problems, pointer);
    const driver = objectOf(part, 'driver', problems, pointer);
    const extensions = arrayOf(part, 'extensions', problems, pointer);
    merged['tool'] = {
      ...tool,
      driver: { ...driver, ...objectOf(tool, 'driver', problems, `${pointer}/tool`) },
      extensions: [...arrayOf(tool, 'extensions', problems, `${pointer}/tool`), ...extensions],
    };
  }
  return { run: merged, results: lists.length === 0 ? undefined : joined(lists) };
}

function* joined(lists: readonly Iterable<unknown>[]): Generator<unknown> {
  for (const list of lists) yield* list;
}
