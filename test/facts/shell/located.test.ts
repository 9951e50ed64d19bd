import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDocument } from '../../../src/core/index.js';
import { shellFacts } from '../../../src/facts/shell/index.js';
import type { AnyFact, FactOf } from '../../../src/facts/schema.js';
import { shellParser } from '../../syntax/shell/parser.js';

const parser = await shellParser();

const word = fc.constantFrom('a', '"b $c"', "'d e'", '$f', '${g:-h}', '--i=$j', '-xvf', '$(k l)', '"é😀"', 'm\\ n', '> o', '2>> "$p"', '<<< q');
const simple = fc.tuple(fc.constantFrom('echo', 'sudo curl', 'X=1 make', 'eval', 'export Y=2', 'env -u A ./b.sh'), fc.array(word, { maxLength: 5 })).map(([name, words]) => [name, ...words].join(' '));
const line = fc.tuple(simple, fc.constantFrom(' | ', ' && ', '; ', ' || '), simple).map((parts) => parts.join(''));
const script = fc.array(line, { minLength: 1, maxLength: 6 });

function check(facts: readonly AnyFact[], cut: (path: string, fact: AnyFact) => string): void {
  for (const fact of facts) {
    if (fact.kind === 'expansion' || fact.kind === 'secret-use') expect(cut('', fact)).toBe((fact.value as { text: string }).text);
    if (fact.kind !== 'command') continue;
    const { value } = fact as FactOf<'command'>;
    expect(cut('', fact)).toBe(value.text);
    expect(cut('name', fact).endsWith(value.name)).toBe(true);
    value.words.forEach(({ text }, index) => expect(cut(`words.${index}`, fact)).toBe(text));
    value.redirects.forEach(({ operator }, index) => expect(cut(`redirects.${index}`, fact)).toContain(operator));
  }
}

test('in a script file, what is located is what the fact states', () => {
  fc.assert(
    fc.property(script, (lines) => {
      const text = `${lines.join('\n')}\n`;
      const document = createDocument('x.sh', 'shell', text);
      const facts = shellFacts({ document, text, sourceRange: (range) => range, shell: 'bash', parser });
      check(facts, (path, fact) => {
        const { start, end } = fact.locate(path);
        return text.slice(start, end);
      });
    }),
    { numRuns: 200 },
  );
});

test('in a block scalar, what is located is what the fact states', async () => {
  const { parseYaml } = await import('../../../src/syntax/yaml.js');
  const { get } = await import('../../../src/syntax/yaml-query.js');
  fc.assert(
    fc.property(script, (lines) => {
      const file = `run: |\n${lines.map((written) => `    ${written}\n`).join('')}after: x\n`;
      const root = parseYaml(file).documents[0];
      const scalar = root === undefined ? undefined : get(root, 'run')?.value;
      if (scalar?.kind !== 'scalar') throw new Error('no scalar');
      const facts = shellFacts({ document: createDocument('x.yml', 'github-workflow', file), text: scalar.text, sourceRange: (range) => scalar.sourceRange(range), shell: 'bash', parser });
      expect(facts.length).toBeGreaterThan(lines.length);
      check(facts, (path, fact) => {
        const { start, end } = fact.locate(path);
        return file.slice(start, end);
      });
    }),
    { numRuns: 100 },
  );
});
