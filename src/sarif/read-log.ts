import { refusal, type Problems } from './read-problems.js';
import { copyOf, parseJson, syntaxRefusal, utf8Chunks, wholeText, type SarifInput } from './read-text.js';
import { JsonError, readTokens, type TokenVisitor } from './read-tokens.js';
import { arrayOf, isObject, own, type JsonObject } from './read-values.js';

/** Larger files are read as a stream: a text and its tree take several times the size of the file. */
const WHOLE_BYTES = 64 << 20;
/** Most bytes of one result or one other property of a run in a stream. */
const MAX_PART_BYTES = 128 << 20;

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
 * Opens a log of any size. Up to 64 MB are read at once; what is larger is read twice as a stream: first for
 * everything but the results and for where each of them lies (tools write what results refer to before or
 * after them), then result by result.
 * @throws ConfigurationError when it is no JSON or no object with runs, with place and what was expected.
 */
export function openLog(input: SarifInput, problems: Problems, wholeBytes = WHOLE_BYTES): SarifLog {
  return input.size <= wholeBytes ? wholeLog(input, problems) : streamedLog(input, problems);
}

function wholeLog(input: SarifInput, problems: Problems): SarifLog {
  const document = parseJson(wholeText(input), input.name);
  if (!isObject(document)) throw refusal(input.name, 'The document is no SARIF log: expected an object with `version` and `runs`.');
  const { runs: _, ...log } = document;
  const runs = arrayOf(document, 'runs', problems, '').map((value, index): SarifRun => {
    if (!isObject(value)) {
      problems.wrong(`/runs/${index}`, 'an object');
      return { run: {}, results: undefined };
    }
    const { results: __, ...run } = value;
    const results = own(value, 'results');
    if (results !== undefined && !Array.isArray(results)) problems.wrong(`/runs/${index}/results`, 'an array');
    return { run, results: Array.isArray(results) ? (results as unknown[]) : undefined };
  });
  return { log, runs };
}

/** Where the results of a run lie: start and end of each, in bytes of the UTF-8 text. */
interface Found {
  readonly run: Record<string, unknown>;
  ranges: number[] | undefined;
}

function streamedLog(input: SarifInput, problems: Problems): SarifLog {
  const log: Record<string, unknown> = {};
  const found: Found[] = [];
  const window = createWindow(input.name);
  try {
    readTokens(window.watch(utf8Chunks(input)), collector(input.name, log, found, window, problems));
  } catch (error) {
    if (error instanceof JsonError) throw syntaxRefusal(input.name, utf8Chunks(input), error);
    throw error;
  }
  const parts = readRanges(input, found);
  return {
    log,
    runs: found.map(({ run, ranges }) => ({ run, results: ranges === undefined ? undefined : take(parts, ranges.length / 2) })),
  };
}

/** The next `count` values of a shared iterator, without ending it. */
function* take(values: Iterator<unknown>, count: number): Generator<unknown> {
  for (let i = 0; i < count; i++) yield values.next().value;
}

/** Puts together what the log holds besides results, and notes where these are. */
function collector(name: string, log: Record<string, unknown>, found: Found[], window: Window, problems: Problems): TokenVisitor {
  let logKey = '';
  let runKey = '';
  /** Depth of the value that is kept as a whole, or -1. */
  let kept = -1;
  let start = 0;
  const inRuns = (): boolean => logKey === 'runs';
  const isResult = (depth: number): boolean => depth === 4 && inRuns() && runKey === 'results' && found.at(-1)?.ranges !== undefined;
  const keep = (depth: number, offset: number): void => {
    kept = depth;
    start = offset;
  };
  const set = (holder: Record<string, unknown>, key: string, value: unknown): void => {
    Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
  };
  return {
    open(depth, array, offset) {
      if (kept !== -1) return;
      if (depth === 0) {
        if (array) throw refusal(name, 'The document is no SARIF log: expected an object with `version` and `runs`.');
      } else if (depth === 1) {
        if (!inRuns()) keep(depth, offset);
        else if (!array) {
          problems.wrong('/runs', 'an array');
          logKey = '';
          keep(depth, offset);
        }
      } else if (depth === 2) {
        if (array) problems.wrong(`/runs/${found.length}`, 'an object');
        found.push({ run: {}, ranges: undefined });
        if (array) keep(depth, offset);
      } else if (depth === 3) {
        const run = found.at(-1) as Found;
        if (runKey === 'results' && array) run.ranges = [];
        else {
          if (runKey === 'results') problems.wrong(`/runs/${found.length - 1}/results`, 'an array');
          keep(depth, offset);
        }
      } else {
        keep(depth, offset);
      }
      if (kept !== -1) window.hold(isResult(depth) ? undefined : start);
    },
    close(depth, end) {
      if (depth !== kept) return;
      kept = -1;
      if (isResult(depth)) {
        (found.at(-1) as Found).ranges?.push(start, end);
        return;
      }
      const text = window.cut(start, end);
      if (depth === 1) set(log, logKey, parseJson(text, name));
      else if (depth === 3 && runKey !== 'results') set((found.at(-1) as Found).run, runKey, parseJson(text, name));
    },
    key(depth, key) {
      if (kept !== -1) return;
      if (depth === 1) logKey = key;
      else if (depth === 3) runKey = key;
    },
    primitive(depth, value) {
      if (kept !== -1) return;
      if (depth === 0) throw refusal(name, 'The document is no SARIF log: expected an object with `version` and `runs`.');
      if (depth === 1) {
        if (!inRuns()) set(log, logKey, value);
        else if (value !== null) problems.wrong('/runs', 'an array');
      } else if (depth === 2) {
        problems.wrong(`/runs/${found.length}`, 'an object');
        found.push({ run: {}, ranges: undefined });
      } else if (depth === 3) {
        if (runKey !== 'results') set((found.at(-1) as Found).run, runKey, value);
        else if (value !== null) problems.wrong(`/runs/${found.length - 1}/results`, 'an array');
      } else {
        const ranges = found.at(-1)?.ranges;
        problems.wrong(`/runs/${found.length - 1}/results/${(ranges?.length ?? 0) / 2}`, 'an object');
      }
    },
  };
}

/** The last bytes of a stream, from where a value began that has to be kept. */
interface Window {
  watch(chunks: Iterable<Uint8Array>): Iterable<Uint8Array>;
  /** Keeps all bytes from an offset on; nothing is kept when undefined. */
  hold(from: number | undefined): void;
  /** The text between two offsets, the first of which was held; ends the holding. */
  cut(start: number, end: number): string;
}

function createWindow(name: string): Window {
  /** Copies of the pieces before the current one that are still needed. */
  let held: Uint8Array[] = [];
  let heldFrom = 0;
  let heldBytes = 0;
  let current: Uint8Array = new Uint8Array();
  let base = 0;
  let from: number | undefined;
  return {
    *watch(chunks) {
      for (const chunk of chunks) {
        current = chunk;
        yield chunk;
        if (from !== undefined) {
          const rest = copyOf(chunk.subarray(Math.max(0, from - base)));
          if (heldBytes === 0) heldFrom = Math.max(from, base);
          held.push(rest);
          heldBytes += rest.length;
          if (heldBytes > MAX_PART_BYTES) throw refusal(name, `A single property at byte ${from} is larger than ${MAX_PART_BYTES} bytes. Expected a SARIF log.`);
        }
        base += chunk.length;
      }
    },
    hold(offset) {
      from = offset;
      held = [];
      heldBytes = 0;
    },
    cut(start, end) {
      const here = current.subarray(Math.max(0, start - base), end - base);
      const bytes = heldBytes === 0 ? here : Buffer.concat([...held, here]).subarray(start - heldFrom);
      from = undefined;
      held = [];
      heldBytes = 0;
      return new TextDecoder().decode(bytes);
    },
  };
}

/** The values of the ranges of all runs, in order. */
function* readRanges(input: SarifInput, found: readonly Found[]): Generator<unknown> {
  const decoder = new TextDecoder();
  const chunks = utf8Chunks(input)[Symbol.iterator]();
  let base = 0;
  let current: Uint8Array = new Uint8Array();
  for (const { ranges = [] } of found) {
    for (let i = 0; i < ranges.length; i += 2) {
      const start = ranges[i] as number;
      const end = ranges[i + 1] as number;
      const parts: Uint8Array[] = [];
      for (;;) {
        const stop = base + current.length;
        if (stop > start) parts.push(stop >= end ? current.subarray(Math.max(0, start - base), end - base) : copyOf(current.subarray(Math.max(0, start - base))));
        if (stop >= end) break;
        base = stop;
        const piece = chunks.next();
        if (piece.done === true) throw refusal(input.name, 'The file became shorter while it was read.');
        current = piece.value;
      }
      yield parseJson(decoder.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts)), input.name);
    }
  }
  chunks.return(undefined);
}
