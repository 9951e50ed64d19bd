import type { Diagnostic } from '../core/index.js';
import type { Problems } from './read-problems.js';
import { integerOf, isObject, objectOf, objectsOf, own, stringOf, type JsonObject } from './read-values.js';

/** How a tool ran, by what its log says. */
export interface ReadInvocations {
  /** Why it did not finish; undefined when it did or does not say. */
  readonly failure: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Milliseconds since the epoch; 0 when the log does not say. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly exitCode: number | undefined;
  /** URIs. */
  readonly workingDirectories: readonly string[];
}

const MAX_NOTIFICATIONS = 1_000;

/** The invocations of a run with their notifications. A tool that says it failed is never a clean scan. */
export function readInvocations(run: JsonObject, problems: Problems, pointer: string): ReadInvocations {
  const invocations = objectsOf(run, 'invocations', problems, pointer);
  const diagnostics: Diagnostic[] = [];
  const workingDirectories: string[] = [];
  let failure: string | undefined;
  let exitCode: number | undefined;
  const starts: number[] = [];
  const ends: number[] = [];
  invocations.forEach((invocation, index) => {
    const at = `${pointer}/invocations/${index}`;
    for (const key of ['toolExecutionNotifications', 'toolConfigurationNotifications']) {
      for (const notification of objectsOf(invocation, key, problems, at).slice(0, MAX_NOTIFICATIONS)) diagnostics.push(toDiagnostic(notification));
    }
    const code = integerOf(invocation, 'exitCode', problems, at);
    exitCode ??= code;
    if (own(invocation, 'executionSuccessful') === false) {
      const reason = diagnostics.find(({ level }) => level === 'error')?.message ?? stringOf(invocation, 'exitCodeDescription', problems, at);
      failure ??= reason ?? (code === undefined ? 'its log says that it failed' : `its log says that it failed with exit code ${code}`);
    }
    const uri = own(objectOf(invocation, 'workingDirectory', problems, at), 'uri');
    if (typeof uri === 'string') workingDirectories.push(uri);
    starts.push(...time(own(invocation, 'startTimeUtc')));
    ends.push(...time(own(invocation, 'endTimeUtc')));
  });
  const startedAt = starts.length === 0 ? 0 : Math.min(...starts);
  const endedAt = Math.max(startedAt, ...ends);
  return { failure, diagnostics, startedAt, endedAt, exitCode, workingDirectories };
}

function toDiagnostic(notification: JsonObject): Diagnostic {
  const level = own(notification, 'level');
  const message = own(notification, 'message');
  const text = isObject(message) ? (own(message, 'text') ?? own(message, 'markdown') ?? own(message, 'id')) : message;
  const descriptor = own(notification, 'descriptor');
  const code = isObject(descriptor) ? own(descriptor, 'id') : undefined;
  return {
    level: level === 'error' || level === 'note' ? level : level === 'none' ? 'note' : 'warning',
    code: typeof code === 'string' && code !== '' ? code.slice(0, 255) : 'notification',
    message: typeof text === 'string' && text !== '' ? text.slice(0, 4_000) : 'The tool notes something without a message.',
  };
}

function time(value: unknown): readonly number[] {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? [] : [milliseconds];
}
