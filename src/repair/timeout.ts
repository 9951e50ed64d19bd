import { get } from '../syntax/yaml-query.js';
import { indentOf, insertBefore, isBlock } from './edits.js';
import { jobAt } from './place.js';
import type { Repairer } from './repairer.js';

/** Six times what most jobs take, a sixth of what the platform allows (360 minutes). */
const MINUTES = 60;

/** `timeout-minutes` in front of the steps of a job. */
export const timeout: Repairer = ({ document: { text }, root, range }) => {
  const job = jobAt(root, range);
  const steps = get(job, 'steps');
  if (job === undefined || steps === undefined || steps.merged === true || !isBlock(text, job) || get(job, 'timeout-minutes') !== undefined) return undefined;
  const indent = indentOf(text, job);
  return indent === undefined ? undefined : { description: `End the job after ${MINUTES} minutes`, edits: [insertBefore(text, steps, [`timeout-minutes: ${MINUTES}`], indent)] };
};
