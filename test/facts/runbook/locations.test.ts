import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read } from './read.js';

/*
 * Scripts are written into every format in every way of writing, and each command and expansion that is
 * found must, cut out of the file and unescaped, be the text that the fact states.
 */

const word = fc.constantFrom('a', 'b-c', '"x y"', "'q'", '$HOME', '"$X"', 'ä€', '😀', '"<&>"', 'k=v', '\\"', '"$(id -u)"', '"tab\\t"');
const command = fc.array(word, { minLength: 0, maxLength: 4 }).map((words) => ['echo', ...words].join(' '));
const script = fc.array(command, { minLength: 1, maxLength: 5 });

type Write = (lines: readonly string[]) => { readonly path: string; readonly text: string };
type Decode = (written: string) => string;

const same: Decode = (written) => written;
const unJson: Decode = (written) => JSON.parse(`"${written}"`) as string;
const indent = (lines: readonly string[], by: string): string => lines.map((line) => by + line).join('\n');
const json = (text: string): string => JSON.stringify(text).replace(/[<>]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/ä/g, '&#xE4;').replace(/"/g, '&quot;');
const unXml: Decode = (written) => written.replace(/&quot;/g, '"').replace(/&#xE4;/g, 'ä').replace(/&lt;/g, '<').replace(/&amp;/g, '&');
const stage0 = (fence: string): string => `# Demo\n\n# Environment Requirements\n\`\`\`yaml\nX: x\n\`\`\`\n\n# File System Requirements\n\n# Script\n${fence}\n\n# History\n`;
const rundeck = (step: string): string => `- name: x\n  sequence:\n    commands:\n${step}\n`;

const FORMATS: Readonly<Record<string, { readonly write: Write; readonly decode: Decode }>> = {
  'fence of a stage0 runbook': { write: (lines) => ({ path: 'Demo.md', text: stage0(`\`\`\`sh\n${lines.join('\n')}\n\`\`\``) }), decode: same },
  'fence with CR LF': { write: (lines) => ({ path: 'Demo.md', text: stage0(`\`\`\`sh\n${lines.join('\n')}\n\`\`\``).replace(/\n/g, '\r\n') }), decode: same },
  'unclosed fence in a list and a quotation': { write: (lines) => ({ path: 'runbooks/x.md', text: `# Runbook\n\n1. do\n   > ~~~bash\n${indent(lines, '   > ')}\n` }), decode: same },
  'terminal session': { write: (lines) => ({ path: 'runbooks/x.md', text: `# Runbook\n\n\`\`\`console\n${lines.map((line) => `user@host:~$ ${line}\noutput (of it`).join('\n')}\n\`\`\`\n` }), decode: same },
  'literal block': { write: (lines) => ({ path: 'job.yaml', text: rundeck(`    - script: |-\n${indent(lines, '        ')}`) }), decode: same },
  'double-quoted scalar': { write: (lines) => ({ path: 'job.yaml', text: rundeck(`    - script: ${json(lines.join('\n'))}`) }), decode: unJson },
  'single-quoted scalar': { write: ([line = '']) => ({ path: 'job.yaml', text: rundeck(`    - exec: '${line.replaceAll("'", "''")}'`) }), decode: (written) => written.replaceAll("''", "'") },
  'folded block': { write: ([line = '']) => ({ path: 'job.yaml', text: rundeck(`    - exec: >-\n        ${line}`) }), decode: same },
  'list of lines in JSON': {
    write: (lines) => ({ path: 'documents/x.json', text: `{"schemaVersion":"2.2","mainSteps":[{"action":"aws:runShellScript","name":"r","inputs":{"runCommand":[\n\t${lines.map(json).join(',\n\t')}]}}]}` }),
    decode: unJson,
  },
  'text of an XML element': { write: (lines) => ({ path: 'job.xml', text: `<joblist>\n <job><name>x</name><sequence><command><script>${xml(lines.join('\n'))}</script></command></sequence></job>\n</joblist>` }), decode: unXml },
  'CDATA section': { write: (lines) => ({ path: 'job.xml', text: `<joblist><job><name>x</name><sequence><command><script><![CDATA[${lines.join('\r\n')}]]></script></command></sequence></job></joblist>` }), decode: same },
  'recipe of make': { write: (lines) => ({ path: 'Makefile', text: `all:\n${lines.map((line) => `\t@${line.replaceAll('$', '$$$$')}`).join('\n')}\n` }), decode: (written) => written.replaceAll('$$', '$') },
  'recipe of just': { write: (lines) => ({ path: 'justfile', text: `all:\n${indent(lines, '    @')}\n` }), decode: same },
  'basic string in TOML': { write: (lines) => ({ path: 'mise.toml', text: `[tasks.x]\nrun = ${json(lines.join('\n'))}\n` }), decode: unJson },
  'multi-line literal string in TOML': { write: (lines) => ({ path: 'mise.toml', text: `[tasks]\nx = '''\n${lines.join('\n')}\n'''\n` }), decode: same },
  'cell of a notebook': { write: (lines) => ({ path: 'runbooks/x.ipynb', text: `{"cells":[{"cell_type":"code","source":[${['%%bash', ...lines].map((line) => json(`${line}\n`)).join(', ')}]}]}` }), decode: unJson },
  'task of xec': { write: (lines) => ({ path: '.xec/config.yaml', text: `tasks:\n  x:\n    command: |\n${indent(lines, '      ')}\n` }), decode: same },
};

describe('what is cut out of the file is what the fact states', () => {
  for (const [name, { write, decode }] of Object.entries(FORMATS)) {
    test(name, () => {
      fc.assert(
        fc.property(script, (lines) => {
          const { path, text } = write(lines);
          const found = read(path, text);
          const commands = found.of('command').filter(({ value }) => value.name === 'echo');
          expect(commands.length).toBeGreaterThan(0);
          for (const fact of commands) {
            expect(decode(found.at(fact))).toBe(fact.value.text);
            fact.value.words.forEach((one, index) => expect(decode(found.at(fact, `words.${index}`))).toBe(one.text));
          }
          for (const fact of found.of('expansion')) if (fact.value.sink !== 'output') expect(decode(found.at(fact))).toBe(fact.value.text);
        }),
        { numRuns: 60 },
      );
    });
  }
});

test('templates are located inside escapes', () => {
  const found = read('documents/x.json', '{"schemaVersion":"2.2","parameters":{"N":{"type":"String"}},"mainSteps":[{"action":"aws:runShellScript","name":"r","inputs":{"runCommand":["echo \\"a\\u0062 {{ N }}\\""]}}]}');
  const [expansion] = found.of('expansion');
  expect(expansion?.value).toMatchObject({ context: 'N', source: 'parameter', controlledBy: 'operator', quoting: 'double', safe: false });
  expect(expansion && found.at(expansion)).toBe('{{ N }}');
});
