import type { SourceRange } from '../core/index.js';
import type { YamlMapping, YamlNode } from '../syntax/yaml-node.js';
import { asMapping, asSequence, get } from '../syntax/yaml-query.js';

/** The step of a job that a range lies in, with what is around it. */
export interface StepPlace {
  readonly step: YamlMapping;
  /** All steps of the job, in order. */
  readonly steps: readonly YamlNode[];
  readonly index: number;
  /** Absent in composite actions. */
  readonly job?: YamlMapping;
}

/** The job of a workflow that a range lies in. */
export function jobAt(root: YamlNode, range: SourceRange): YamlMapping | undefined {
  for (const { key, value, alias } of asMapping(get(root, 'jobs')?.value)?.pairs ?? []) {
    if (alias === undefined && key.range.start <= range.start && range.end <= value.range.end) return asMapping(value);
  }
  return undefined;
}

/** The step that a range lies in. Steps that are written elsewhere, by alias, are left alone. */
export function stepAt(root: YamlNode, range: SourceRange): StepPlace | undefined {
  const job = jobAt(root, range);
  const list = asSequence(get(job ?? get(root, 'runs')?.value, 'steps')?.value);
  const index = list?.items.findIndex(({ value, alias }) => alias === undefined && value.range.start <= range.start && range.end <= value.range.end) ?? -1;
  const step = asMapping(list?.items[index]?.value);
  if (list === undefined || step === undefined) return undefined;
  return { step, steps: list.items.map(({ value }) => value), index, ...(job !== undefined && { job }) };
}

/** The same range or one inside of it. */
export function contains(outer: SourceRange, inner: SourceRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
