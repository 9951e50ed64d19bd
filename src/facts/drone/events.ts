import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { itemsOf, textOf, textsOf } from '../common/values.js';
import type { TriggerSource } from '../pipeline/index.js';
import type { ConditionValue } from '../schema.js';

export type Platform = 'drone' | 'woodpecker';

const EVENTS: Readonly<Record<Platform, readonly string[]>> = {
  // https://docs.drone.io/pipeline/triggers/
  drone: ['push', 'pull_request', 'tag', 'promote', 'rollback', 'cron', 'custom'],
  // https://woodpecker-ci.org/docs/usage/workflow-syntax#event
  woodpecker: ['push', 'pull_request', 'pull_request_closed', 'pull_request_metadata', 'tag', 'release', 'deployment', 'cron', 'manual'],
};
const BY_HAND = new Set(['promote', 'rollback', 'custom', 'manual', 'deployment']);

/** The events that `trigger` and `when` let through; undefined where they say nothing of events. */
function eventsOf(when: YamlNode | undefined, platform: Platform): readonly string[] | undefined {
  // A list of filters holds when one of them does.
  const each = when?.kind === 'sequence' ? itemsOf(when) : when === undefined ? [] : [when];
  const found = new Set<string>();
  for (const filter of each) {
    const event = get(filter, 'event')?.value;
    const included = textsOf(event?.kind === 'mapping' ? get(event, 'include')?.value : event);
    const excluded = new Set(textsOf(get(event, 'exclude')?.value));
    if (included.length === 0 && excluded.size === 0) return undefined;
    for (const one of included.length > 0 ? included : EVENTS[platform]) if (!excluded.has(one)) found.add(one);
  }
  return each.length === 0 ? undefined : [...found];
}

/** What starts a pipeline. Pull requests of outsiders run without the secrets, which the platform keeps from them by default. */
export function triggersOf(when: YamlNode | undefined, platform: Platform): TriggerSource[] {
  const filter = when?.kind === 'sequence' ? itemsOf(when)[0] : when;
  return (eventsOf(when, platform) ?? EVENTS[platform]).map((event) => ({
    event,
    by: event.startsWith('pull_request') ? 'attacker' : event === 'cron' ? 'trusted' : BY_HAND.has(event) ? 'operator' : 'collaborator',
    privileged: !event.startsWith('pull_request'),
    branches: listOf(get(filter, 'branch')?.value),
    tags: event === 'tag' ? listOf(get(filter, 'ref')?.value) : [],
    paths: listOf(get(filter, 'paths')?.value ?? get(filter, 'path')?.value),
  }));
}

function listOf(node: YamlNode | undefined): string[] {
  if (node?.kind !== 'mapping') return textsOf(node);
  return [...textsOf(get(node, 'include')?.value), ...textsOf(get(node, 'exclude')?.value).map((text) => `!${text}`)];
}

/** When a step runs. */
export function conditionOf(when: YamlNode | undefined, platform: Platform): Partial<ConditionValue> | undefined {
  if (when === undefined) return undefined;
  const events = eventsOf(when, platform);
  return { text: textOf(when, 'evaluate'), ...(events !== undefined && { present: true, events: [...events] }) };
}
