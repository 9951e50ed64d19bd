const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Longest property name that is looked at, with its quotes: `"results"` with every letter escaped has 44 bytes. */
const MAX_NAME = 64;

/** Where the results of a log lie, and the log without them. Offsets are in bytes. */
export interface Outline {
  /**
   * The document in which every list of results stands as two numbers, `[index of its first result, how many]`:
   * JSON when all outside of the results is.
   */
  readonly rest: Buffer;
  /** Start and end of each result, one after another, white space around it included. */
  readonly ranges: readonly number[];
}

/** Why there is no outline: quotes or brackets do not close or nest too deep, or there is too much besides results. */
export type NoOutline = 'broken' | 'too large';

/**
 * Cuts a JSON document (UTF-8, no byte order mark) at the elements of `runs[*].results`, so that each can be parsed by
 * itself and a log of any size never stands in memory as a whole.
 *
 * It only tells strings from what is between them, counts brackets and looks at commas; that the pieces are JSON is
 * for `JSON.parse` to say, of the rest and of every result. When all of them are, the document is: each stands where
 * a value may stand, between a bracket or comma and a comma or bracket.
 */
export function outlineOf(chunks: Iterable<Uint8Array>, { depth: maxDepth, rest: maxRest }: { readonly depth: number; readonly rest: number }): Outline | NoOutline {
  const pieces: Uint8Array[] = [];
  let restBytes = 0;
  const ranges: number[] = [];
  /** Objects and arrays around the current byte: 1 in the log, 2 in `runs`, 3 in a run, 4 in its results. */
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inRuns = false;
  let inResults = false;
  /** The last name or text at depth 1 or 3, while it can still be the name of what follows. */
  let name: number[] = [];
  let listening = false;
  /** Whether the list of results has anything in it but white space. */
  let content = false;
  let first = 0;
  let start = 0;
  let base = 0;
  for (const bytes of chunks) {
    const length = bytes.length;
    /** From here on the bytes belong to the rest, or, in results, do not. */
    let from = 0;
    let i = 0;
    while (i < length) {
      let byte = bytes[i] as number;
      if (inString) {
        if (escaped) {
          escaped = false;
          if (listening && name.length < MAX_NAME) name.push(byte);
          i++;
          continue;
        }
        if (listening) {
          if (name.length < MAX_NAME) name.push(byte);
        } else {
          while (byte !== QUOTE && byte !== BACKSLASH && ++i < length) byte = bytes[i] as number;
          if (i === length) break;
        }
        if (byte === QUOTE) inString = listening = false;
        else if (byte === BACKSLASH) escaped = true;
        i++;
        continue;
      }
      switch (byte) {
        case QUOTE:
          inString = content = true;
          listening = depth === 1 || (depth === 3 && inRuns);
          if (listening) name = [byte];
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          content = true;
          if (depth === maxDepth) return 'broken';
          depth++;
          if (byte === OPEN_BRACE) break;
          if (depth === 2) inRuns = isName(name, 'runs');
          else if (depth === 4 && inRuns && isName(name, 'results')) {
            inResults = true;
            content = false;
            first = ranges.length / 2;
            start = base + i + 1;
            pieces.push(copyOf(bytes, from, i + 1));
            restBytes += i + 1 - from;
          }
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          if (depth === 0) return 'broken';
          if (inResults && depth === 4) {
            if (content || ranges.length / 2 > first) ranges.push(start, base + i);
            pieces.push(Buffer.from(`${first},${ranges.length / 2 - first}`));
            inResults = false;
            from = i;
          }
          depth--;
          if (depth <= 1) inRuns = false;
          break;
        case COMMA:
          if (inResults) {
            if (depth === 4) {
              ranges.push(start, base + i);
              start = base + i + 1;
            }
          } else if (depth <= 3) name = [];
          break;
        case COLON:
        case 0x20:
        case 0x09:
        case 0x0a:
        case 0x0d:
          break;
        default:
          content = true;
      }
      i++;
    }
    base += length;
    if (inResults) continue;
    pieces.push(copyOf(bytes, from, length));
    restBytes += length - from;
    if (restBytes > maxRest) return 'too large';
  }
  if (depth !== 0 || inString) return 'broken';
  return { rest: Buffer.concat(pieces), ranges };
}

/** A copy: the memory of a piece is used again for the next one. */
function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

/** Whether the bytes are this text as JSON has it, by escapes or without. */
function isName(bytes: readonly number[], wanted: string): boolean {
  if (bytes.length < wanted.length + 2 || bytes.length >= MAX_NAME) return false;
  try {
    return JSON.parse(Buffer.from(bytes).toString('latin1')) === wanted;
  } catch {
    return false;
  }
}
