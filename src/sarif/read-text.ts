import { refusal } from './read-problems.js';
import { JsonError, readTokens } from './read-tokens.js';

const LF = 10;

/** Bytes that are read in pieces, such as a file; may be read more than once. */
export interface SarifInput {
  /** For messages. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Each piece is only valid until the next one is asked for. */
  chunks(): Iterable<Uint8Array>;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The encoding by byte order mark, or by where the first character (`{` or white space) has its zero byte. */
function detect(start: Uint8Array): Encoding {
  const [a, b] = start;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b !== undefined && b !== 0) return 'utf-16be';
  return b === 0 && a !== undefined && a !== 0 ? 'utf-16le' : 'utf-8';
}

/** The input as UTF-8 without byte order mark, whatever it is written in. */
export function* utf8Chunks(input: SarifInput): Generator<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  const encoder = new TextEncoder();
  let first = true;
  for (const chunk of input.chunks()) {
    if (first) {
      first = false;
      const encoding = detect(chunk);
      if (encoding === 'utf-8') {
        yield chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
        continue;
      }
      decoder = new TextDecoder(encoding);
    }
    yield decoder === undefined ? chunk : encoder.encode(decoder.decode(chunk, { stream: true }));
  }
  if (decoder !== undefined) yield encoder.encode(decoder.decode());
}

/**
 * The whole input as text.
 * @throws ConfigurationError when its bytes are in no known encoding.
 */
export function wholeText(input: SarifInput): string {
  const bytes = Buffer.concat([...copies(input.chunks())]);
  try {
    return new TextDecoder(detect(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw refusal(input.name, 'The file is neither UTF-8 nor UTF-16. Expected a SARIF log in UTF-8.');
  }
}

/** A copy: `Buffer.prototype.slice` would share the memory, which the next piece overwrites. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

function* copies(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const chunk of chunks) yield copyOf(chunk);
}

/**
 * The value of a JSON text.
 * @throws ConfigurationError with line and column, and what was expected there.
 */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw notJson(name, [Buffer.from(text, 'utf8')], error);
  }
}

/** The error about a text that is no JSON: V8's own message has no position for every mistake, so it is looked for. */
function notJson(name: string, chunks: Iterable<Uint8Array>, error: unknown): Error {
  try {
    readTokens(chunks, { open() {}, close() {}, key() {}, primitive() {} });
  } catch (found) {
    if (found instanceof JsonError) return syntaxRefusal(name, chunks, found);
  }
  return refusal(name, `The file is no JSON: ${(error as Error).message}.`);
}

/** The refusal of a text that is no JSON, with line and column; `chunks` are read once more for these. */
export function syntaxRefusal(name: string, chunks: Iterable<Uint8Array>, { offset, expected }: JsonError): Error {
  let line = 1;
  let position = 0;
  let start = 0;
  for (const chunk of chunks) {
    const length = Math.min(chunk.length, offset - position);
    for (let at = chunk.indexOf(LF); at !== -1 && at < length; at = chunk.indexOf(LF, at + 1)) {
      line++;
      start = position + at + 1;
    }
    position += length;
    if (position >= offset) break;
  }
  const column = offset - start + 1;
  const region = { startLine: line, startColumn: column, endLine: line, endColumn: column };
  return refusal(name, `The file is no JSON: expected ${expected} at line ${line}, column ${column} (byte ${offset}).`, region);
}
