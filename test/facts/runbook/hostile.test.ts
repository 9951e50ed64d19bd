import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDocument, type Format } from '../../../src/core/index.js';
import { readDocuments } from '../../../src/facts/index.js';
import { RUNBOOK_FORMATS } from '../../../src/facts/runbook/index.js';
import { shellParser } from '../../syntax/shell/parser.js';

const shell = await shellParser();

function readAs(format: Format, path: string, text: string) {
  return [...readDocuments([createDocument(path, format, text)], { shell })].flatMap(({ facts, diagnostics }) => {
    for (const fact of facts) {
      const { start, end } = fact.locate();
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(text.length);
      expect(start).toBeLessThanOrEqual(end);
    }
    return diagnostics;
  });
}

const pieces = fc.constantFrom('# Script\n', '```sh\n', '```\n', '- ', 'tasks:\n', '  cmds: [', 'name: x\n', '{', '}', '"', "'", '<job>', '</job>', '<![CDATA[', '&lt;', '&', '${option.x}', '@option.x@', '{{ x }}', '{% if %}', '\t', '\r\n', '\n', 'services:\n', ': ', '[', ']', 'runner_type: local-shell-cmd\n', 'parameters:\n', '$(', '$$', 'echo $X | sh\n', '*a', '&a ', '\u0000', '\uFEFF', '😀', '\uD800', '---\n', 'x := ', 'a:\n', '__proto__: 1\n', 'schemaVersion: "2.2"\n', 'mainSteps:\n');
const text = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

describe('no text makes a reader throw or point outside of the file', () => {
  for (const format of RUNBOOK_FORMATS) {
    for (const path of format === 'rundeck-job' ? ['x.yaml', 'x.xml'] : ['x.yaml']) {
      test(`${format} ${path}`, () => {
        fc.assert(fc.property(text, (written) => void readAs(format, path, written)), { numRuns: 150 });
      });
    }
  }
});

test('broken files say where', () => {
  const at = (format: Format, path: string, written: string) => readAs(format, path, written).map(({ code, region }) => `${code}:${region?.startLine}`);
  expect(at('rundeck-job', 'x.xml', '<joblist>\n<job>\n</joblist>')).toEqual(['xml-syntax:3']);
  expect(at('mise', 'mise.toml', 'a = 1\nb =\n')).toEqual(['toml-syntax:2']);
  expect(at('ssm-document', 'x.yaml', 'schemaVersion: "2.2"\nmainSteps: [\n')).toEqual([expect.stringMatching(/^yaml-syntax:[23]$/)]);
  expect(at('markdown-runbook', 'x.md', '# Runbook\n\n```sh\nls\n')).toEqual(['markdown-fence:3']);
});

test('entities of a document type are not expanded and nothing is fetched', () => {
  const bomb = '<!DOCTYPE joblist [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>\n<joblist><job><name>&b;&f;</name><sequence><command><exec>ls &b;</exec></command></sequence></job></joblist>';
  const document = createDocument('x.xml', 'rundeck-job', bomb);
  const [read] = [...readDocuments([document], { shell })];
  const step = read?.facts.find(({ kind }) => kind === 'runbook-step');
  expect(step?.value).toMatchObject({ run: 'ls &b;' });
  expect(read?.facts.find(({ kind }) => kind === 'runbook')?.value).toMatchObject({ name: '&b;&f;' });
});

test('deep nesting is refused, not followed', () => {
  expect(readAs('rundeck-job', 'x.xml', '<a>'.repeat(50_000)).map(({ code }) => code)).toEqual(['xml-syntax']);
  expect(readAs('mise', 'mise.toml', `a = ${'['.repeat(5_000)}`).map(({ code }) => code)).toEqual(['toml-syntax']);
  expect(readAs('n8n-workflow', 'x.json', '['.repeat(5_000)).map(({ code }) => code)).toEqual(['yaml-limit']);
  readAs('markdown-runbook', 'x.md', '> '.repeat(5_000) + '```sh\nls\n');
});
