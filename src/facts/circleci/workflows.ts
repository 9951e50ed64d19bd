import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { entriesOf, itemsOf, scalarsOf, textOf, textsOf } from '../common/values.js';
import type { ConditionValue } from '../schema.js';
import { FORK } from './values.js';

/** One use of a job in a workflow. */
export interface Call {
  /** Key of the job, or `orb/job`. */
  readonly job: string;
  /** Its name in the workflow. */
  readonly name: string;
  readonly node: YamlNode;
  /** Its settings and parameters, where it has any. */
  readonly given: YamlNode | undefined;
  readonly requires: readonly string[];
  readonly contexts: readonly string[];
  readonly approval: boolean;
  readonly condition: Partial<ConditionValue> | undefined;
  /** Approvals that it waits for, directly or by what it waits for. */
  readonly approvals: readonly string[];
}

const MAX_CALLS = 5_000;

/** The jobs of all workflows. https://circleci.com/docs/reference/configuration-reference/#workflows */
export function readWorkflows(root: YamlNode): Call[] {
  const calls: Call[] = [];
  for (const { name: workflow, value } of entriesOf(get(root, 'workflows')?.value)) {
    if (workflow === 'version' || calls.length > MAX_CALLS) continue;
    const outer = workflowCondition(value);
    const own = itemsOf(get(value, 'jobs')?.value).flatMap((item) => readCall(item, outer) ?? []);
    const approvals = approvalsOf(own);
    calls.push(...own.map((call) => ({ ...call, approvals: approvals.get(call.name) ?? [] })));
  }
  return calls;
}

function readCall(item: YamlNode, outer: Partial<ConditionValue> | undefined): Call | undefined {
  const [entry] = entriesOf(item);
  const job = item.kind === 'scalar' ? item.text : entry?.name;
  if (job === undefined || job === '') return undefined;
  const given = item.kind === 'scalar' ? undefined : entry?.value;
  const filtered = filterCondition(get(given, 'filters')?.value);
  return {
    job,
    name: textOf(given, 'name') || job,
    node: item.kind === 'scalar' ? item : (entry?.key ?? item),
    given,
    requires: textsOf(get(given, 'requires')?.value),
    contexts: scalarsOf(get(given, 'context')?.value).map(({ text }) => text),
    approval: textOf(given, 'type') === 'approval',
    condition: filtered ?? outer,
    approvals: [],
  };
}

/** Approvals in front of each job of a workflow; every job is looked at once. */
function approvalsOf(calls: readonly Call[]): ReadonlyMap<string, readonly string[]> {
  const byName = new Map(calls.map((call) => [call.name, call]));
  const found = new Map<string, readonly string[]>();
  const visit = (name: string, depth: number): readonly string[] => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const call = byName.get(name);
    if (call === undefined || depth > 100) return [];
    found.set(name, []);
    const names = [...new Set(call.requires.flatMap((one) => (byName.get(one)?.approval === true ? [one] : visit(one, depth + 1))))].slice(0, 20);
    found.set(name, names);
    return names;
  };
  for (const { name } of calls) visit(name, 0);
  return found;
}

/** Builds of forks have the branch `pull/1`: a list of branches by their names keeps them out, and so does one of tags alone. */
function filterCondition(filters: YamlNode | undefined): Partial<ConditionValue> | undefined {
  if (filters === undefined) return undefined;
  if (filters.kind === 'scalar') return /\bpipeline\.git\.branch\s{0,5}==\s{0,5}["'][\w./-]{1,100}["']/.test(filters.text) ? kept(filters.text) : { text: filters.text };
  const branches = get(filters, 'branches')?.value;
  const only = textsOf(branches?.kind === 'mapping' ? get(branches, 'only')?.value : branches);
  const ignored = textsOf(get(branches, 'ignore')?.value);
  const text = only.length > 0 ? `branches ${only.join(', ')}` : ignored.length > 0 ? `branches but ${ignored.join(', ')}` : 'filters';
  const closed = (only.length > 0 && only.every((one) => !/^\/(?:\^?\.[*+]|\.\*|pull|\(|\[)/.test(one) && one !== '/.*/')) || ignored.some((one) => /^\/\^?\.\*\$?\/$/.test(one) || /^\/\^?pull/.test(one));
  return closed ? kept(text) : { text };
}

function workflowCondition(workflow: YamlNode): Partial<ConditionValue> | undefined {
  const when = get(workflow, 'when')?.value;
  if (when === undefined) return undefined;
  const equal = get(when, 'equal')?.value;
  const texts = when.kind === 'scalar' ? [when.text] : textsOf(equal);
  const text = `when ${texts.join(' == ')}`.slice(0, 500);
  const branch = equal !== undefined && texts.length === 2 && texts.some((one) => one.includes('pipeline.git.branch')) && texts.some((one) => /^[\w./-]+$/.test(one));
  return branch ? kept(text) : { text };
}

function kept(text: string): Partial<ConditionValue> {
  return { text, guards: [{ kind: 'ref', text, sound: true }], guardedEvents: [FORK] };
}

/** What holds for a job however it is used: what all its uses have in common. */
export function commonCondition(calls: readonly Call[]): Partial<ConditionValue> | undefined {
  const conditions = calls.map(({ condition }) => condition);
  const [first] = conditions;
  if (first === undefined) return undefined;
  if (conditions.every((one) => one?.guardedEvents?.includes(FORK) === true)) return first;
  return conditions.length === 1 ? first : undefined;
}
