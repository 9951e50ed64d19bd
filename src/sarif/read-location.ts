import type { LineIndex, Location, Region } from '../core/index.js';
import { linesOf } from './location.js';
import { plainMessage, type MessageContext } from './read-message.js';
import { NO_FILE, workspacePath, type UriContext } from './read-uri.js';
import { integerOf, isObject, objectOf, objectsOf, stringOf, type JsonObject } from './read-values.js';

/** What locations of one run refer to. */
export interface LocationContext extends UriContext, MessageContext {
  /** `run.artifacts`. */
  readonly artifacts: readonly JsonObject[];
  /** `run.logicalLocations`. */
  readonly logical: readonly JsonObject[];
  /** Columns count Unicode code points and have to be made UTF-16 code units. */
  readonly codePoints: boolean;
  readonly lines: (path: string) => LineIndex | undefined;
  readonly text: (path: string) => string | undefined;
}

/** Lookups over a source that remember the last files. */
export function createLookups(source: (path: string) => string | undefined): Pick<LocationContext, 'lines' | 'text'> {
  return { lines: linesOf(source), text: source };
}

/** A SARIF `location`; undefined when it names neither a file nor a logical place. */
export function readLocation(location: JsonObject, context: LocationContext, pointer: string): Location | undefined {
  const { problems } = context;
  const physical = objectOf(location, 'physicalLocation', problems, pointer);
  const path = readPath(objectOf(physical, 'artifactLocation', problems, `${pointer}/physicalLocation`), context, `${pointer}/physicalLocation/artifactLocation`);
  const message = plainMessage(location['message'], undefined, context, `${pointer}/message`);
  if (path === undefined) {
    const name = logicalName(location, context, pointer);
    if (name === undefined) return undefined;
    return { path: NO_FILE, message: message === undefined ? `in ${name}` : `${message} (in ${name})` };
  }
  const at = `${pointer}/physicalLocation`;
  const written = objectOf(physical, 'region', problems, at);
  const region = readRegion(written, path, context, `${at}/region`);
  const snippet = region === undefined ? undefined : stringOf(objectOf(written, 'snippet', problems, `${at}/region`), 'text', problems, `${at}/region/snippet`);
  return {
    path,
    ...(region !== undefined && { region }),
    ...(message !== undefined && { message }),
    ...(snippet !== undefined && snippet !== '' && { snippet }),
  };
}

/** The locations of an array, those without a place left out. */
export function readLocations(holder: JsonObject, key: string, context: LocationContext, pointer: string): readonly Location[] {
  const locations: Location[] = [];
  objectsOf(holder, key, context.problems, pointer).forEach((value, index) => {
    const location = readLocation(value, context, `${pointer}/${key}/${index}`);
    if (location !== undefined) locations.push(location);
  });
  return locations;
}

/** A SARIF `artifactLocation`, by URI or by its index in `run.artifacts`. */
export function readPath(artifact: JsonObject, context: LocationContext, pointer: string): string | undefined {
  const { problems } = context;
  const uri = stringOf(artifact, 'uri', problems, pointer);
  if (uri !== undefined && uri !== '') return workspacePath(uri, stringOf(artifact, 'uriBaseId', problems, pointer), context);
  const index = integerOf(artifact, 'index', problems, pointer);
  if (index === undefined || index < 0) return undefined;
  const known = context.artifacts[index];
  if (known === undefined) {
    problems.wrong(`${pointer}/index`, 'the index of an artifact of the run');
    return undefined;
  }
  const location = objectOf(known, 'location', problems, `/artifacts/${index}`);
  const named = stringOf(location, 'uri', problems, `/artifacts/${index}/location`);
  return named === undefined || named === '' ? undefined : workspacePath(named, stringOf(location, 'uriBaseId', problems, `/artifacts/${index}/location`), context);
}

function logicalName(location: JsonObject, context: LocationContext, pointer: string): string | undefined {
  const { problems } = context;
  const [first] = objectsOf(location, 'logicalLocations', problems, pointer);
  const single = location['logicalLocation'];
  const given = first ?? (isObject(single) ? single : undefined);
  if (given === undefined) return undefined;
  const at = `${pointer}/logicalLocations/0`;
  const index = integerOf(given, 'index', problems, at);
  const whole = index === undefined || index < 0 ? given : (context.logical[index] ?? given);
  return stringOf(whole, 'fullyQualifiedName', problems, at) ?? stringOf(whole, 'decoratedName', problems, at) ?? stringOf(whole, 'name', problems, at);
}

/**
 * A SARIF `region`. Undefined stands for the whole file: no lines, or 0 and -1 as tools write them for "not known".
 * Offsets in characters or bytes count when there is no line and the file can be read. Columns that are not given
 * mean the whole line. What lies past the end is clamped when the file is known, and again when it is written.
 */
export function readRegion(region: JsonObject, path: string, context: LocationContext, pointer: string): Region | undefined {
  const { problems } = context;
  const given = (key: string): number | undefined => integerOf(region, key, problems, pointer);
  const startLine = given('startLine');
  if (startLine === undefined || startLine < 1) return byOffset(given('charOffset'), given('charLength'), given('byteOffset'), given('byteLength'), path, context);
  const endLine = atLeast(given('endLine'), startLine) ?? startLine;
  const startColumn = atLeast(given('startColumn'), 1) ?? 1;
  const writtenEnd = given('endColumn');
  const wholeLine = writtenEnd === undefined || writtenEnd < 1;
  // The file is looked at only where it makes a difference.
  const lines = wholeLine || context.codePoints ? context.lines(path) : undefined;
  const column = (line: number, value: number): number => (context.codePoints && lines !== undefined ? fromCodePoints(lines.line(line), value) : value);
  const start = column(startLine, startColumn);
  const least = endLine === startLine ? start : 1;
  const endColumn = wholeLine ? (lines === undefined ? least : Math.max(least, lines.line(endLine).length + 1)) : Math.max(least, column(endLine, writtenEnd));
  return { startLine, startColumn: start, endLine, endColumn };
}

function atLeast(value: number | undefined, least: number): number | undefined {
  return value === undefined || value < least ? undefined : value;
}

function byOffset(char: number | undefined, charLength: number | undefined, byte: number | undefined, byteLength: number | undefined, path: string, context: LocationContext): Region | undefined {
  const chars = char !== undefined && char >= 0;
  if (!chars && (byte === undefined || byte < 0)) return undefined;
  const text = context.text(path);
  const lines = context.lines(path);
  if (text === undefined || lines === undefined) return undefined;
  if (chars) return lines.region({ start: char, end: char + Math.max(0, charLength ?? 0) });
  const bytes = Buffer.from(text, 'utf8');
  const start = bytes.subarray(0, byte).toString('utf8').length;
  const end = bytes.subarray(0, (byte as number) + Math.max(0, byteLength ?? 0)).toString('utf8').length;
  return lines.region({ start, end });
}

/** The column in UTF-16 code units of one in Unicode code points. */
function fromCodePoints(line: string, column: number): number {
  let units = 0;
  for (let points = 1; points < column && units < line.length; points++) units += (line.codePointAt(units) as number) > 0xffff ? 2 : 1;
  return units + 1;
}
