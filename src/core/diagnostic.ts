import type { Region } from './location.js';

/**
 * Something that could not be read or judged: one clear message, never a finding and never silence.
 * Becomes a SARIF `toolExecutionNotification`.
 */
export interface Diagnostic {
  readonly level: 'error' | 'warning' | 'note';
  /** What happened, why it matters and the next step, in at most three short sentences. */
  readonly message: string;
  readonly path?: string;
  readonly region?: Region;
  /** Short stable identifier such as `yaml-syntax` or `file-too-large`. */
  readonly code: string;
}

/** A configuration or usage error: ends the run with exit code 3. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    message: string,
    readonly diagnostics: readonly Diagnostic[] = [],
  ) {
    super(message);
  }
}
