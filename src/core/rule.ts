import type { Confidence, Severity } from './severity.js';

/** A rule of ours or of a scanner (SARIF `reportingDescriptor`). */
export interface Rule {
  /** Of ours: `<domain>/<name>`, such as `pipeline/script-injection`; of a scanner: its own id. */
  readonly id: string;
  /** One line, no trailing full stop. */
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** CWE-…, OWASP-CICD-SEC-…, and the tool's own tags. */
  readonly tags: readonly string[];
  /** Markdown: why it matters, how to repair it, when not to use it. */
  readonly help: string;
  /** One sentence that tells what to do; shown under a finding. */
  readonly repair?: string;
  readonly helpUri?: string;
  /** Former or catalogue ids that select the same rule. */
  readonly aliases?: readonly string[];
  /** Other tools' ids of the same weakness, `tool/rule-id`. */
  readonly equivalents?: readonly string[];
  /** When deprecated: what to use instead. */
  readonly deprecated?: string;
}
