import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentAt, contentOf, entriesOf, textOf, textsOf } from '../common/values.js';
import { joinOrigins } from '../github/command-output.js';
import { LITERAL, type Origin } from '../github/scope.js';
import type { InputSource } from '../pipeline/index.js';

/** Parameters of the pipeline, which whoever starts it by hand or by the API fills. */
export function pipelineInputs(root: YamlNode): InputSource[] {
  return [...entriesOf(get(root, 'parameters')?.value)].map(({ name, key, value }) => {
    const type = textOf(value, 'type') || 'string';
    const values = textsOf(get(value, 'enum')?.value);
    return {
      value: { name, type, description: textOf(value, 'description'), hasDefault: get(value, 'default') !== undefined, default: textOf(value, 'default'), values, restricted: values.length > 0 || type === 'boolean' || type === 'integer', controlledBy: 'operator' },
      whole: contentOf(key),
      places: { type: contentAt(value, 'type'), default: contentAt(value, 'default') },
      templates: [`pipeline.parameters.${name}`],
    };
  });
}

/** Where the values of names come from. */
export type OriginOf = (name: string) => Origin;

const REFERENCE = /<<\s{0,20}((?:parameters|pipeline|matrix)\.[\w.-]{1,200})\s{0,20}>>/g;

/** What a value that a caller gives is made of. */
export function originOfNode(node: YamlNode | undefined, originOf: OriginOf): Origin {
  if (node === undefined) return LITERAL;
  const texts = node.kind === 'scalar' ? [node.text] : textsOf(node);
  let origin: Origin = LITERAL;
  for (const text of texts) for (const match of text.matchAll(REFERENCE)) origin = joinOrigins(origin, originOf(match[1] as string));
  return origin;
}

/** The parameters of a job or command as its callers fill them; `calls` are their arguments, with what names hold there. */
export function parameterOrigins(declared: YamlNode | undefined, calls: readonly { readonly given: YamlNode | undefined; readonly originOf: OriginOf }[]): Map<string, Origin> {
  const table = new Map<string, Origin>();
  for (const { name, value } of entriesOf(declared)) {
    const type = textOf(value, 'type') || 'string';
    const fixed: Origin['type'] = type === 'boolean' ? 'boolean' : type === 'integer' ? 'number' : type === 'enum' ? 'choice' : type === 'executor' ? 'name' : 'string';
    let origin: Origin = originOfNode(get(value, 'default')?.value, calls[0]?.originOf ?? (() => LITERAL));
    for (const { given, originOf } of calls) {
      origin = joinOrigins(origin, originOfNode(get(given, name)?.value, originOf));
      // Values of a matrix: `matrix: { parameters: { x: [a, b] } }`.
      const listed = get(get(get(given, 'matrix')?.value, 'parameters')?.value, name)?.value;
      origin = joinOrigins(origin, originOfNode(listed, originOf));
    }
    const key = `parameters.${name}`;
    table.set(key.toLowerCase(), origin.contexts.length === 0 ? { ...LITERAL, source: 'input', type: fixed } : { ...origin, ...(fixed !== 'string' && { type: fixed }), contexts: [key, ...origin.contexts.slice(0, 15)] });
  }
  return table;
}
