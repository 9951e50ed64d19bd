import { pathParts, recogniseByContent, recogniseByPath } from '../src/discover/recognise.js';
import { PLATFORM_OF } from '../src/discover/pipeline-formats.js';
import { claimedPlatforms, platformsOfExamples, type PlatformOfFile } from '../src/engine/claims.js';
import type { Policy } from '../src/engine/index.js';
import { takeMarkers } from '../src/engine/examples.js';

/** The platform of a file of an example, as discovery tells it. */
export const platformOfFile: PlatformOfFile = (path, marked) => {
  const text = marked.split('\n').map((line) => takeMarkers(line).rest).join('\n');
  const parts = pathParts(path);
  const format = (recogniseByPath(parts) ?? recogniseByContent(parts, false, text))?.format;
  return format === undefined ? '' : (PLATFORM_OF[format] ?? '');
};

/** All platforms, GitHub first. */
export const PLATFORMS: readonly string[] = [...new Set(Object.values(PLATFORM_OF))];

/** Page with one row for each policy on pipelines and scripts, and one column for each platform. */
export function platformMatrix(policies: readonly Policy[], link: (id: string) => string): string {
  const rows = policies
    .map(({ definition }) => ({ definition, claimed: claimedPlatforms(definition, platformOfFile) }))
    .filter(({ definition, claimed }) => claimed.length > 0 || definition.id.startsWith('pipeline/'))
    .map(({ definition, claimed }) => {
      const cleared = new Set(platformsOfExamples(definition, 'pass', platformOfFile));
      const cells = PLATFORMS.map((platform) => (claimed.includes(platform) ? (cleared.has(platform) ? '✓✓' : '✓') : definition.platforms.length === 0 || definition.platforms.includes(platform) ? '·' : ''));
      return `| [${definition.id}](${link(definition.id)}) | ${cells.join(' | ')} |`;
    });
  return [
    '# Policies by platform',
    '`✓` reported, shown by an example that a test runs; `✓✓` and an example of what is not reported there; `·` judged wherever the same facts are stated, without an example of its own; empty: the idea does not exist there.',
    [`| policy | ${PLATFORMS.join(' | ')} |`, `|---|${PLATFORMS.map(() => ':-:').join('|')}|`, ...rows].join('\n'),
  ].join('\n\n') + '\n';
}
