import { Tokenizer, TokenType } from '@streamparser/json';

/** Deeper documents are refused: nothing in SARIF nests that deep, and stacks end. */
export const MAX_DEPTH = 512;

/** What is read of a document, in order. `depth` is the number of objects and arrays around a token. */
export interface TokenVisitor {
  /** The start of an object or array at a byte offset; `depth` counts those around it. */
  open(depth: number, array: boolean, offset: number): void;
  /** Its end: the offset of the byte after it. */
  close(depth: number, end: number): void;
  key(depth: number, name: string): void;
  /** A string, number, boolean or null. */
  primitive(depth: number, value: string | number | boolean | null): void;
}

/** A text that is no JSON: the byte where, and what was expected there. */
export class JsonError extends Error {
  override readonly name = 'JsonError';

  constructor(
    readonly offset: number,
    readonly expected: string,
  ) {
    super(`expected ${expected} at byte ${offset}`);
  }
}

const enum Next {
  Value,
  ValueOrEnd,
  KeyOrEnd,
  Key,
  Colon,
  CommaOrEnd,
  Nothing,
}

const EXPECTED: Readonly<Record<Next, string>> = {
  [Next.Value]: 'a value',
  [Next.ValueOrEnd]: 'a value or `]`',
  [Next.KeyOrEnd]: 'a property name in double quotes or `}`',
  [Next.Key]: 'a property name in double quotes',
  [Next.Colon]: '`:`',
  [Next.CommaOrEnd]: '`,` or the end of the object or array',
  [Next.Nothing]: 'nothing after the document',
};

/**
 * Reads a JSON document (UTF-8, no byte order mark) piece by piece and tells a visitor what it holds.
 * Keeps nothing but the nesting. The tokenizer knows no grammar: that is here.
 * @throws JsonError where the text is no JSON; errors of the visitor.
 */
export function readTokens(chunks: Iterable<Uint8Array>, visitor: TokenVisitor): void {
  const arrays: boolean[] = [];
  let next = Next.Value as Next;
  let consumed = 0;
  let last = 0;
  let ended = false;
  const tokenizer = new Tokenizer({ stringBufferSize: 1 << 16 });
  const expect = (right: boolean): void => {
    if (!right) throw new JsonError(last, EXPECTED[next]);
  };
  const afterValue = (): Next => (arrays.length === 0 ? Next.Nothing : Next.CommaOrEnd);
  const wantsValue = (): boolean => next === Next.Value || next === Next.ValueOrEnd;
  tokenizer.onToken = ({ token, value, offset }) => {
    last = offset;
    switch (token) {
      case TokenType.LEFT_BRACE:
      case TokenType.LEFT_BRACKET: {
        expect(wantsValue());
        const array = token === TokenType.LEFT_BRACKET;
        if (arrays.length >= MAX_DEPTH) throw new JsonError(offset, `at most ${MAX_DEPTH} levels`);
        visitor.open(arrays.length, array, offset);
        arrays.push(array);
        next = array ? Next.ValueOrEnd : Next.KeyOrEnd;
        return;
      }
      case TokenType.RIGHT_BRACE:
        expect(arrays.at(-1) === false && (next === Next.KeyOrEnd || next === Next.CommaOrEnd));
        break;
      case TokenType.RIGHT_BRACKET:
        expect(arrays.at(-1) === true && (next === Next.ValueOrEnd || next === Next.CommaOrEnd));
        break;
      case TokenType.COLON:
        expect(next === Next.Colon);
        next = Next.Value;
        return;
      case TokenType.COMMA:
        expect(next === Next.CommaOrEnd);
        next = arrays.at(-1) === true ? Next.Value : Next.Key;
        return;
      case TokenType.STRING:
        if (next === Next.Key || next === Next.KeyOrEnd) {
          visitor.key(arrays.length, value as string);
          next = Next.Colon;
          return;
        }
        expect(wantsValue());
        visitor.primitive(arrays.length, value as string);
        next = afterValue();
        return;
      default:
        expect(wantsValue());
        visitor.primitive(arrays.length, value);
        next = afterValue();
        return;
    }
    arrays.pop();
    next = afterValue();
    visitor.close(arrays.length, offset + 1);
  };
  tokenizer.onEnd = () => undefined;
  tokenizer.onError = (error) => {
    // An unfinished string or word at the end: what is missing is said below.
    if (ended && !(error instanceof JsonError) && /^Tokenizer/.test(error.message)) return;
    if (!/^Unexpected "/.test(error.message)) throw error;
    const at = /absolute position "(\d+)"/.exec(error.message)?.[1];
    throw new JsonError(at === undefined ? last : Number(at), EXPECTED[next]);
  };
  for (const chunk of chunks) {
    tokenizer.write(chunk);
    consumed += chunk.length;
  }
  ended = true;
  // A number may end with the file.
  if (!tokenizer.isEnded) tokenizer.end();
  if ((next as Next) !== Next.Nothing) {
    throw new JsonError(consumed, arrays.length === 0 ? 'a JSON document' : `${arrays.at(-1) === true ? '`]`' : '`}`'} before the end of the file, which is cut off`);
  }
}
