import type { SourceRange } from '../core/index.js';
import type { YamlLimits, YamlResult } from './yaml-node.js';
import { parseYaml } from './yaml.js';

/**
 * Reads YAML that is a part of another file, such as front matter or a fenced block that starts at the
 * beginning of a line. All places are places in the whole text.
 */
export function parseYamlPart(text: string, part: SourceRange, limits: Partial<YamlLimits> = {}): YamlResult {
  return parseYaml(text.slice(0, part.start).replace(/[^\r\n]/g, ' ') + text.slice(part.start, part.end), limits);
}
