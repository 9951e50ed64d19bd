import type { Location } from './location.js';
import type { Confidence, Severity } from './severity.js';

/** One place on the way of a flow, in order from source to sink. */
export interface FlowStep {
  readonly location: Location;
  readonly message: string;
}

/** A weakness at a place. */
export interface Finding {
  readonly ruleId: string;
  /** Name of the scanner that reports it: `policies` for the built-in engine. */
  readonly tool: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Plain text; may quote repository content, so every renderer escapes it. */
  readonly message: string;
  /** Why the severity is what it is: who can trigger it, what it can reach. Plain text, one reason each. */
  readonly reasons: readonly string[];
  /** The first is the primary location. Never empty. */
  readonly locations: readonly [Location, ...Location[]];
  /** Other places that help to understand it. */
  readonly related: readonly Location[];
  /** Source to sink; empty when there is no flow. */
  readonly flow: readonly FlowStep[];
  /** By name: `primaryLocationLineHash`, `bartizan/v1`. Filled in by `sarif/fingerprint`. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** The same weakness reported by others. */
  readonly alsoReportedBy: readonly { readonly tool: string; readonly ruleId: string }[];
}
