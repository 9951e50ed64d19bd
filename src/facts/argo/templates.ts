import { payloadFieldType } from '../github/payload-fields.js';
import type { Origin } from '../github/scope.js';
import { matchTemplates, type TemplateUse } from '../pipeline/index.js';

/*
 * What Argo replaces in texts: `{{inputs.parameters.x}}`, and expressions `{{=inputs.parameters['x']}}`.
 * https://argo-workflows.readthedocs.io/en/latest/variables/
 */

const TAG = /\{\{(=?[^{}]{1,500})\}\}/g;
const NAME = /\b(?:inputs|workflow|steps|tasks|outputs|item|pod|node|retries|lastRetry|cronworkflow)(?:\.[\w-]{1,100}|\[\s{0,5}['"][^'"\]]{1,100}['"]\s{0,5}\]){0,8}/g;
/** Functions of expressions whose result can carry no code. */
const HARMLESS = /^=\s{0,10}(?:asInt|asFloat|len|int|float)\(/;

/** The template tags of a text that name something of Argo; those of Helm and others do not. */
export function templatesOf(text: string): TemplateUse[] {
  if (!text.includes('{{')) return [];
  return matchTemplates(text, TAG, (_, expression) => (HARMLESS.test(expression) ? ['retries'] : namesIn(expression))).filter(({ names }) => names.length > 0);
}

function namesIn(expression: string): string[] {
  if (expression.startsWith('=')) return [...new Set([...expression.matchAll(NAME)].map(([name]) => name.replace(/\[\s{0,5}['"]([^'"\]]{1,100})['"]\s{0,5}\]/g, '.$1')))];
  return /^(?:inputs|workflow|steps|tasks|outputs|item|pod|node|retries|lastRetry|cronworkflow)\b/.test(expression) ? [expression] : [];
}

/** What a name holds that no parameter does. */
export function originOfName(name: string): Origin {
  const origin = (controlledBy: Origin['controlledBy'], type: Origin['type'], source: Origin['source']): Origin => ({ context: name, contexts: [name], source, type, controlledBy, events: [] });
  if (/^(?:steps|tasks)\..*\.outputs\b|^outputs\./.test(name)) return origin('unknown', 'string', 'output');
  if (/^(?:item\b|inputs\.artifacts|workflow\.(?:annotations|labels))/.test(name)) return origin('unknown', 'string', 'matrix');
  return origin('trusted', 'name', 'platform');
}

/** A field of an event that a sensor takes, by its path: `body.pull_request.title`. */
export function eventField(path: string): Origin {
  const parts = path.toLowerCase().split('.');
  return { context: path, contexts: [path], source: 'event', type: payloadFieldType(parts.at(-1) ?? '', parts.at(-2) ?? '') || 'string', controlledBy: 'attacker', events: [] };
}
