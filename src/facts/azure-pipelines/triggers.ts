import type { TriggerSource } from '../pipeline/index.js';
import type { SourceRange } from '../../core/index.js';
import { CALLED, MANUAL, PR, PUSH, RESOURCE, SCHEDULE } from './predefined.js';
import { entriesOf, type Entry, find, itemsOf, textsOf } from './tree.js';

/** What starts a pipeline, with where it is written. */
export interface WrittenTriggers {
  readonly triggers: readonly TriggerSource[];
  readonly places: Readonly<Record<string, SourceRange>>;
}

/** Whether something only a whole pipeline has stands at the top. */
export function hasTriggers(root: readonly Entry[]): boolean {
  return ['trigger', 'pr', 'schedules', 'resources', 'extends'].some((name) => find(root, name) !== undefined);
}

/**
 * `trigger`, `pr`, `schedules` and the triggers of `resources`. Without `trigger` every push starts it, without `pr`
 * every pull request of a repository on GitHub or Bitbucket, those of forks included, which get no secrets and a token
 * that only reads unless a project's settings say otherwise.
 * https://learn.microsoft.com/azure/devops/pipelines/repos/github#pr-triggers
 */
export function readTriggers(root: readonly Entry[]): WrittenTriggers {
  const triggers: TriggerSource[] = [];
  const places: Record<string, SourceRange> = {};
  const add = (trigger: TriggerSource, entry: Entry | undefined): void => {
    if (entry !== undefined) places[`triggers.${triggers.length}`] = entry.key.range;
    triggers.push(trigger);
  };
  const pr = find(root, 'pr');
  if (!isNone(pr)) add({ event: PR, by: 'attacker', privileged: false, implied: pr === undefined, ...filters(pr) }, pr);
  const push = find(root, 'trigger');
  if (!isNone(push)) add({ event: PUSH, by: 'collaborator', privileged: false, implied: push === undefined, ...filters(push) }, push);
  const schedules = find(root, 'schedules');
  if (schedules !== undefined) add({ event: SCHEDULE, by: 'trusted', privileged: false }, schedules);
  const resources = find(root, 'resources');
  if (resources !== undefined && resourceTriggers(resources)) add({ event: RESOURCE, by: 'collaborator', privileged: false }, resources);
  add({ event: MANUAL, by: 'operator', privileged: false, implied: true }, undefined);
  return { triggers, places };
}

/** What starts a template that no file of the repository uses. */
export const UNKNOWN_CALLER: TriggerSource = { event: CALLED, by: 'unknown', privileged: false };

function isNone(entry: Entry | undefined): boolean {
  return entry?.value.kind === 'scalar' && /^(?:none|false)$/i.test(entry.value.text.trim());
}

function filters(entry: Entry | undefined): Pick<TriggerSource, 'branches' | 'tags' | 'paths'> {
  if (entry === undefined) return {};
  if (entry.value.kind === 'sequence') return { branches: textsOf(entry.value) };
  const settings = entriesOf(entry.value);
  const read = (name: string): string[] => {
    const node = find(settings, name)?.value;
    if (node?.kind !== 'mapping') return textsOf(node);
    const inner = entriesOf(node);
    return [...textsOf(find(inner, 'include')?.value), ...textsOf(find(inner, 'exclude')?.value).map((pattern) => `!${pattern}`)];
  };
  return { branches: read('branches'), tags: read('tags'), paths: read('paths') };
}

/** A run of another pipeline, a push to another repository, an image or a package starts it. */
function resourceTriggers(resources: Entry): boolean {
  return entriesOf(resources.value).some(({ value }) => itemsOf(value).some((item) => {
    const trigger = find(entriesOf(item.value), 'trigger');
    return trigger !== undefined && !isNone(trigger);
  }));
}
