import type { Location, Region } from './location.js';
import type { Confidence, Severity } from './severity.js';
import type { Suppression } from './suppression.js';

/** One place on the way of a flow, in order from source to sink. */
export interface FlowStep {
  readonly location: Location;
  readonly message: string;
}

/** The package that a finding about a dependency is in. */
export interface FindingPackage {
  /** Package URL with version, in canonical form. */
  readonly purl: string;
  /** As installed or locked; empty when the tool does not say. */
  readonly version: string;
  /** Workspace path of the file that asks for it, or the reference of an image. */
  readonly manifest: string;
  /** Every identifier of the same advisory (CVE-…, GHSA-…, PYSEC-…), sorted, the rule's id among them. */
  readonly aliases: readonly string[];
  /** Versions in which it is repaired, as the advisory states them; empty when there is none. */
  readonly fixedVersions: readonly string[];
  /** Day on which the advisory was published, `YYYY-MM-DD` in UTC; absent when the tool does not say. */
  readonly published?: string;
}

/** A proposed change of the source that repairs a finding. */
export interface Fix {
  /** What it does, one line of plain text; empty when the tool does not say. */
  readonly description: string;
  readonly replacements: readonly { readonly path: string; readonly region: Region; readonly text: string }[];
}

/** A finding that is known already, as a baseline holds it. */
export interface KnownFinding {
  /** `bartizan/v1`. */
  readonly fingerprint: string;
  /** `bartizan/moved/v1`, by which it is found again when its folder is renamed. */
  readonly moved?: string;
  /** Id of a policy, or `scanner/rule`. */
  readonly rule: string;
  readonly path: string;
  readonly severity: Severity;
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
  /** What to do at this place, one sentence; absent: what the rule says. */
  readonly repair?: string;
  /** The first is the primary location. Never empty. */
  readonly locations: readonly [Location, ...Location[]];
  /** Other places that help to understand it. */
  readonly related: readonly Location[];
  /** Source to sink; empty when there is no flow. */
  readonly flow: readonly FlowStep[];
  /** By name: `primaryLocationLineHash`, `bartizan/v1`. Filled in by `sarif/fingerprint`. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** For findings about a dependency. */
  readonly package?: FindingPackage;
  /** Proposed repairs; the first is the preferred one. */
  readonly fixes?: readonly Fix[];
  /** The same weakness reported by others. */
  readonly alsoReportedBy: readonly { readonly tool: string; readonly ruleId: string }[];
  /**
   * A person decided that it doesn't count. Set by `triage`, and before it by adapters where a comment of the scanner's own
   * silences it. Those that are in force are in `ScanResult.suppressed`.
   */
  readonly suppression?: Suppression;
  /** Whether the baseline knows it; `updated` when it is worse now. Absent without a baseline. */
  readonly baselineState?: 'new' | 'unchanged' | 'updated';
}
