import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { scan } from '../src/app.js';
import { systemPorts } from '../src/commands/ports.js';
import { renderTerminal } from '../src/report/terminal.js';
import { at, scalarText } from '../src/syntax/yaml-query.js';
import { parseYaml } from '../src/syntax/yaml.js';

const EXAMPLE = 'examples/vulnerable';

/**
 * The README with its generated parts made anew: the scan of the example, by the built-in policies alone so that
 * it is the same everywhere, and the tables of inputs and outputs. Throws when a marker is missing.
 */
export async function readme(root: string): Promise<string> {
  let text = readFileSync(join(root, 'README.md'), 'utf8');
  text = replacePart(text, 'scan of examples/vulnerable', 'end of scan', `\`\`\`\n$ node dist/cli.js scan ${EXAMPLE} --no-external\n${await exampleScan(root)}\`\`\``);
  return replacePart(text, 'inputs and outputs', 'end of inputs and outputs', inputsAndOutputs(readFileSync(join(root, 'action.yml'), 'utf8')));
}

async function exampleScan(root: string): Promise<string> {
  // A clock that stands still: the times of one machine on one day are no documentation.
  const ports = { ...systemPorts(join(root, EXAMPLE), process.env['PATH'] ?? ''), now: () => 0 };
  const report = await scan({ overrides: { source: 'flag', values: { external: false } }, reproduce: `bartizan scan ${EXAMPLE} --no-external` }, ports);
  return renderTerminal(report, { color: false, width: 100, height: 48, all: false });
}

function inputsAndOutputs(action: string): string {
  const root = parseYaml(action).documents[0];
  const names = (section: string): { name: string; description: string }[] => {
    const mapping = root === undefined ? undefined : at(root, [section]);
    if (mapping?.kind !== 'mapping') throw new Error(`action.yml has no ${section}`);
    return mapping.pairs.map(({ key, value }) => ({
      name: scalarText(key) ?? '',
      description: scalarText(at(value, ['description']) ?? value) ?? '',
    }));
  };
  return [
    '| input | |',
    '|---|---|',
    ...names('inputs').map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`),
    '',
    '| output | |',
    '|---|---|',
    ...names('outputs').map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`),
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();
}

function replacePart(text: string, from: string, to: string, part: string): string {
  const start = new RegExp(`<!-- ${from}: [^>]*-->\n`).exec(text);
  const end = text.indexOf(`<!-- ${to} -->`);
  if (start === null || end < start.index) throw new Error(`README.md has no part "${from}".`);
  return `${text.slice(0, start.index + start[0].length)}\n${part}\n\n${text.slice(end)}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
  const text = await readme(root);
  const path = join(root, 'README.md');
  if (process.argv.includes('--check')) {
    const current = readFileSync(path, 'utf8') === text;
    process.stdout.write(current ? 'README.md is up to date\n' : 'README.md: a generated part differs. Run npm run generate and commit the result.\n');
    process.exitCode = current ? 0 : 1;
  } else {
    writeFileSync(path, text);
    process.stdout.write('wrote README.md\n');
  }
}
