import { INPUTS } from './inputs.js';
import { PUBLICATION_INPUTS } from './publication.js';
import { SHARDING_INPUTS } from './sharding.js';

/** One entry below `inputs` in `action.yml`. */
export interface ActionInput {
  readonly description: string;
  readonly default: string;
}

/** The inputs of `action.yml` by name, in order; a test keeps the file equal to them. */
export function actionInputs(): Readonly<Record<string, ActionInput>> {
  const settings = INPUTS.map(({ name, description, default: fallback, type, choices }): [string, ActionInput] => {
    const values = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
    const list = type === 'list' ? ' Separated by commas or lines.' : '';
    return [name, { description: `${plain(description)}${values}${list} (${fallback})`, default: '' }];
  });
  const publication = [...PUBLICATION_INPUTS, ...SHARDING_INPUTS].map(({ name, description, default: value, otherwise }): [string, ActionInput] => [
    name,
    { description: `${plain(description)} (${otherwise})`, default: value },
  ]);
  return Object.fromEntries([...settings, ...publication]);
}

/** GitHub shows descriptions of inputs as they are. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
