import type { YamlNode } from '../../syntax/yaml-node.js';
import type { TriggerValue } from '../schema.js';
import { eventModel } from './events.js';
import { entries, textsOf, valueOf } from './tree.js';

/** One event of `on:`, with the node that it is written as. */
export interface WrittenTrigger {
  readonly value: TriggerValue;
  /** The event's name in the file. */
  readonly name: YamlNode;
  /** Its settings, where it has any. */
  readonly settings: YamlNode | undefined;
}

/** Reads `on:` in all its forms: one event, a list of events, a mapping of events to settings. */
export function readTriggers(on: YamlNode | undefined): WrittenTrigger[] {
  if (on === undefined) return [];
  if (on.kind === 'scalar') return on.text.trim() === '' ? [] : [trigger(on, on.text, undefined)];
  if (on.kind === 'sequence') {
    return on.items.flatMap(({ value }) => (value.kind === 'scalar' ? [trigger(value, value.text, undefined)] : readTriggers(value)));
  }
  const triggers: WrittenTrigger[] = [];
  for (const [event, settings, pair] of entries(on)) triggers.push(trigger(pair.key, event, settings));
  return triggers;
}

function trigger(name: YamlNode, written: string, settings: YamlNode | undefined): WrittenTrigger {
  const event = written.trim();
  const types = textsOf(valueOf(settings, 'types'));
  const model = eventModel(event, types);
  return {
    name,
    settings,
    value: {
      event,
      by: model.by,
      privileged: model.privileged,
      types,
      branches: filters(settings, 'branches'),
      tags: filters(settings, 'tags'),
      paths: filters(settings, 'paths'),
      workflows: textsOf(valueOf(settings, 'workflows')),
      implied: false,
    },
  };
}

/** A filter and its `-ignore` form, whose patterns are negated as in the platform's own `!` patterns. */
function filters(settings: YamlNode | undefined, name: string): string[] {
  const ignored = textsOf(valueOf(settings, `${name}-ignore`)).map((pattern) => `!${pattern}`);
  return [...textsOf(valueOf(settings, name)), ...ignored];
}
