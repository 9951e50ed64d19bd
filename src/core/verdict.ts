import type { Finding } from './finding.js';
import type { FailOn, Severity } from './severity.js';

/** One reason of a verdict, in words that a person understands. */
export interface VerdictReason {
  readonly kind: 'findings' | 'scanner-failed' | 'unreadable' | 'none';
  /** One sentence. */
  readonly message: string;
}

/** The severity from which a finding fails the build, and which setting says so: `fail-on.category.secrets`. */
export interface AppliedThreshold {
  readonly from: FailOn;
  readonly setting: string;
}

/** What the gate says about one finding. `below`: it does not reach its threshold; `known`: the baseline has it. */
export type GateDecision = { readonly threshold: AppliedThreshold } & (
  | { readonly effect: 'fails' | 'below' | 'known' }
  /** Its advisory is fresh: it does not count before this day, `YYYY-MM-DD`. */
  | { readonly effect: 'grace'; readonly until: string }
);

/** Computed once, by `gate`, before anything is printed; a renderer never decides. */
export interface Verdict {
  readonly result: 'pass' | 'fail' | 'error';
  readonly reasons: readonly VerdictReason[];
  /** Number of findings by severity, all tools together. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** Those among `counts` that the baseline knows and that therefore don't fail the build; absent unless asked for. */
  readonly known?: Readonly<Record<Severity, number>>;
  /** Severities with more known findings than `max-known` allows, which fails the build; absent when there is none. */
  readonly overLimit?: readonly { readonly severity: Severity; readonly known: number; readonly limit: number }[];
  /** Severities with more findings than `max-findings` allows, which fails the build; absent when there is none. */
  readonly overCount?: readonly { readonly severity: Severity; readonly found: number; readonly limit: number }[];
  /** Findings that would fail the build if their advisory were not so new; absent when there is none. */
  readonly grace?: { readonly counts: Readonly<Record<Severity, number>>; /** The first day on which one of them counts, `YYYY-MM-DD`. */ readonly until: string };
  /** The thresholds that decided about `blocking`, such as `fail-on: high, secrets: low`; `fail-on: …` when there is none. */
  readonly threshold?: string;
  /** What was decided about each finding that counts. */
  readonly decisions?: ReadonlyMap<Finding, GateDecision>;
  /** The findings that fail the build, worst first. */
  readonly blocking: readonly Finding[];
  /** 0 pass, 1 findings at or above the threshold, 2 a scanner failed and that fails closed. */
  readonly exitCode: 0 | 1 | 2;
}
