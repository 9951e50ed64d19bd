import { POLICY_FUNCTIONS } from './functions.js';
import { cachedPattern } from './patterns.js';

/** A function of a lowered expression: the receiver first, then the arguments. */
type Call = (first: never, second: never) => unknown;

const INT64 = 1n << 63n;

/**
 * Functions that lowered expressions can call, by name and types, as the CEL library has them. Integers are numbers,
 * or bigints where these are not safe. A contract test compares each with the library.
 */
export const CALLS: Readonly<Record<string, Call>> = {
  ...Object.fromEntries(POLICY_FUNCTIONS.map(({ signature, call }) => [signature.slice(0, signature.lastIndexOf(':')), call as Call])),
  'string.size()': codePoints,
  'size(string)': codePoints,
  'string.trim()': (text: string) => text.trim(),
  'string.contains(string)': (text: string, part: string) => text.includes(part),
  'string.startsWith(string)': (text: string, part: string) => text.startsWith(part),
  'string.endsWith(string)': (text: string, part: string) => text.endsWith(part),
  'string.matches(string)': (text: string, pattern: string) => cachedPattern(pattern)(text),
  'list<string>.join(string)': (list: readonly string[], separator: string) => list.join(separator),
  'list.size()': (list: readonly unknown[]) => list.length,
  'size(list)': (list: readonly unknown[]) => list.length,
  'map.size()': (map: object) => Object.keys(map).length,
  'size(map)': (map: object) => Object.keys(map).length,
  'int(string)': integer,
  'string(int)': String,
};

function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at + 1 < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) count--;
  }
  return count;
}

function integer(text: string): number | bigint {
  if (text === text.trim() && text.length <= 20 && !text.includes('0x')) {
    try {
      const value = BigInt(text);
      if (value < INT64 && value >= -INT64) return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    } catch {
      // Not a number: as below.
    }
  }
  throw new Error('int() type error: cannot convert to int');
}
