import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Diagnostic, Finding, ScanResult } from '../core/index.js';
import { MAX_SHARDS, type Task } from './layout.js';
import { redactJudged, redactResult } from './redact.js';
import { judgedSchema, resultSchema } from './result-schema.js';

/** What the policies said about a range of files, before ranges are put together. */
export interface JudgedFiles {
  readonly parts: readonly {
    readonly evaluated: {
      readonly findings: readonly Finding[];
      readonly problems: readonly { readonly policy: string; readonly diagnostic: Diagnostic }[];
      readonly failures: Readonly<Record<string, number>>;
      readonly stopped: readonly string[];
    };
    readonly diagnostics: readonly Diagnostic[];
  }[];
  readonly lost: readonly Diagnostic[];
  readonly incomplete?: string;
}

/** What came of one task: of an external scanner its result, of the policies what they judged. */
export type TaskResult = { readonly task: Task; readonly startedAt: number; readonly endedAt: number } & ({ readonly result: ScanResult } | { readonly judged: JudgedFiles } | { readonly error: string });

/** What one machine of a spread scan found. */
export interface Part {
  /** The commit in its workspace; empty where there is none. */
  readonly commit: string;
  /** Digest of the plan that it worked by. */
  readonly plan: string;
  /** From 1. */
  readonly shard: number;
  readonly of: number;
  readonly results: readonly TaskResult[];
}

/** Largest part that is read, in bytes. */
export const MAX_PART_BYTES = 256 << 20;
const MAX_HEADER = 1_000;
const MAX_TASKS = 10_000;

const header = z.strictObject({ format: z.literal('bartizan-part'), version: z.literal(1), sha256: z.string().regex(/^[0-9a-f]{64}$/), hmac: z.string().regex(/^[0-9a-f]{64}$/).exactOptional() });

const task = z.strictObject({ scanner: z.string().min(1).max(100), start: z.int().min(0), end: z.int().min(0) });
const timed = { task, startedAt: z.number().min(0).max(1e15), endedAt: z.number().min(0).max(1e15) };
const body: z.ZodType<Part> = z.strictObject({
  commit: z.string().max(64),
  plan: z.string().regex(/^[0-9a-f]{64}$/),
  shard: z.int().min(1).max(MAX_SHARDS),
  of: z.int().min(1).max(MAX_SHARDS),
  results: z
    .array(z.union([z.strictObject({ ...timed, result: resultSchema }), z.strictObject({ ...timed, judged: judgedSchema }), z.strictObject({ ...timed, error: z.string().max(10_000) })]))
    .max(MAX_TASKS),
});

/**
 * A part as a file: a line with format and checksums, then a line with the part as JSON. What looks like a credential in
 * a text is masked, as in every report.
 * @param key secret that the machines share; the part then carries an HMAC-SHA256 of its second line
 */
export function partText(part: Part, key: string | undefined): string {
  const results = part.results.map((one) => ('result' in one ? { ...one, result: redactResult(one.result) } : 'judged' in one ? { ...one, judged: redactJudged(one.judged) } : one));
  const text = JSON.stringify({ ...part, results });
  const head = { format: 'bartizan-part', version: 1, sha256: createHash('sha256').update(text).digest('hex'), ...(key !== undefined && { hmac: keyed(text, key).toString('hex') }) };
  return `${JSON.stringify(head)}\n${text}\n`;
}

/** A part, or why it can't be trusted: half a sentence that begins with a verb. */
export type ReadPart = { readonly part: Part } | { readonly problem: string };

/** Reads a part as hostile text. With a key nothing is looked at before the keyed checksum was found to be right. */
export function parsePart(text: string, key: string | undefined): ReadPart {
  const cut = text.indexOf('\n');
  const head = cut < 0 || cut > MAX_HEADER ? undefined : header.safeParse(json(text.slice(0, cut)));
  if (head?.success !== true) return { problem: 'is no part of a spread scan by this version of Bartizan' };
  const content = text.slice(cut + 1).replace(/\n$/, '');
  if (key !== undefined) {
    if (head.data.hmac === undefined) return { problem: 'has no keyed checksum, although BARTIZAN_SHARD_KEY is set here: it was made by somebody without the key' };
    if (!timingSafeEqual(keyed(content, key), Buffer.from(head.data.hmac, 'hex'))) return { problem: 'has a wrong keyed checksum: it was changed, or made with another key' };
  }
  if (createHash('sha256').update(content).digest('hex') !== head.data.sha256) return { problem: 'has a wrong checksum: it was changed or cut short' };
  const parsed = body.safeParse(json(content));
  if (parsed.success) return { part: parsed.data };
  const issue = parsed.error.issues[0];
  return { problem: `holds what no part can hold${issue === undefined ? '' : ` (${issue.path.map(String).join('.').slice(0, 200)}: ${issue.message})`}` };
}

function keyed(text: string, key: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
