import { redactCredentials } from '../core/index.js';

/** Text that any JSON reader takes: no unpaired surrogates, no NUL, credentials masked, at most `max` UTF-16 code units. */
export function sarifText(text: string, max: number): string {
  const shown = redactCredentials(text.slice(0, max * 2));
  const clean = /[\0\ud800-\udfff]/.test(shown) ? shown.replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\0', '\ufffd') : shown;
  if (clean.length <= max) return clean;
  return `${clean.slice(0, max - 1).replace(/\p{Surrogate}$/u, '')}…`;
}

/**
 * Text of a SARIF message. `[text](target)` in a message is an embedded link (SARIF 2.1.0, 3.11.6), which text
 * from a repository or a scanner must not make.
 */
export function messageText(text: string, max: number): string {
  const clean = sarifText(text, max);
  const shown = clean.includes('](') ? clean.replaceAll('](', '] (') : clean;
  return shown.trim() === '' ? 'No message.' : shown;
}
