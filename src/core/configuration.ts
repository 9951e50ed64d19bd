import type { ConfigSource } from './settings.js';

/** Something that a pull request changes about the gate. */
export interface ConfigurationChange {
  /** A verb phrase without a subject: "adds 2 suppressions". May quote the repository. */
  readonly text: string;
  /** It lets more pass than before, or may. */
  readonly weaker: boolean;
}

/** Which commit decided about a scan. */
export interface ConfigurationSource {
  readonly from: ConfigSource;
  /** The base commit; absent when there is none. */
  readonly commit?: string;
  /** How it was read. */
  readonly via?: 'git' | 'github';
  /** What the checked-out commit would change; not in force when `from` is `base`. */
  readonly changes: readonly ConfigurationChange[];
}

/** A comment that silences findings and that a pull request brings. */
export interface NewInlineSuppression {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  readonly reason: string;
  /** The findings don't count: the settings allow it, or this user has approved. */
  readonly accepted: boolean;
  /** `@user` whose approval made it count. */
  readonly approvedBy?: string;
}

/**
 * What a pull request changes about the gate, in a sentence: undefined when it changes nothing.
 * "This pull request adds 2 suppressions and weakens `fail-on` from high to never: that takes effect after merge."
 */
export function changesSentence({ from, changes }: ConfigurationSource): string | undefined {
  if (changes.length === 0) return undefined;
  const phrases = changes.slice(0, 12).map(({ text }) => text);
  if (changes.length > 12) phrases.push(`makes ${changes.length - 12} more changes`);
  const last = phrases.pop() ?? '';
  const what = phrases.length === 0 ? last : `${phrases.join(', ')} and ${last}`;
  const one = changes.length === 1;
  if (from === 'head') return `This pull request ${what}: ${one ? 'that is' : 'these are'} in force already, since config-source is head.`;
  return `This pull request ${what}: ${one ? 'it takes' : 'they take'} effect after merge.`;
}
