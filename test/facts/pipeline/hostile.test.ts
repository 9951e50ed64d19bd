import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDocument, type Format } from '../../../src/core/index.js';
import { pathParts, recogniseByContent, recogniseByPath } from '../../../src/discover/recognise.js';
import { takeMarkers } from '../../../src/engine/examples.js';
import { loadPolicies } from '../../../src/engine/load.js';
import { declarationsFromSchemas } from '../../../src/facts/declarations.js';
import { readDocuments } from '../../../src/facts/index.js';
import { PIPELINE_READERS } from '../../../src/facts/pipeline-readers.js';
import { FACT_SCHEMAS } from '../../../src/facts/schema.js';
import { shellParser } from '../../syntax/shell/parser.js';

/*
 * Whatever a pipeline's file holds, reading it ends, throws nothing, points into the file and says what could not be
 * read. The files are those of the policies' examples, cut off anywhere, and texts made of what these formats are made of.
 */

const shell = await shellParser();
const FORMATS = Object.keys(PIPELINE_READERS) as Format[];

function readAs(format: Format, path: string, text: string) {
  return [...readDocuments([createDocument(path, format, text)], { shell })].flatMap(({ facts, diagnostics }) => {
    for (const fact of facts) {
      FACT_SCHEMAS[fact.kind].parse(fact.value);
      const { start, end } = fact.locate();
      expect(start).toBeGreaterThanOrEqual(0);
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(text.length);
      // What a script's command or an expansion says it is stands where it points to, line ends and indentation aside.
      if (fact.kind === 'expansion' && fact.value.text !== '' && !text.includes('\\') && !text.includes("''")) {
        expect(text.slice(start, end).replace(/\s+/g, '')).toBe(fact.value.text.replace(/\s+/g, ''));
      }
    }
    return diagnostics;
  });
}

const sources = readdirSync('policies', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('policy.yaml'))
  .map((path) => ({ path: `policies/${path}`, text: readFileSync(`policies/${path}`, 'utf8'), builtin: true }));
const examples = loadPolicies(sources, declarationsFromSchemas()).policies.flatMap(({ definition }) =>
  definition.examples.flatMap(({ files }) =>
    Object.entries(files).flatMap(([path, marked]) => {
      const text = marked.split('\n').map((line) => takeMarkers(line).rest).join('\n');
      const parts = pathParts(path);
      const format = (recogniseByPath(parts) ?? recogniseByContent(parts, false, text))?.format;
      return format === undefined || !FORMATS.includes(format) ? [] : [{ format, path, text }];
    }),
  ),
);

describe('examples of policies, cut off anywhere', () => {
  for (const format of FORMATS) {
    const own = examples.filter((example) => example.format === format);
    if (own.length === 0) continue;
    test(format, () => {
      const cut = fc.constantFrom(...own).chain((example) => fc.tuple(fc.constant(example), fc.nat({ max: example.text.length })));
      fc.assert(fc.property(cut, ([{ path, text }, length]) => void readAs(format, path, text.slice(0, length))), { numRuns: 200 });
    });
  }
});

const pieces = fc.constantFrom('a:\n', '  script: ', '- ', '  - ', 'b: &x\n', '*x', '<<: *x\n', '!reference [a, script]', 'extends: a\n', '  extends: [a, b]\n', 'include: /x.yml\n', 'image: ', 'node:24\n', '"', "'", '|\n', '    eval $CI_COMMIT_MESSAGE\n', '$[[ inputs.x ]]', '${{ x }}', '$(x)', '<< x >>', '{{x}}', '[', ']', '{', '}', ', ', 'variables:\n', '  A: 1\n', 'rules:\n', 'if: $X == "y"\n', 'steps:\n', 'jobs:\n', 'spec:\n', '---\n', 'inputs:\n', '\t', '\r\n', '\n', ': ', '\u0000', '\uFEFF', '😀', '\uD800', '__proto__: 1\n', 'env: A=1 B="2\n', 'secure: x\n', 'pipeline {', 'sh "x ${params.y}"\n', 'kind: pipeline\n', 'version: 2.1\n', 'trigger: x\n');
const text = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

describe('no text makes a reader throw or point outside of the file', () => {
  for (const format of FORMATS) {
    test(format, () => {
      fc.assert(fc.property(text, (written) => void readAs(format, 'x.yml', written)), { numRuns: 150 });
    });
  }
});

test('a file that can not be read says so once, with its line', () => {
  for (const format of FORMATS) {
    if (format === 'jenkinsfile') continue;
    expect(readAs(format, 'x.yml', 'a: b\nc: [\n').map(({ code, region }) => `${code}:${region?.startLine}`), format).toEqual([expect.stringMatching(/^yaml-syntax:[23]$/)]);
  }
});
