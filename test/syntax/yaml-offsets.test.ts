import fc from 'fast-check';
import { CORE_SCHEMA, EVENT_ID, getScalarValue, load, mergeTag, parseEvents } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { YamlNode, YamlScalar } from '../../src/syntax/yaml-node.js';
import { mapOffsets } from '../../src/syntax/yaml-offsets.js';
import { parseYaml } from '../../src/syntax/yaml.js';
import { toPlain, walk } from '../../src/syntax/yaml-query.js';

/** A scalar written down, with the place of every character of its text. */
class Written {
  source: string;
  text = '';
  readonly origins: { start: number; end: number }[] = [];

  constructor(prefix: string) {
    this.source = prefix;
  }

  /** Writes something that is no part of the text. */
  skip(written: string): void {
    this.source += written;
  }

  /** Writes one or more characters of the text as one piece. */
  put(decoded: string, written: string): void {
    const range = { start: this.source.length, end: this.source.length + written.length };
    for (let i = 0; i < decoded.length; i++) this.origins.push(range);
    this.text += decoded;
    this.source += written;
  }

  /** Writes text as it is, character by character. */
  raw(decoded: string): void {
    for (const unit of decoded.split('')) this.put(unit, unit);
  }
}

function check(written: Written): void {
  const result = parseYaml(`${written.source}\nz: end\n`);
  expect(result.problems).toEqual([]);
  const root = result.documents[0];
  const scalar = (root?.kind === 'mapping' ? root.pairs[0]?.value : undefined) as YamlScalar;
  expect(scalar.text).toBe(written.text);
  expect(scalar.text).toBe((load(`${written.source}\nz: end\n`, { schema: CORE_SCHEMA }) as { a: unknown }).a);
  for (let i = 0; i < written.text.length; i++) {
    expect(scalar.sourceRange({ start: i, end: i + 1 })).toEqual(written.origins[i]);
    expect(scalar.sourceOffset(i)).toBe(written.origins[i]?.start);
  }
  const last = written.origins.at(-1);
  if (last !== undefined) {
    expect(scalar.sourceOffset(written.text.length)).toBe(last.end);
    expect(scalar.sourceRange({ start: 0, end: written.text.length })).toEqual({ start: written.origins[0]?.start, end: last.end });
  }
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const padding = fc.constantFrom('', ' ', '  ', '\t', ' \t');
/** One line that starts and ends with something visible, and holds what each style must cope with. */
const visible = fc.constantFrom('a', 'Z', '0', 'é', '\u{1F600}', '漢', '$', '{', '}', '\\', '"', "'", '#', ':', '-', '|', '>', '%', '&');
const line = fc
  .tuple(visible, fc.array(fc.oneof(visible, fc.constantFrom(' ', '\t', '  ')), { maxLength: 12 }), visible)
  .map(([first, middle, last]) => first + middle.join('') + last);
const plainLine = fc.array(fc.constantFrom('word', 'a-b', 'x:y', 'q#r', "it's", 'é\u{1F600}', '$HOME', 'a, b', '"c"'), { minLength: 1, maxLength: 5 }).map((words) => `w ${words.join(' ')}`);

/** Lines joined the flow way: a space of the text may be a line end, `n` line feeds are `n + 1` of them. */
function flowLines(written: Written, lines: readonly string[], joins: readonly { feeds: number; end: string; before: string; after: string }[], write: (text: string) => void): void {
  lines.forEach((text, i) => {
    write(text);
    const join = joins[i];
    if (join === undefined || i === lines.length - 1) return;
    written.skip(join.before);
    if (join.feeds === 0) written.put(' ', join.end);
    else written.skip(join.end);
    for (let feed = 0; feed < join.feeds; feed++) {
      written.skip(join.after);
      written.put('\n', join.end);
    }
    written.skip(`   ${join.after}`);
  });
}

const joins = fc.array(
  fc.record({ feeds: fc.nat(3), end: lineEnd, before: padding, after: padding }),
  { minLength: 8, maxLength: 8 },
);

describe('every character of a scalar is found where it is written', () => {
  test('in double quotes, with every way to escape it', () => {
    const style = fc.constantFrom('raw', 'x', 'u', 'U');
    const character = fc.tuple(fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), visible, fc.constantFrom('\n', '\t', '\0', ' ', '\u0085', '\u2028')), style);
    fc.assert(
      fc.property(fc.array(character, { maxLength: 20 }), (characters) => {
        const written = new Written('a: "');
        for (const [c, how] of characters) {
          const point = c.codePointAt(0) ?? 0;
          const hex = (digits: number): string => point.toString(16).padStart(digits, '0');
          if (how === 'x' && point < 0x100) written.put(c, `\\x${hex(2)}`);
          else if (how === 'u' && point < 0x10000) written.put(c, `\\u${hex(4)}`);
          else if (how === 'raw' && c === '\n') written.put(c, '\\n');
          else if (how === 'raw' && (c === '"' || c === '\\')) written.put(c, `\\${c}`);
          else if (how === 'raw' && /^[a-z0-9\u{1F600}é ]$/iu.test(c)) written.raw(c);
          else written.put(c, `\\U${hex(8)}`);
        }
        written.skip('"');
        check(written);
      }),
      { numRuns: 500 },
    );
  });

  test('in double quotes over several lines', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), joins, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), (lines, how, continued) => {
        const written = new Written('a: "');
        const write = (text: string): void => {
          for (const c of text) {
            if (c === '"' || c === '\\') written.put(c, `\\${c}`);
            else if (c === '\t') written.put(c, '\\t');
            else written.raw(c);
          }
        };
        flowLines(written, lines, how, (text) => {
          write(text);
          if (continued[lines.indexOf(text)] === true) {
            written.skip('\\\n  ');
            write('x');
          }
        });
        written.skip('"');
        check(written);
      }),
      { numRuns: 500 },
    );
  });

  test('in single quotes', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), joins, (lines, how) => {
        const written = new Written("a: '");
        flowLines(written, lines, how, (text) => {
          for (const c of text) {
            if (c === "'") written.put(c, "''");
            else written.raw(c);
          }
        });
        written.skip("'");
        check(written);
      }),
      { numRuns: 500 },
    );
  });

  test('in plain scalars', () => {
    fc.assert(
      fc.property(fc.array(plainLine, { minLength: 1, maxLength: 5 }), joins, (lines, how) => {
        const written = new Written('a: ');
        flowLines(written, lines, how, (text) => written.raw(text));
        check(written);
      }),
      { numRuns: 500 },
    );
  });

  const blockLine = fc.record({ indent: fc.constantFrom('', '', '', ' ', '   ', '\t'), text: line, blanks: fc.constantFrom(0, 0, 0, 1, 2), end: lineEnd });
  const block = fc.record({
    leading: fc.nat(2),
    lines: fc.array(blockLine, { minLength: 1, maxLength: 6 }),
    chomping: fc.constantFrom('', '-', '+'),
    comment: fc.constantFrom('', ' # not | text', '  '),
  });

  test('in literal block scalars', () => {
    fc.assert(
      fc.property(block, ({ leading, lines, chomping, comment }) => {
        const written = new Written(`a: |2${chomping}${comment}\n`);
        for (let i = 0; i < leading; i++) written.put('\n', '\n');
        lines.forEach(({ indent, text, blanks, end }, i) => {
          written.skip('  ');
          written.raw(indent + text);
          const last = i === lines.length - 1;
          const ends = (last ? 0 : blanks) + 1;
          for (let n = 0; n < ends; n++) {
            if (last && (chomping === '-' )) written.skip(end);
            else written.put('\n', end);
          }
        });
        checkBlock(written);
      }),
      { numRuns: 500 },
    );
  });

  test('in folded block scalars', () => {
    fc.assert(
      fc.property(block, ({ leading, lines, chomping, comment }) => {
        const written = new Written(`a: >2${chomping}${comment}\n`);
        for (let i = 0; i < leading; i++) written.put('\n', '\n');
        lines.forEach(({ indent, text, blanks, end }, i) => {
          written.skip('  ');
          written.raw(indent + text);
          const next = lines[i + 1];
          if (next === undefined) {
            if (chomping === '-') written.skip(end);
            else written.put('\n', end);
          } else if (indent === '' && next.indent === '') {
            if (blanks === 0) written.put(' ', end);
            else written.skip(end);
            for (let n = 0; n < blanks; n++) written.put('\n', end);
          } else {
            for (let n = 0; n <= blanks; n++) written.put('\n', end);
          }
        });
        checkBlock(written);
      }),
      { numRuns: 500 },
    );
  });

  /** Block scalars bring their own line end. */
  function checkBlock(written: Written): void {
    const source = `${written.source}z: end\n`;
    const result = parseYaml(source);
    expect(result.problems).toEqual([]);
    const root = result.documents[0];
    const scalar = (root?.kind === 'mapping' ? root.pairs[0]?.value : undefined) as YamlScalar;
    expect(scalar.text).toBe(written.text);
    written.origins.forEach((origin, i) => expect(scalar.sourceRange({ start: i, end: i + 1 })).toEqual(origin));
  }
});

const soupPiece = fc.constantFrom('a', 'b c', ': ', '- ', '\n', '\n', '\r\n', '\r', '  ', ' ', '\t', '|', '>', '|+\n', '>-\n  ', '|2\n', '{', '}', '[', ']', ', ', '"', "'", '\\', '\\n', '#', '&a ', '*a', '? ', '---\n', '\n  ', '\n    ', '"x\n  y"', "'it''s'", 'k: ', '<<: ', '1', 'null', '~');
const soup = fc.array(soupPiece, { maxLength: 30 }).map((pieces) => pieces.join(''));

describe('against js-yaml itself', () => {
  test('the map of any scalar is as long as its text, and copies what it copies', () => {
    fc.assert(
      fc.property(fc.tuple(fc.constantFrom('', 'a: |\n  ', 'a: >\n  ', 'a: >+\n ', 'a: "', "a: '", 'a: ', '- '), soup), ([prefix, rest]) => {
        const source = prefix + rest;
        let events;
        try {
          events = parseEvents(source, {});
        } catch {
          return;
        }
        const result = parseYaml(source);
        const texts: YamlScalar[] = [];
        for (const document of result.documents) walkAll(document, (scalar) => texts.push(scalar));
        for (const scalar of texts) {
          let before = 0;
          for (let i = 0; i < scalar.text.length; i++) {
            const range = scalar.sourceRange({ start: i, end: i + 1 });
            const written = source.slice(range.start, range.end);
            const decoded = scalar.text.charAt(i);
            expect(range.start).toBeGreaterThanOrEqual(before);
            before = range.start;
            if (decoded === '\n') expect(['\n', '\r\n', '\r', '\\n', '']).toContain(written);
            else if (written !== decoded) expect(decoded === ' ' ? /^(\r\n?|\n|\\ )$/ : /^(\\.|'')/).toSatisfy((pattern: RegExp) => pattern.test(written));
          }
        }
        for (const event of events) if (event.type === EVENT_ID.SCALAR) expect(mapOffsets(source, event).length).toBe(getScalarValue(source, event).length);
      }),
      { numRuns: 5000 },
    );
  });

  test('documents have the same data', () => {
    const schema = CORE_SCHEMA.withTags(mergeTag);
    fc.assert(
      fc.property(soup, (source) => {
        let expected: unknown;
        try {
          expected = load(source, { schema });
        } catch {
          return;
        }
        const result = parseYaml(source);
        // js-yaml can't say such keys in an object: it writes null as `null` and joins collections.
        if (hasOddKeys(result.documents[0] as YamlNode)) return;
        expect(result.problems).toEqual([]);
        expect(toPlain(result.documents[0] as YamlNode)).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });
});

function walkAll(root: YamlNode, visit: (scalar: YamlScalar) => void): void {
  walk(root, (node) => {
    if (node.kind === 'scalar') visit(node);
    if (node.kind === 'mapping') for (const pair of node.pairs) if (pair.key.kind === 'scalar') visit(pair.key);
  });
}

function hasOddKeys(root: YamlNode): boolean {
  let found = false;
  walk(root, (node) => {
    if (node.kind === 'mapping') for (const { key } of node.pairs) found ||= key.kind !== 'scalar' || key.value === null;
  });
  return found;
}
