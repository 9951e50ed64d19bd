import { resolve } from 'node:path';
import { renderConfigTemplate, renderWorkflowTemplate } from '../config/templates.js';
import { createFile } from '../io/new-file.js';
import type { CommandContext } from './index.js';

/** `init`: writes the two files where there is none; an existing file is never touched. */
export async function init(path: string, context: CommandContext): Promise<void> {
  const root = resolve(context.directory, path);
  const files: [string, string][] = [
    ['.bartizan.yml', renderConfigTemplate()],
    ['.github/workflows/bartizan.yml', renderWorkflowTemplate()],
  ];
  for (const [name, text] of files) {
    const written = createFile(root, name, text);
    await context.out.write(written ? `wrote    ${name}\n` : `kept     ${name} (it exists)\n`);
  }
  await context.out.write('Next: read both files, fill in the two digests, and run `bartizan scan .`\n');
}
