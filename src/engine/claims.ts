import { takeMarkers } from './examples.js';
import type { PolicyDefinition } from './policy.js';

/** Tells the platform of an example's file by its path and text, as a scan would; empty for what is no pipeline. */
export type PlatformOfFile = (path: string, text: string) => string;

/** Platforms that a policy's examples of one kind have files of, those of `fail` with a marked line, in the order of the examples. */
export function platformsOfExamples(definition: PolicyDefinition, kind: 'fail' | 'pass', platformOf: PlatformOfFile): string[] {
  const platforms = new Set<string>();
  for (const example of definition.examples) {
    if (example.kind !== kind) continue;
    for (const [path, text] of Object.entries(example.files)) {
      if (kind === 'fail' && !text.split('\n').some((line) => takeMarkers(line).markers.length > 0)) continue;
      const platform = platformOf(path, text);
      if (platform !== '') platforms.add(platform);
    }
  }
  return [...platforms];
}

/**
 * The platforms that a policy claims to judge: those that it lists; one that lists none judges all of them and claims
 * those that a `fail` example shows.
 */
export function claimedPlatforms(definition: PolicyDefinition, platformOf: PlatformOfFile): readonly string[] {
  return definition.platforms.length > 0 ? definition.platforms : platformsOfExamples(definition, 'fail', platformOf);
}
