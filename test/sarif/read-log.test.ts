import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/core/index.js';
import { openLog } from '../../src/sarif/read-log.js';
import { createProblems } from '../../src/sarif/read-problems.js';

/** Bytes as a file gives them: every piece in the same memory. */
const inputOf = (bytes: Buffer, piece: number) => ({
  name: 'x.sarif',
  size: bytes.length,
  *chunks() {
    const shared = Buffer.alloc(piece);
    for (let at = 0; at < bytes.length; at += piece) yield shared.subarray(0, bytes.copy(shared, 0, at, at + piece));
  },
});

/** The log with its results, put together again; undefined when it is refused. */
function opened(bytes: Buffer, piece: number, wholeBytes?: number): unknown {
  try {
    const { log, runs } = openLog(inputOf(bytes, piece), createProblems('x.sarif', 'best-effort'), wholeBytes);
    return { log, runs: runs.map(({ run, results }) => ({ run, results: results && [...results] })) };
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/** What `JSON.parse` makes of the whole text. */
function expected(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { runs, ...log } = value;
  return {
    log,
    runs: (Array.isArray(runs) ? (runs as unknown[]) : []).map((entry) => {
      if (!isObject(entry)) return { run: {}, results: undefined };
      const { results, ...run } = entry;
      return { run, results: Array.isArray(results) ? (results as unknown[]) : undefined };
    }),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON texts with names that matter at every depth, twice in one object, with escapes and white space, and broken ones. */
const space = fc.constantFrom('', '', ' ', '\n\t', '\r');
const scalar = fc.oneof(fc.constantFrom('null', 'true', '0', '-1.5e3', '""', '"a\\"]},"', '"\\\\"', '"results"', '"\\u0000"', '"é漢😀"'), fc.string().map((text) => JSON.stringify(text)));
const name = fc.constantFrom('"runs"', '"results"', '"r\\u0065sults"', '"\\u0072uns"', '"version"', '"a"', '"__proto__"', '""', '"results\\n"');
const json = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 6 }, scalar, tie('array'), tie('object')),
  array: fc.tuple(fc.array(fc.tuple(space, tie('value'), space), { maxLength: 3 }), space).map(([items, blank]) => `[${items.length === 0 ? blank : items.map((item) => item.join('')).join(',')}]`),
  object: fc.tuple(fc.array(fc.tuple(space, name, space, tie('value'), space), { maxLength: 3 }), space).map(([items, blank]) => `{${items.length === 0 ? blank : items.map(([a, key, b, value, c]) => `${a}${key}${b}:${value}${c}`).join(',')}}`),
}));
const run = fc.tuple(json.array, json.value, fc.constantFrom(0, 1, 2)).map(([results, other, order]) => (order === 0 ? `{"results":${results},"tool":${other}}` : order === 1 ? `{"tool":${other},"results" : ${results}}` : `{"results":${results},"results":${results}}`));
const log = fc.tuple(fc.array(fc.oneof(run, json.value), { maxLength: 3 }), json.value, fc.boolean()).map(([runs, other, twice]) => `{"x":${other},"runs":[${runs.join(',')}]${twice ? `,"runs":[${runs.slice(1).join(',')}]` : ''}}`);

describe('opening a log', () => {
  it('gives what JSON.parse gives, read at once or as a stream, in pieces of any size', () => {
    fc.assert(
      fc.property(fc.oneof(log, json.object, json.value), fc.integer({ min: 1, max: 40 }), (text, piece) => {
        const bytes = Buffer.from(text);
        const value = expected(bytes);
        expect(opened(bytes, piece)).toEqual(value);
        expect(opened(bytes, piece, -1)).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses what JSON.parse refuses when bytes are missing, changed or more', () => {
    const noise = fc.oneof(fc.constantFrom('"', '\\', ',', ':', '[', ']', '{', '}', '0', ' ', '\u0001', '{}', '[]', ',,'), fc.string({ unit: 'binary', maxLength: 2 })).map((text) => Buffer.from(text));
    fc.assert(
      fc.property(log, fc.nat(), fc.oneof(noise, fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes))), fc.nat(3), fc.integer({ min: 1, max: 40 }), (text, seed, insert, removed, piece) => {
        const bytes = Buffer.from(text);
        const at = seed % (bytes.length + 1);
        const changed = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + removed)]);
        // What is taken for UTF-16 or begins with a byte order mark is another text.
        fc.pre(![0, 0xef, 0xfe, 0xff].includes(changed[0] ?? 1) && changed[1] !== 0);
        const value = expected(changed);
        expect(opened(changed, piece)).toEqual(value);
        expect(opened(changed, piece, -1)).toEqual(value);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['{"version":"2.1.0","runs":[{"results":[{"a":1},{"b" 2}]}]}', 'expected `:` at line 1, column 53'],
    ['{"runs":[{"results":[{},]}]}', 'expected a value at line 1, column 25'],
    ['{"runs":[{"results":[{}{}]}]}', 'expected `,` or the end of the object or array at line 1, column 24'],
    ['{"runs":[{"results":[{"a":"\n"}]}]}', 'expected'],
    ['{"runs":[{"results":[{}}]}', 'expected `,` or the end of the object or array at line 1, column 24'],
    ['{"runs":[{"results":[{}]}', 'expected `]` before the end of the file, which is cut off'],
    ['{"runs":[{"results":[{"a":"', 'expected'],
    ['{"runs":[{"results":[tru],"results":[]}]}', 'expected'],
  ])('says where %j is wrong, at once and as a stream', (text, message) => {
    for (const wholeBytes of [undefined, -1]) {
      expect(() => {
        for (const { results } of openLog(inputOf(Buffer.from(text), 5), createProblems('x.sarif', 'best-effort'), wholeBytes).runs) for (const _ of results ?? []);
      }).toThrow(message);
    }
  });

  it('refuses hostile nesting with its place, in results and outside of them', () => {
    const deep = '['.repeat(100_000);
    for (const text of [deep, `{"a":${deep}`, `{"runs":[{"results":[${deep}`, `{"runs":[{"results":[${'{"a":'.repeat(600)}1${'}'.repeat(600)}]}]}`]) {
      for (const wholeBytes of [undefined, -1]) expect(() => openLog(inputOf(Buffer.from(text), 1000), createProblems('x', 'best-effort'), wholeBytes)).toThrow('at most 512 levels');
    }
  });

  it('refuses UTF-16 with half of a character', () => {
    const bytes = Buffer.from('\ufeff{"runs":[],"a":"\ud800"}', 'utf16le');
    for (const wholeBytes of [undefined, -1]) expect(() => openLog(inputOf(bytes, 7), createProblems('x', 'best-effort'), wholeBytes)).toThrow('neither UTF-8 nor UTF-16');
  });
});
