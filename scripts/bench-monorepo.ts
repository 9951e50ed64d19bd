import { choice } from './bench-choice.js';
import { workflow } from './bench-workflows.js';

const EXTENSIONS = ['ts', 'tsx', 'js', 'py', 'go', 'java', 'css', 'md', 'json', 'svg', 'png', 'txt', 'lock'] as const;

/** A file of a large repository: one in a hundred is a workflow or a script, the rest sources and data that the policies do not read. */
export function monorepoFile(seed: number, index: number): { readonly path: string; readonly text: string } {
  if (index % 200 === 0) return { path: `.github/workflows/workflow-${index}.yml`, text: workflow(seed, index) };
  const c = choice(seed * 1_000_003 + index);
  const folder = `packages/p${Math.floor(index / 2_000)}/src/m${Math.floor(index / 100) % 20}`;
  if (index % 200 === 100) return { path: `${folder}/run-${index}.sh`, text: `#!/bin/bash\nset -euo pipefail\nnpm ci\nnpm run ${c.of(['build', 'test'])}-${index}\n` };
  return { path: `${folder}/file-${index}.${c.of(EXTENSIONS)}`, text: `${index} ${'lorem ipsum dolor sit amet\n'.repeat(c.between(1, 60))}` };
}
