import { readTemplate } from '../../syntax/expressions.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { asSequence } from '../../syntax/yaml-query.js';
import { actionModel } from './action-models.js';
import { entries, textOf, valueOf } from './tree.js';
import { parseUses } from './uses.js';

/** Answers whether an output says that whoever started the run has rights; segments in lower case. */
export type Authorizes = (segments: readonly string[]) => boolean;

/** The outputs of a job's steps by actions that check rights: `steps.check.outputs.has-permission`. */
export function authorizingSteps(job: YamlNode | undefined): Authorizes {
  const outputs = new Map<string, readonly string[]>();
  for (const { value: step } of asSequence(valueOf(job, 'steps'))?.items ?? []) {
    const id = textOf(valueOf(step, 'id'));
    const uses = textOf(valueOf(step, 'uses'));
    const names = uses === undefined ? undefined : actionModel(parseUses(uses, false).value.name)?.authorizes;
    if (id !== undefined && names !== undefined) outputs.set(id.toLowerCase(), names);
  }
  if (outputs.size === 0) return never;
  return (segments) => segments[0] === 'steps' && segments[2] === 'outputs' && outputs.get(segments[1] ?? '')?.includes(segments[3] ?? '') === true;
}

/** The outputs of jobs that pass on such outputs of their steps: `needs.check.outputs.allowed`. */
export function authorizingJobs(jobs: YamlNode | undefined): Authorizes {
  const outputs = new Set<string>();
  for (const [id, job] of entries(jobs)) {
    const steps = authorizingSteps(job);
    if (steps === never) continue;
    for (const [name, value] of entries(valueOf(job, 'outputs'))) {
      const template = readTemplate(textOf(value) ?? '');
      const root = template.whole ? template.expressions[0]?.expression.root : undefined;
      if (root?.kind === 'context' && steps(root.segments)) outputs.add(`${id}.${name}`.toLowerCase());
    }
  }
  if (outputs.size === 0) return never;
  return (segments) => segments[0] === 'needs' && segments[2] === 'outputs' && outputs.has(`${segments[1] ?? ''}.${segments[3] ?? ''}`);
}

function never(): boolean {
  return false;
}
