import { visible } from './escape.js';

/** A workflow command of the Actions runner, such as `::error file=a.yml,line=3::message`, without the line feed. */
export function workflowCommand(
  name: 'error' | 'warning' | 'notice' | 'debug',
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(',');
  return `::${name}${list === '' ? '' : ` ${list}`}::${escapeData(message)}`;
}

/** As `@actions/core` escapes a message; control characters other than line ends are made visible first. */
function escapeData(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** As `@actions/core` escapes a property. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
