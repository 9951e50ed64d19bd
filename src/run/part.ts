import type { Diagnostic, Finding, Rule } from '../core/index.js';

/** What one process of a scanner gave. */
export interface Part {
  /** Why it is a failed one. */
  readonly error?: string;
  readonly exitCode?: number;
  readonly rules: readonly Rule[];
  readonly findings: readonly Finding[];
  readonly diagnostics: readonly Diagnostic[];
}
