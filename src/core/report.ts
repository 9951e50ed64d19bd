import type { ConfigurationSource, NewInlineSuppression } from './configuration.js';
import type { Inventory } from './document.js';
import type { ScanResult } from './scanner.js';
import type { Settings } from './settings.js';
import type { Verdict } from './verdict.js';

/** Everything that a renderer may show. Plain data; renderers are pure functions of it. */
export interface Report {
  /** Version of Bartizan. */
  readonly version: string;
  readonly inventory: Inventory;
  readonly settings: Settings;
  /** Which commit the settings come from; absent where no pull request is scanned. */
  readonly configuration?: ConfigurationSource;
  /** Comments of a pull request that silence findings and that its base does not have. */
  readonly newInlineSuppressions?: readonly NewInlineSuppression[];
  /** One entry per tool, `policies` first, then by name. */
  readonly results: readonly ScanResult[];
  readonly verdict: Verdict;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** What the user typed or what reproduces the run locally, one command line. */
  readonly reproduce: string;
  /** Text of a file for code frames and fingerprints, or undefined when it can't be read. */
  readonly source: (path: string) => string | undefined;
}
