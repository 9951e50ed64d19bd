import type { Severity } from '../core/index.js';

/** How words are coloured; all of them give the text unchanged when colour is off. */
export interface Style {
  readonly severity: (severity: Severity, text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

const CODE: Record<Severity, string> = { critical: '1;31', high: '31', medium: '33', low: '36', note: '2' };

/** Styles by ANSI escape sequences (SGR), or none. */
export function style(color: boolean): Style {
  const paint = (code: string, text: string): string => (color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    severity: (severity, text) => paint(CODE[severity], text),
    good: (text) => paint('32', text),
    bad: (text) => paint('1;31', text),
    strong: (text) => paint('1', text),
    faint: (text) => paint('2', text),
  };
}
