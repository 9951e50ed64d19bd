import type { ScanOutcome } from '../core/index.js';
import { fit } from './display.js';
import { oneLine } from './escape.js';
import { duration } from './headline.js';

/** What happens while a scan runs. Times are milliseconds since the epoch. */
export type ProgressEvent =
  | { readonly kind: 'discovered'; readonly files: number }
  | { readonly kind: 'started'; readonly tool: string; readonly at: number }
  | { readonly kind: 'finished'; readonly tool: string; readonly status: ScanOutcome['status'] };

/** What is known about a running scan. */
export interface Progress {
  readonly files: number | undefined;
  /** Scanners that run now, by name, and since when; in the order in which they were started. */
  readonly running: ReadonlyMap<string, number>;
  readonly finished: number;
  readonly failed: number;
}

/** Before anything has happened. */
export const NO_PROGRESS: Progress = { files: undefined, running: new Map(), finished: 0, failed: 0 };

/** The state after an event. */
export function advance(progress: Progress, event: ProgressEvent): Progress {
  if (event.kind === 'discovered') return { ...progress, files: event.files };
  const running = new Map(progress.running);
  if (event.kind === 'started') {
    running.set(event.tool, event.at);
    return { ...progress, running };
  }
  running.delete(event.tool);
  const failed = progress.failed + (event.status === 'failed' ? 1 : 0);
  return { ...progress, running, finished: progress.finished + 1, failed };
}

/** One line of at most `width` columns, for a terminal whose current line is rewritten. */
export function renderProgress(progress: Progress, now: number, width: number): string {
  if (progress.files === undefined) return fit('looking for files', width);
  const running = [...progress.running].map(([tool, since]) => `${oneLine(tool, 40)} ${duration(now - since)}`);
  const done = `${progress.finished} done${progress.failed > 0 ? `, ${progress.failed} failed` : ''}`;
  const words = running.length === 0 ? 'finishing' : running.join(', ');
  return fit(`scanning ${progress.files.toLocaleString('en-US')} files · ${done} · ${words}`, width);
}
