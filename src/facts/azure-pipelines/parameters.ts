import { contentOf } from '../common/values.js';
import type { InputSource } from '../pipeline/index.js';
import type { FactValue } from '../schema.js';
import { type Entry, entriesOf, find, itemsOf, textIn, textsOf } from './tree.js';

type Controller = FactValue<'expansion'>['controlledBy'];

/** Types whose values are parts of the file, or chosen from what a project has: no text of a script. */
const CLOSED = /^(?:step|stepList|job|jobList|deployment|deploymentList|stage|stageList|pool|secureFile|serviceConnection|environment|container|containerList)$/i;

/**
 * Reads `parameters:`, a list with types or, in older templates, a mapping of names to defaults.
 * https://learn.microsoft.com/azure/devops/pipelines/process/runtime-parameters
 * @param controls who fills a parameter
 */
export function readParameters(entry: Entry | undefined, controls: (name: string) => Controller): InputSource[] {
  if (entry === undefined) return [];
  const inputs: InputSource[] = [];
  for (const { name, key, value } of entriesOf(entry.value)) {
    const text = value.kind === 'scalar' ? value.text : '';
    inputs.push({
      value: { name, type: value.kind === 'scalar' ? 'string' : 'object', hasDefault: true, default: text, controlledBy: controls(name) },
      whole: key.range,
      places: { default: contentOf(value) },
      templates: [`parameters.${name}`],
    });
  }
  for (const { value: item } of itemsOf(entry.value)) {
    const entries = entriesOf(item);
    const name = textIn(entries, 'name');
    const named = find(entries, 'name');
    if (named === undefined || name === '') continue;
    const type = textIn(entries, 'type') || 'string';
    const fallback = find(entries, 'default');
    const values = find(entries, 'values');
    inputs.push({
      value: {
        name,
        type,
        description: textIn(entries, 'displayName'),
        required: fallback === undefined,
        hasDefault: fallback !== undefined,
        default: textIn(entries, 'default'),
        values: textsOf(values?.value),
        restricted: values !== undefined || CLOSED.test(type),
        controlledBy: controls(name),
      },
      whole: contentOf(named.value),
      places: { default: fallback === undefined ? undefined : contentOf(fallback.value), type: find(entries, 'type')?.key.range, values: values?.key.range },
      templates: [`parameters.${name}`],
    });
  }
  return inputs;
}
