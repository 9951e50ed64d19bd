import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { entriesOf } from '../common/values.js';
import type { TriggerSource } from '../pipeline/index.js';

const PREFIX = 'pipelinesascode.tekton.dev/';

/** Annotations of Pipelines as Code, by their names without its prefix. */
export function annotationsOf(document: YamlNode): ReadonlyMap<string, YamlNode> {
  const found = new Map<string, YamlNode>();
  for (const { name, value } of entriesOf(get(get(document, 'metadata')?.value, 'annotations')?.value)) if (name.startsWith(PREFIX)) found.set(name.slice(PREFIX.length), value);
  return found;
}

function text(node: YamlNode | undefined): string {
  return node?.kind === 'scalar' ? node.text : '';
}

/**
 * The events that start a run: those that Pipelines as Code is told of, or whoever creates it by hand.
 * Runs for pull requests have what the namespace has. https://pipelinesascode.com/docs/guide/matchingevents/
 */
export function triggersOfRun(annotations: ReadonlyMap<string, YamlNode>): TriggerSource[] {
  const events = text(annotations.get('on-event'));
  const expression = text(annotations.get('on-cel-expression'));
  const written = `${events} ${expression}`;
  const triggers: TriggerSource[] = [];
  if (/pull_request|merge_request/.test(written)) triggers.push({ event: 'pull_request', by: 'attacker', privileged: true });
  if (/\bpush\b/.test(written)) triggers.push({ event: 'push', by: 'collaborator' });
  if (annotations.has('on-comment')) triggers.push({ event: 'comment', by: 'collaborator' });
  if (triggers.length === 0) triggers.push(expression === '' ? { event: 'create', by: 'operator' } : { event: 'event', by: 'unknown', privileged: false });
  return triggers;
}
