import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { itemsOf, textOf, textsOf } from '../common/values.js';
import type { ConditionValue, GuardValue } from '../schema.js';
import { MERGE_REQUEST } from './dialect.js';

/*
 * Which kinds of pipelines a job is in, by `workflow`, `rules`, `only` and `except`. Conditions are looked at by their
 * parts, not evaluated: what can not be told counts as possible.
 * https://docs.gitlab.com/ci/jobs/job_rules/
 */

/** Values of `CI_PIPELINE_SOURCE`, as far as they differ in who starts them. */
export const SOURCES = ['push', MERGE_REQUEST, 'schedule', 'web', 'api', 'trigger', 'pipeline', 'parent_pipeline', 'chat'] as const;
export type Source = (typeof SOURCES)[number];

/** When something runs. */
export interface Runs {
  readonly events: ReadonlySet<Source>;
  /** Only on refs that people with rights alone can write. */
  readonly protectedOnly: boolean;
  readonly guards: readonly GuardValue[];
  /** A person starts it. */
  readonly manual: boolean;
  readonly text: string;
}

const ALL: ReadonlySet<Source> = new Set(SOURCES);
const OTHERS: ReadonlySet<Source> = new Set(SOURCES.filter((source) => source !== MERGE_REQUEST));
const ONLY: Readonly<Record<string, readonly Source[]>> = {
  merge_requests: [MERGE_REQUEST],
  schedules: ['schedule'],
  web: ['web'],
  api: ['api'],
  triggers: ['trigger'],
  pipelines: ['pipeline'],
  chat: ['chat'],
  pushes: ['push'],
  external_pull_requests: [],
  external: [],
};

interface Alternative {
  readonly events: ReadonlySet<Source>;
  readonly isProtected: boolean;
  readonly sameProject: boolean;
}

const SAME_PROJECT = /\$\{?CI_MERGE_REQUEST_SOURCE_PROJECT_(?:PATH|ID|URL)\}?\s{0,20}==\s{0,20}\$\{?CI_(?:MERGE_REQUEST_)?PROJECT_(?:PATH|ID|URL)\b|\$\{?CI_(?:MERGE_REQUEST_)?PROJECT_(?:PATH|ID|URL)\}?\s{0,20}==\s{0,20}\$\{?CI_MERGE_REQUEST_SOURCE_PROJECT_/;
const PROTECTED = /\$\{?CI_COMMIT_REF_PROTECTED\}?\s{0,20}==\s{0,20}["']true|\$\{?CI_COMMIT_(?:BRANCH|REF_NAME)\}?\s{0,20}==\s{0,20}\$\{?CI_DEFAULT_BRANCH|\$\{?CI_DEFAULT_BRANCH\}?\s{0,20}==\s{0,20}\$\{?CI_COMMIT_(?:BRANCH|REF_NAME)/;
const MAX_CONDITION = 4_000;

/** The alternatives of a condition, each a conjunction; one that says nothing where groups make it unclear. */
function alternatives(text: string): Alternative[] {
  if (text.length > MAX_CONDITION || hasInnerAlternatives(text)) return [{ events: ALL, isProtected: false, sameProject: false }];
  return text
    .replace(/[()]/g, ' ')
    .split('||')
    .map((alternative) => ({
      events: alternative.split('&&').reduce<ReadonlySet<Source>>((events, part) => intersect(events, eventsOf(part.trim())), ALL),
      isProtected: PROTECTED.test(alternative),
      sameProject: SAME_PROJECT.test(alternative),
    }));
}

/** Whether some `||` stands inside parentheses. */
function hasInnerAlternatives(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === '|' && text[i + 1] === '|' && depth > 0) return true;
  }
  return false;
}

const COMPARISON = /^(?:["'](\w{1,60})["']\s{0,20}(==|!=)\s{0,20})?\$\{?(\w{1,100})\}?\s{0,20}(?:(==|!=|=~|!~)\s{0,20}(\S.{0,1000}))?$/s;

function eventsOf(part: string): ReadonlySet<Source> {
  const match = COMPARISON.exec(part);
  if (match === null) return ALL;
  const [, before, reversed, name = '', written, value] = match;
  const operator = reversed ?? written ?? '';
  const compared = before ?? (value ?? '').trim().replace(/^["']|["']$/g, '');
  if (name === 'CI_PIPELINE_SOURCE') {
    if (operator === '==') return new Set(SOURCES.filter((source) => source === compared));
    if (operator === '!=') return new Set(SOURCES.filter((source) => source !== compared));
    if (operator === '=~') return new Set(SOURCES.filter((source) => compared.includes(source)));
    return ALL;
  }
  const absent = (operator === '==' && compared === 'null') || (operator === '==' && compared === '');
  const holds = operator === '' || operator === '=~' || (operator === '==' && !absent) || (operator === '!=' && (compared === 'null' || compared === ''));
  if (name.startsWith('CI_MERGE_REQUEST_')) return holds ? new Set([MERGE_REQUEST]) : absent ? OTHERS : ALL;
  if (name === 'CI_COMMIT_BRANCH' || name === 'CI_COMMIT_TAG') return holds ? OTHERS : ALL;
  return ALL;
}

/** When a job or, for `workflow`, a pipeline runs by its `rules`. */
export function runsByRules(rules: YamlNode | undefined, possible: ReadonlySet<Source>): Runs {
  const events = new Set<Source>();
  let left: ReadonlySet<Source> = possible;
  let manual = true;
  let every = true;
  let same = true;
  const texts: string[] = [];
  for (const rule of itemsOf(rules).flatMap((item) => (item.kind === 'sequence' ? itemsOf(item) : [item])).slice(0, 200)) {
    const text = textOf(rule, 'if');
    if (text !== '') texts.push(text);
    const found = text === '' ? [{ events: ALL, isProtected: false, sameProject: false }] : alternatives(text);
    const matching = new Set(found.flatMap((one) => [...intersect(left, one.events)]));
    const when = textOf(rule, 'when');
    const certain = get(rule, 'changes') === undefined && get(rule, 'exists') === undefined && (text === '' || (found.length === 1 && !text.includes('&&') && /CI_PIPELINE_SOURCE|CI_MERGE_REQUEST_/.test(text) && (found[0] as Alternative).events !== ALL));
    if (when !== 'never' && matching.size > 0) {
      for (const event of matching) events.add(event);
      every &&= found.every(({ isProtected }) => isProtected);
      if (matching.has(MERGE_REQUEST)) same &&= found.every((one) => one.sameProject || !one.events.has(MERGE_REQUEST));
      manual &&= when === 'manual';
    }
    if (certain) left = new Set([...left].filter((event) => !matching.has(event)));
  }
  return { events, protectedOnly: every && events.size > 0, guards: guardsOf(same && events.has(MERGE_REQUEST), texts), manual: manual && events.size > 0, text: texts.join('\n') };
}

function guardsOf(sameProject: boolean, texts: readonly string[]): GuardValue[] {
  return sameProject ? [{ kind: 'fork', text: texts.find((text) => SAME_PROJECT.test(text)) ?? '', sound: true }] : [];
}

/** When a job runs by `only` and `except`; without either in all pipelines but those of merge requests, unless `workflow` says so. */
export function runsByRefs(only: YamlNode | undefined, except: YamlNode | undefined, possible: ReadonlySet<Source>, workflow: boolean): Runs {
  const wanted = refsOf(only);
  let events: ReadonlySet<Source> = only === undefined ? (workflow ? possible : OTHERS) : new Set(wanted.flatMap((ref) => ONLY[ref] ?? [...OTHERS]));
  const left = refsOf(except);
  if (left.length > 0) events = new Set([...events].filter((event) => !left.some((ref) => ONLY[ref]?.includes(event) === true)));
  return { events: intersect(events, possible), protectedOnly: false, guards: [], manual: false, text: [...wanted, ...left.map((ref) => `except ${ref}`)].join(', ') };
}

function refsOf(node: YamlNode | undefined): string[] {
  return node?.kind === 'mapping' ? textsOf(get(node, 'refs')?.value) : textsOf(node);
}

/** The condition of a job, in facts' terms. `workflow`: the pipeline itself has rules. */
export function conditionOf(runs: Runs, workflow: boolean): Partial<ConditionValue> {
  return {
    text: runs.text,
    present: runs.text !== '',
    events: [...runs.events],
    guards: [...runs.guards, ...(workflow ? [{ kind: 'event' as const, text: 'workflow:rules', sound: false }] : []), ...(runs.manual ? [{ kind: 'input' as const, text: 'when: manual', sound: false }] : [])],
    guardedEvents: runs.guards.some(({ sound }) => sound) ? [MERGE_REQUEST] : [],
  };
}

function intersect(a: ReadonlySet<Source>, b: ReadonlySet<Source>): ReadonlySet<Source> {
  return new Set([...a].filter((source) => b.has(source)));
}
