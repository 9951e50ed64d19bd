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

/**
 * The input as UTF-8 without byte order mark, whatever it is written in; that what claims to be UTF-8 is, is not checked.
 * @throws ConfigurationError when bytes in UTF-16 are none.
 */
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
      decoder = new TextDecoder(encoding, { fatal: true });
    }
    yield decoder === undefined ? chunk : encoder.encode(decoded(decoder, chunk, input.name));
  }
  if (decoder !== undefined) yield encoder.encode(decoded(decoder, undefined, input.name));
}

/** The next part of a text, or what is left of it. */
function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined, name: string): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw notText(name);
  }
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
    throw notText(input.name);
  }
}

/** A copy: `Buffer.prototype.slice` would share the memory, which the next piece overwrites. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

function* copies(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const chunk of chunks) yield copyOf(chunk);
}

/** The refusal of bytes that are in no known encoding. */
export function notText(name: string): Error {
  return refusal(name, 'The file is neither UTF-8 nor UTF-16. Expected a SARIF log in UTF-8.');
}

/**
 * The value of a JSON text.
 * @throws ConfigurationError with line and column, and what was expected there.
 */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const bytes = Buffer.from(text, 'utf8');
    throw jsonRefusal({ name, size: bytes.length, chunks: () => [bytes] }, `The file is no JSON: ${(error as Error).message}.`);
  }
}

/**
 * The refusal of an input that is no JSON, with line, column and what was expected there; V8's own message has no
 * position for every mistake, so it is looked for. `otherwise`: what is said when no mistake is found.
 */
export function jsonRefusal(input: SarifInput, otherwise = 'The file is no JSON.'): Error {
  try {
    readTokens(utf8Chunks(input), { open() {}, close() {}, key() {}, primitive() {} });
  } catch (found) {
    if (found instanceof JsonError) return syntaxRefusal(input.name, utf8Chunks(input), found);
    if ((found as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return notText(input.name);
    throw found;
  }
  return refusal(input.name, otherwise);
}

/** The refusal of a text that is no JSON, with line and column; `chunks` are read once more for these. */
function syntaxRefusal(name: string, chunks: Iterable<Uint8Array>, { offset, expected }: JsonError): Error {
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
