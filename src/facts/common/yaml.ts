import type { YamlLimits, YamlNode } from '../../syntax/yaml-node.js';
import { parseYaml } from '../../syntax/yaml.js';
import { problem, type ReadContext } from './context.js';

/** JSON of notebooks and exported workflows is larger than what people write. */
const LARGE: Partial<YamlLimits> = { maxLength: 5_000_000, maxNodes: 400_000 };

/** The documents of a YAML or JSON file; what can not be read is said with its line. */
export function readYamlDocuments(context: ReadContext): readonly YamlNode[] {
  const { path, text, format } = context.document;
  const { documents, problems } = parseYaml(text, /\.(?:json|ipynb)$/i.test(path) ? LARGE : {});
  // Files of applications are read for what runbooks need of them; that one is broken is their own tools' business.
  const minor = format === 'kubernetes' || format === 'compose';
  for (const one of problems) problem(context, one.code, one.message, one.range, minor || one.code === 'yaml-duplicate-key' ? 'warning' : 'error');
  return documents;
}
