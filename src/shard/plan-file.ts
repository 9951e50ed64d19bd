import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ConfigurationError } from '../core/index.js';
import { MAX_SHARDS, type Layout } from './layout.js';

/** What every machine of a spread scan has to agree on. */
export interface ShardPlan {
  readonly layout: Layout;
  /** Digest of what is scanned, how, and who does what: equal for equal work. */
  readonly digest: string;
}

export const MAX_PLAN_BYTES = 4_000_000;
const MAX_TASKS = 10_000;

const task = z.strictObject({ scanner: z.string().min(1).max(100), start: z.int().min(0), end: z.int().min(0) });
const schema = z.strictObject({
  format: z.literal('bartizan-plan'),
  version: z.literal(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  shards: z.array(z.array(task).max(MAX_TASKS)).min(1).max(MAX_SHARDS),
});

/** SHA-256 in hexadecimal. `subject`: digest of version, settings, policies and files. */
export function planDigest(subject: string, layout: Layout): string {
  const tasks = layout.map((shard) => shard.map(({ scanner, start, end }) => [scanner, start, end]));
  return createHash('sha256').update(JSON.stringify([subject, tasks])).digest('hex');
}

/** A plan as the file that the machines are handed. */
export function planText({ digest, layout }: ShardPlan): string {
  return `${JSON.stringify({ format: 'bartizan-plan', version: 1, digest, shards: layout })}\n`;
}

/**
 * The layout of a plan file, whose digest must be the one of this subject: a plan for other files or settings is refused.
 * @throws ConfigurationError
 */
export function parsePlan(text: string, name: string, subject: string): ShardPlan {
  const { digest, shards } = read(text, name);
  if (planDigest(subject, shards) !== digest) {
    throw new ConfigurationError(`${name} is a plan for other files, settings, policies or another version of Bartizan than those here. Make it with \`bartizan plan\` on the same commit and with the same flags.`);
  }
  return { digest, layout: shards };
}

function read(text: string, name: string): z.infer<typeof schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigurationError(`${name} is no JSON.`);
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const issue = error.issues[0];
  throw new ConfigurationError(`${name} is no plan of \`bartizan plan\`: ${issue === undefined ? 'unknown format' : `${issue.path.join('.') || 'the document'}: ${issue.message}`}.`);
}
