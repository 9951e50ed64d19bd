import { isAscii, isUtf8 } from 'node:buffer';
import { outlineOf, type Outline } from './outline.js';
import { refusal, type Problems } from './read-problems.js';
import { copyOf, jsonRefusal, notText, utf8Chunks, type SarifInput } from './read-text.js';
import { MAX_DEPTH } from './read-tokens.js';
import { arrayOf, isObject, own, type JsonObject } from './read-values.js';

/** Larger files are read twice, so that their bytes are never in memory as a whole. */
const WHOLE_BYTES = 64 << 20;
/** Most bytes of one result. */
const MAX_RESULT_BYTES = 128 << 20;
/** Most bytes of all that is no result. */
const MAX_REST_BYTES = 256 << 20;

/** A log whose results can be read one by one, once and in order of the runs. */
export interface SarifLog {
  /** Everything but the runs. */
  readonly log: JsonObject;
  readonly runs: readonly SarifRun[];
}

export interface SarifRun {
  /** Everything but the results. */
  readonly run: JsonObject;
  /** Undefined when the run has none: nothing was looked for. Each run's are read to the end before the next one's. */
  readonly results: Iterable<unknown> | undefined;
}

/**
 * Opens a log of any size: first everything but the results and where each of them lies (tools write what results
 * refer to before or after them), then result by result. Up to 64 MB the file is read once, what is larger twice.
 * @throws ConfigurationError when it is no JSON or no object with runs, with place and what was expected; for what is
 * wrong inside of a result when that is reached.
 */
export function openLog(input: SarifInput, problems: Problems, wholeBytes = WHOLE_BYTES): SarifLog {
  const bytes = input.size <= wholeBytes ? wholeBytesOf(input) : undefined;
  const outline = outlineOf(bytes === undefined ? utf8Chunks(input) : [bytes], { depth: MAX_DEPTH, rest: MAX_REST_BYTES });
  if (outline === 'broken') throw jsonRefusal(input);
  if (outline === 'too large') throw jsonRefusal(input, `Besides its results the file has more than ${MAX_REST_BYTES} bytes. Expected a SARIF log.`);
  const document = parsePiece(outline.rest, 0, outline.rest.length, input);
  if (!isObject(document)) throw refusal(input.name, 'The document is no SARIF log: expected an object with `version` and `runs`.');
  const pieces = piecesOf(input, bytes, outline);
  let read = 0;
  const { runs: _, ...log } = document;
  const runs = arrayOf(document, 'runs', problems, '').map((value, index): SarifRun => {
    if (!isObject(value)) {
      problems.wrong(`/runs/${index}`, 'an object');
      return { run: {}, results: undefined };
    }
    const { results: __, ...run } = value;
    const results = own(value, 'results');
    if (results === undefined) return { run, results };
    if (!Array.isArray(results)) {
      problems.wrong(`/runs/${index}/results`, 'an array');
      return { run, results: undefined };
    }
    const [first, count] = results as [number, number];
    read += count;
    return { run, results: pieces(first, count) };
  });
  // Results under a name that comes once more are not read, so nothing else would say that they are no JSON.
  if (read < outline.ranges.length / 2) for (const _unread of piecesOf(input, bytes, outline)(0, outline.ranges.length / 2));
  return { log, runs };
}

function wholeBytesOf(input: SarifInput): Buffer {
  return Buffer.concat([...copies(utf8Chunks(input))]);
}

function* copies(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const chunk of chunks) yield copyOf(chunk);
}

/** The value of a part of the bytes. */
function parsePiece(bytes: Buffer, start: number, end: number, input: SarifInput, ascii = isAscii(bytes.subarray(start, end))): unknown {
  if (!ascii && !isUtf8(bytes.subarray(start, end))) throw notText(input.name);
  try {
    return JSON.parse(bytes.toString(ascii ? 'latin1' : 'utf8', start, end)) as unknown;
  } catch (error) {
    throw jsonRefusal(input, `The file is no JSON: ${(error as Error).message}.`);
  }
}

/** The values of `count` results from one on. Those of a stream have to be asked for in order, and each once. */
type Pieces = (first: number, count: number) => Iterable<unknown>;

function piecesOf(input: SarifInput, bytes: Buffer | undefined, { ranges }: Outline): Pieces {
  if (bytes === undefined) {
    const read = rangeReader(input);
    return function* (first, count) {
      for (let i = first; i < first + count; i++) {
        const piece = read(ranges[2 * i] as number, ranges[2 * i + 1] as number);
        yield parsePiece(piece, 0, piece.length, input);
      }
    };
  }
  const ascii = isAscii(bytes);
  return function* (first, count) {
    for (let i = first; i < first + count; i++) yield parsePiece(bytes, ranges[2 * i] as number, ranges[2 * i + 1] as number, input, ascii ? true : undefined);
  };
}

/** Reads ranges of bytes that follow each other; what it gives is valid until the next one is asked for. */
function rangeReader(input: SarifInput): (start: number, end: number) => Buffer {
  let chunks: Iterator<Uint8Array> | undefined;
  let base = 0;
  let current: Uint8Array = new Uint8Array();
  return (start, end) => {
    if (end - start > MAX_RESULT_BYTES) throw refusal(input.name, `A single result at byte ${start} is larger than ${MAX_RESULT_BYTES} bytes. Expected a SARIF log.`);
    chunks ??= utf8Chunks(input)[Symbol.iterator]();
    const parts: Uint8Array[] = [];
    for (;;) {
      const stop = base + current.length;
      if (stop > start) {
        const part = current.subarray(Math.max(0, start - base), end - base);
        if (stop >= end && parts.length === 0) return Buffer.from(part.buffer, part.byteOffset, part.byteLength);
        parts.push(stop >= end ? part : copyOf(part));
      }
      if (stop >= end) return Buffer.concat(parts);
      base = stop;
      const piece = chunks.next();
      if (piece.done === true) throw refusal(input.name, 'The file became shorter while it was read.');
      current = piece.value;
    }
  };
}
