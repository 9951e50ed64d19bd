import type { YamlMapping, YamlNode } from '../syntax/yaml-node.js';
import { asMapping, asSequence, get, scalarText } from '../syntax/yaml-query.js';
import { insertBefore, isBlock } from './edits.js';
import type { Repairer } from './repairer.js';

/** Actions that use the token to read the repository's contents at most, or not at all. */
const READING = /^(?:actions\/(?:checkout|cache|cache\/(?:restore|save)|upload-artifact|setup-[a-z]+)|docker\/setup-[a-z-]+|codecov\/codecov-action|astral-sh\/setup-uv|pnpm\/action-setup|ruby\/setup-ruby|dtolnay\/rust-toolchain|swatinem\/rust-cache|shivammathur\/setup-php|gradle\/actions\/setup-gradle|taiki-e\/install-action|hashicorp\/setup-terraform|azure\/setup-(?:helm|kubectl)|oven-sh\/setup-bun|denoland\/setup-deno|extractions\/setup-just|arduino\/setup-task)$/;
/** Whoever names the token, or pushes with what the checkout left, may need more than to read. */
const MORE = /GITHUB_TOKEN|GH_TOKEN|github\.token|\bgh\s+[a-z]|\bgit\s+(?:-\S+\s+)*push\b|npm\s+publish|\bdocker\s+push\b/;

/** `contents: read` at the top of a workflow of which every job that gets it is known to need nothing else. */
export const permissions: Repairer = ({ document: { text }, root }) => {
  const jobs = get(root, 'jobs');
  const top = asMapping(root);
  if (top === undefined || jobs === undefined || jobs.merged === true || !isBlock(text, top) || get(root, 'permissions') !== undefined) return undefined;
  const without = (asMapping(jobs.value)?.pairs ?? []).map(({ value }) => value).filter((job) => get(job, 'permissions') === undefined);
  if (without.length === 0 || !without.every((job) => onlyReads(job, text))) return undefined;
  return { description: 'Let the token only read', edits: [insertBefore(text, jobs, ['permissions:', '  contents: read', ''], '')] };
};

function onlyReads(node: YamlNode, text: string): boolean {
  const job: YamlMapping | undefined = asMapping(node);
  const steps = asSequence(get(job, 'steps')?.value);
  if (job === undefined || steps === undefined || MORE.test(text.slice(job.range.start, job.range.end))) return false;
  return steps.items.every(({ value, alias }) => {
    if (alias !== undefined) return false;
    const uses = scalarText(get(value, 'uses')?.value);
    return uses === undefined ? get(value, 'run') !== undefined : READING.test((uses.split('@', 1)[0] ?? '').toLowerCase());
  });
}
