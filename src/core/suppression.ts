import type { Region } from './location.js';

/** Why a finding is not counted: who decided it, for what reason, until when. */
export interface Suppression {
  /** As in SARIF: `inSource` for a comment beside the code, `external` for the configuration. */
  readonly kind: 'inSource' | 'external';
  /** `bartizan`, or the tool whose own comment it is. */
  readonly by: string;
  /** Never blank. Plain text that may come from the repository. */
  readonly reason: string;
  readonly owner?: string;
  /** `YYYY-MM-DD`; it holds until the end of that day in UTC. */
  readonly expires?: string;
  /** Where it is written. */
  readonly place: { readonly path: string; readonly region?: Region };
}

/** An entry of `suppressions` in the configuration: everything that is given has to match. */
export interface SuppressionEntry extends Suppression {
  /** Id of a policy, `scanner/rule`, or a pattern of either; aliases are resolved. */
  readonly rule?: string;
  /** Glob of the path of the primary location. */
  readonly path?: string;
  /** `bartizan/v1`. */
  readonly fingerprint?: string;
  /** Ids of one vulnerability, in upper case: a finding about a package whose advisory has one of them. */
  readonly vulnerability?: readonly string[];
  /** Package URL, with or without version. */
  readonly package?: string;
}
