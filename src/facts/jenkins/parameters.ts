import type { GroovyCall } from '../../syntax/groovy/index.js';
import type { InputSource } from '../pipeline/index.js';
import { argumentOf, contentRange, itemsOf, literalOf } from './values.js';

const TYPES: Readonly<Record<string, string>> = { string: 'string', text: 'text', password: 'password', choice: 'choice', booleanParam: 'boolean', file: 'file', credentials: 'credentials', run: 'run', gitParameter: 'string', extendedChoice: 'string', activeChoice: 'string', validatingString: 'string', listGitBranches: 'string', stashedFile: 'file', base64File: 'file' };

/** One parameter of `parameters { … }` or `parameters([…])`; undefined for other calls. https://www.jenkins.io/doc/book/pipeline/syntax/#parameters */
export function readParameter(call: GroovyCall): InputSource | undefined {
  const type = Object.hasOwn(TYPES, call.name) ? (TYPES[call.name] as string) : undefined;
  const written = argumentOf(call, 'name');
  const name = literalOf(written);
  if (type === undefined || written === undefined || name === '') return undefined;
  const fallback = argumentOf(call, 'defaultValue');
  const choices = argumentOf(call, 'choices');
  const values = choices?.kind === 'list' ? itemsOf(choices).map(({ value }) => literalOf(value)) : literalOf(choices).split('\n').filter((line) => line !== '');
  const pattern = literalOf(argumentOf(call, 'regex'));
  return {
    value: {
      name,
      type,
      description: literalOf(argumentOf(call, 'description')),
      hasDefault: fallback !== undefined,
      default: fallback?.kind === 'name' ? fallback.path : literalOf(fallback),
      values,
      pattern,
      restricted: type === 'choice' || type === 'credentials' || type === 'run' || type === 'file',
      secret: type === 'password' || type === 'credentials',
      controlledBy: 'operator',
      delivery: 'environment',
    },
    whole: contentRange(written),
    places: { ...(fallback !== undefined && { default: contentRange(fallback) }), ...(choices !== undefined && { values: choices.range }) },
    templates: [`params.${name}`, name],
    wholePattern: true,
  };
}
