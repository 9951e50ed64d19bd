import type { Invocation, Notification } from 'sarif';
import type { Diagnostic, ScanResult } from '../core/index.js';
import { LIMITS } from './limits.js';
import { clamp, toUri, type Lines } from './location.js';
import { messageText, sarifText } from './text.js';

/** How a scanner ran: times, exit code, whether it finished, and what could not be read. */
export function toInvocation(result: ScanResult, extra: readonly Diagnostic[], lines: Lines): Invocation {
  const failed: readonly Diagnostic[] =
    result.outcome.status === 'failed'
      ? [{ level: 'error', code: 'scanner-failed', message: `${result.tool.name} did not finish: ${result.outcome.error}` }]
      : [];
  const notifications = [...failed, ...extra, ...result.diagnostics];
  const startTimeUtc = utc(result.startedAt);
  const endTimeUtc = utc(result.endedAt);
  return {
    executionSuccessful: result.outcome.status !== 'failed',
    ...(result.exitCode !== undefined && Number.isInteger(result.exitCode) && { exitCode: result.exitCode }),
    ...(startTimeUtc !== undefined && { startTimeUtc }),
    ...(endTimeUtc !== undefined && { endTimeUtc }),
    ...(notifications.length > 0 && {
      toolExecutionNotifications: notifications
        .slice(0, LIMITS.notifications)
        .map((diagnostic) => toNotification(diagnostic, lines)),
    }),
  };
}

function toNotification(diagnostic: Diagnostic, lines: Lines): Notification {
  const { path, region } = diagnostic;
  return {
    level: diagnostic.level,
    message: { text: messageText(diagnostic.message, LIMITS.message) },
    descriptor: { id: sarifText(diagnostic.code, LIMITS.ruleId) || 'unknown' },
    ...(path !== undefined && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: toUri(path) },
            ...(region !== undefined && { region: clamp(region, lines(path)) }),
          },
        },
      ],
    }),
  };
}

function utc(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999
    ? undefined
    : date.toISOString();
}
