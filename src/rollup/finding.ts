import type { Severity } from '../core/index.js';

/** What an overview needs of one finding. */
export interface RolledFinding {
  /** `owner/name`, or what the file is called. */
  readonly repository: string;
  readonly rule: string;
  readonly tool: string;
  readonly severity: Severity;
  /** Milliseconds since the epoch at which it was seen first; undefined where the report does not say. */
  readonly firstSeen: number | undefined;
}

/** Longest name of a repository, rule or tool that is kept. */
export const MAX_NAME = 300;

/** A name from a hostile report: one line of bounded length. */
export function nameOf(value: unknown, otherwise: string): string {
  if (typeof value !== 'string') return otherwise;
  const line = value.slice(0, MAX_NAME).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return line === '' ? otherwise : line;
}

/** A time as RFC 3339 says it; undefined for what is none or lies in the future. */
export function timeOf(value: unknown, now: number): number | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const time = Date.parse(value);
  return Number.isFinite(time) && time > 0 && time <= now ? time : undefined;
}
