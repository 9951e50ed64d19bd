import type { YamlNode } from '../../syntax/yaml-node.js';
import type { ReadContext } from './context.js';

/** At most this many complaints about one file's structure; a file that is something else altogether has thousands. */
const LIMIT = 20;

/** Reports a part whose structure is not what the platform expects. The rest of the file is still read. */
export function structureProblem(context: ReadContext, node: YamlNode, expectation: string): void {
  if (context.diagnostics.length >= LIMIT) return;
  context.diagnostics.push({
    level: 'warning',
    code: 'pipeline-structure',
    message: `${expectation}. This part was not judged; the rest of the file was.`,
    path: context.document.path,
    region: context.document.lines.region(node.range),
  });
}
