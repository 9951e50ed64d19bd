import type { Invocation, Notification } from 'sarif';
import type { Diagnostic, Isolation, ScanResult } from '../core/index.js';
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
    ...(result.isolation !== undefined && { properties: { sandbox: sandboxProperties(result.isolation) } }),
    ...(notifications.length > 0 && {
      toolExecutionNotifications: notifications
        .slice(0, LIMITS.notifications)
        .map((diagnostic) => toNotification(diagnostic, lines)),
    }),
  };
}

/** How the scanner was confined, for whoever wants to know whether its silence or its reach means something. */
function sandboxProperties({ level, mechanism, version, program, network, reason }: Isolation): Record<string, string | string[]> {
  const bounded = (text: string): string => sarifText(text, LIMITS.message);
  return {
    level,
    mechanism,
    ...(version !== undefined && { version: bounded(version) }),
    ...(program !== undefined && { program: bounded(program) }),
    ...(network !== undefined && { network: network.map(bounded) }),
    ...(reason !== undefined && { reason: bounded(reason) }),
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
