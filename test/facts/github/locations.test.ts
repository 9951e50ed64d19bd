import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnyFact } from '../../../src/facts/schema.js';
import { readDocuments } from '../../../src/facts/index.js';
import { createDocument } from '../../../src/core/index.js';
import { cut, readOne, shell } from './read.js';

/** A way to write a scalar at an indentation, and how to read what was cut out of it. */
interface Style {
  readonly name: string;
  write(text: string, indent: string): string;
  read(cutOut: string): string;
}

const unindent = (text: string): string => text.replace(/\n +/g, '\n');

const STYLES: readonly Style[] = [
  { name: 'plain', write: (text) => text, read: (text) => text },
  { name: 'single', write: (text) => `'${text.replaceAll("'", "''")}'`, read: (text) => text.replaceAll("''", "'") },
  { name: 'double', write: (text) => JSON.stringify(text), read: (text) => JSON.parse(`"${text}"`) as string },
  { name: 'literal', write: (text, indent) => `|\n${indent}  ${text}`, read: unindent },
  { name: 'folded', write: (text, indent) => `>-\n${indent}  ${text}`, read: unindent },
  { name: 'anchored', write: (text) => `&a${text.length} '${text.replaceAll("'", "''")}'`, read: (text) => text.replaceAll("''", "'") },
];

const style = fc.constantFrom(...STYLES);
/** Words that need no quoting as plain scalars, with characters beyond the basic plane among them. */
const word = fc.stringMatching(/^[a-z][a-z0-9/_.]{0,12}$/).filter((text) => !['true', 'false', 'null', 'inf', 'y', 'n', 'no', 'yes'].includes(text));
const words = fc.array(fc.oneof({ weight: 4, arbitrary: word }, fc.constantFrom('é', '𝒳', '${{ github.ref }}', "${{ github.event.issue.title || 'x' }}")), { minLength: 1, maxLength: 4 }).map((parts) => `w${parts.join(' ')}`);

describe('every located property cut out of the file is its value', () => {
  test('for names, scripts, inputs, variables and conditions in every style', () => {
    fc.assert(
      fc.property(fc.record({ name: words, run: words, env: words, input: words, directory: words, condition: words }), fc.record({ name: style, run: style, env: style, input: style, directory: style, condition: style }), fc.boolean(), (texts, styles, crlf) => {
        const indent = '          ';
        const file = `on: issues
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - name: ${styles.name.write(texts.name, '        ')}
        if: ${styles.condition.write(texts.condition, '        ')}
        working-directory: ${styles.directory.write(texts.directory, '        ')}
        env:
          KEY: ${styles.env.write(texts.env, indent)}
        run: ${styles.run.write(texts.run, '        ')}
      - uses: o/r@v1
        with:
          Some-Input: ${styles.input.write(texts.input, indent)}
`;
        const read = readOne(crlf ? file.replaceAll('\n', '\r\n') : file);
        const [first, second] = read.all('step');
        expect(styles.name.read(cut(first!, 'name'))).toBe(texts.name);
        expect(styles.condition.read(cut(first!, 'condition'))).toBe(texts.condition);
        expect(styles.directory.read(cut(first!, 'workingDirectory'))).toBe(texts.directory);
        expect(styles.env.read(cut(first!, 'env.KEY'))).toBe(texts.env);
        expect(styles.run.read(cut(first!, 'run'))).toBe(texts.run);
        expect(styles.input.read(cut(second!, 'inputs.some-input.text'))).toBe(texts.input);
        for (const expansion of read.all('expansion')) {
          expect(unescaped(cut(expansion))).toBe(expansion.value.text);
          expect(unescaped(cut(expansion, 'expression'))).toBe(expansion.value.expression);
          expect(expansion.value.contexts).toContain(cut(expansion, 'context'));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('for references and their parts', () => {
    const owner = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    fc.assert(
      fc.property(owner, owner, fc.option(owner, { nil: undefined }), fc.constantFrom('v1', 'main', 'a'.repeat(40)), fc.constantFrom('', "'", '"'), (user, repository, path, ref, quote) => {
        const slug = path === undefined ? `${user}/${repository}` : `${user}/${repository}/${path}`;
        const read = readOne(`on: push\njobs: { a: { runs-on: x, steps: [ { uses: ${quote}${slug}@${ref}${quote} } ] } }\n`);
        const reference = read.one('reference');
        expect(cut(reference)).toBe(`${slug}@${ref}`);
        for (const part of ['name', 'owner', 'repository', 'path', 'ref'] as const) {
          if (reference.value[part] !== '') expect(cut(reference, part)).toBe(reference.value[part]);
          if (reference.value[part] !== '') expect(cut(read.one('step'), `uses.${part}`)).toBe(reference.value[part]);
        }
      }),
    );
  });
});

/** Quotes inside quotes, as single quoted scalars double them. */
function unescaped(text: string): string {
  return text.replaceAll("''", "'");
}

const PARTS = ['on: pull_request_target', 'jobs:', '  a:', '    runs-on: [self-hosted]', '    steps:', '      - uses: actions/checkout@v4', '        with: { ref: "${{ github.head_ref }}" }', '      - run: |', '          echo ${{ secrets.A }}', '    container: &c { image: node }', '    services: { x: *c }', '  b: *c', '    - x', ': ', '\t', '"', "'", '[', '{', '*a', '&a', '<<: *c', '? y', '---', '%YAML', '\u0000', '${{ (', 'runs:', '  using: composite', '  steps: text', 'updates: []', 'updates: x', 'permissions: [x]', 'env: [a]', 'jobs: []', 'on: { 1: { 2: 3 } }'];

describe('hostile files', () => {
  const all = (text: string): AnyFact[] =>
    (['github-workflow', 'github-action', 'dependabot'] as const).flatMap((format) => [...readDocuments([createDocument('x.yml', format, text)], { shell })].flatMap(({ facts }) => facts));

  test('of any lines never throw, and every location lies in the file', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PARTS), { maxLength: 14 }), (lines) => {
        const text = lines.join('\n');
        for (const fact of all(text)) {
          for (const path of ['', ...Object.keys(fact.value), 'a.b.c', 'inputs.ref', '0', '__proto__', 'constructor']) {
            const { start, end } = fact.locate(path);
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  test('truncated at any character never throw', () => {
    const file = PARTS.slice(0, 12).join('\n');
    for (let end = 0; end <= file.length; end++) expect(() => all(file.slice(0, end))).not.toThrow();
  });

  test('that repeat themselves by aliases stay bounded', () => {
    let text = 'on: push\njobs:\n  a0: &a0 { runs-on: x, steps: [ { run: a } ] }\nl0: &l0 [x, x, x, x, x, x, x, x, x]\n';
    for (let i = 1; i < 12; i++) text += `l${i}: &l${i} [*l${i - 1}, *l${i - 1}, *l${i - 1}, *l${i - 1}, *l${i - 1}, *l${i - 1}, *l${i - 1}, *l${i - 1}]\n`;
    const read = readOne(text);
    expect(read.diagnostics.map(({ code }) => code)).toContain('yaml-limit');
  });
});

describe('wrong structure is said once, with its line, and the rest is read', () => {
  test.each([
    ['steps a string', 'on: push\njobs:\n  a:\n    runs-on: x\n    steps: text\n  b:\n    runs-on: x\n    steps: [ { run: ok } ]\n', 5],
    ['a step a string', 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - text\n      - run: ok\n', 6],
    ['a job a list', 'on: push\njobs:\n  a: [x]\n  b:\n    runs-on: x\n    steps: [ { run: ok } ]\n', 3],
  ])('%s', (_name, text, line) => {
    const read = readOne(text);
    expect(read.diagnostics.map(({ code, region }) => [code, region?.startLine])).toEqual([['pipeline-structure', line]]);
    expect(read.one('step').value.run).toBe('ok');
  });

  test.each([
    ['jobs a list', 'on: push\njobs: [a]\n'],
    ['a list for a file', '- a\n'],
  ])('%s', (_name, text) => {
    expect(readOne(text).diagnostics.map(({ code }) => code)).toEqual(['pipeline-structure']);
  });
});
