import { isOfType, nearestHint } from '../core/index.js';
import type { OptionDefinition, PolicyDefinition } from './policy.js';

const TYPE_WORDS: Record<OptionDefinition['type'], string> = {
  string: 'a text',
  strings: 'a list of texts',
  integer: 'a whole number',
  boolean: 'true or false',
};

/** What is wrong with the options that a user set, one sentence each; empty when nothing is. */
export function checkOptions(definition: PolicyDefinition, options: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = [];
  const known = Object.keys(definition.options);
  for (const [name, value] of Object.entries(options)) {
    const option = Object.hasOwn(definition.options, name) ? definition.options[name] : undefined;
    if (option === undefined) {
      const choice = known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}.`;
      problems.push(`Policy \`${definition.id}\` has no option \`${name}\`. ${choice}${nearestHint(name, known)}`);
    } else if (!isOfType(value, option.type)) {
      problems.push(`The option \`${name}\` of policy \`${definition.id}\` must be ${TYPE_WORDS[option.type]}.`);
    }
  }
  return problems;
}
