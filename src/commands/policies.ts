import { resolve } from 'node:path';
import { builtinPolicies, loadAllPolicies } from '../app.js';
import { openFiles } from '../io/files.js';
import { explainPolicy } from '../engine/check.js';
import { describePolicies, findPolicy, nearestPolicyId } from '../engine/index.js';
import { oneLine } from '../report/escape.js';
import type { CommandContext } from './index.js';
import { UsageError } from './errors.js';

/** `policies`: a line each, or everything as JSON. */
export async function listPolicies(path: string, format: 'text' | 'json', context: CommandContext): Promise<void> {
  const policies = describePolicies(await loadAllPolicies(openFiles(resolve(context.directory, path))));
  if (format === 'json') {
    await context.out.write(`${JSON.stringify(policies, null, 2)}\n`);
    return;
  }
  const width = Math.max(...policies.map(({ id }) => id.length));
  const lines = policies.map(({ id, severity, title, online }) => oneLine(`${severity.padEnd(8)}  ${id.padEnd(width)}  ${title}${online === true ? ' (asks GitHub: online)' : ''}`));
  const { ADVISORIES_DATE } = await import('../facts/github/action-advisories.js');
  await context.out.write(`${lines.join('\n')}\n\n${policies.length} policies. \`bartizan explain <id>\` shows one.\nKnown weaknesses and successors of actions are those of ${ADVISORIES_DATE}.\n`);
}

/** `explain <id>`. */
export async function explain(id: string, context: CommandContext): Promise<void> {
  const policies = await builtinPolicies();
  const policy = findPolicy(policies, id) ?? findPolicy(await loadAllPolicies(openFiles(context.directory)), id);
  if (policy === undefined) {
    const nearest = nearestPolicyId(policies, id);
    throw new UsageError(`There is no policy \`${id}\`.${nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`} \`bartizan policies\` lists them.`);
  }
  await context.out.write(explainPolicy(policy));
}
