import type { SandboxMode } from './sandbox.js';
import type { Confidence, FailOn, Severity } from './severity.js';
import type { SuppressionEntry } from './suppression.js';
import type { Thresholds } from './threshold.js';

/** What the user wants of one policy. */
export interface PolicySettings {
  readonly enabled: boolean;
  /** Replaces every severity that the policy would give. */
  readonly severity?: Severity;
  /** Values of the options that the policy declares, by name. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What the user wants of one external scanner. */
export interface ScannerSettings {
  readonly enabled: boolean;
  /** The tool's own rule ids that are not reported. */
  readonly skip: readonly string[];
  /** Everything else, checked by the adapter. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** `from` of an import of a SARIF log; any that is not named here is a scanner, whose own JSON it is. */
export const SARIF_FORMAT = 'sarif';
/** `from` of events that Falco has written as JSON, one a line. */
export const FALCO_FORMAT = 'falco';

/** Results of another tool that are taken into the report. */
export interface ImportSettings {
  /** A file of the workspace, or a glob. */
  readonly path: string;
  /** `sarif`, or the name of the scanner whose own output it is. */
  readonly from: string;
  /** True: the first value that is not as SARIF has it makes the import fail; otherwise it is left out with a warning. */
  readonly strict: boolean;
}

/** Where scanners come from. */
export interface ToolSettings {
  /** `auto` installs the locked version of a scanner that applies and is not installed. */
  readonly install: 'auto' | 'never';
  /** True: nothing is fetched, whatever `install` says. */
  readonly offline: boolean;
  /** Prefix of release paths instead of their own host. */
  readonly mirror?: string;
}

/** `base`: the commit that a pull request is to be merged into; `head`: what is checked out. */
export const CONFIG_SOURCES = ['base', 'head'] as const;
export type ConfigSource = (typeof CONFIG_SOURCES)[number];

/** `approved`: when one who may is among the approving reviewers. */
export const NEW_INLINE_SUPPRESSIONS = ['refuse', 'approved', 'allow'] as const;
export type NewInlineSuppressions = (typeof NEW_INLINE_SUPPRESSIONS)[number];

/** `honour`: findings that they silence are shown as suppressed; `report`: these findings count. */
export const FOREIGN_SUPPRESSIONS = ['honour', 'report'] as const;
export type ForeignSuppressions = (typeof FOREIGN_SUPPRESSIONS)[number];

/** One run's settings: defaults, then `.bartizan.yml`, then inputs or flags. */
export interface Settings {
  readonly failOn: FailOn;
  /** Thresholds by category, scanner and confidence; `failOn` decides alone when not given. */
  readonly thresholds?: Thresholds;
  /** Most findings of a severity with which the build passes, below the threshold too. */
  readonly maxFindings?: Readonly<Partial<Record<Severity, number>>>;
  /** Findings below this severity are not shown unless they fail the build; all are when not given. */
  readonly reportFrom?: Severity;
  /** Days after its publication in which an advisory of a dependency does not fail the build. */
  readonly graceDays?: number;
  /** Findings below this confidence are not reported. */
  readonly confidence: Confidence;
  /** Globs of files to look at; empty means all. */
  readonly include: readonly string[];
  /** Globs of files to leave out. */
  readonly exclude: readonly string[];
  /** Names of scanners, and ids or globs of rules, that alone are used; empty means all. */
  readonly only: readonly string[];
  /** Names of scanners, and ids or globs of rules, that are left out. */
  readonly skip: readonly string[];
  /** False: no external scanner is started. */
  readonly external: boolean;
  /** What a failed scanner does to the verdict. */
  readonly onScannerError: 'error' | 'warn';
  /** How external scanners are confined; `auto` when not given. */
  readonly sandbox?: SandboxMode;
  /** Where scanners come from; nothing is installed when not given. */
  readonly tools?: ToolSettings;
  /** True: GitHub is asked about the actions that pipelines use; not when not given. */
  readonly online?: boolean;
  /** Results of other tools that are taken into the report; none when not given. */
  readonly imports?: readonly ImportSettings[];
  readonly policies: Readonly<Record<string, PolicySettings>>;
  readonly scanners: Readonly<Record<string, ScannerSettings>>;
  /** Where settings, suppressions, policies and the baseline come from when a pull request is scanned; `base` when not given. */
  readonly configSource?: ConfigSource;
  /** Path of the baseline, `none`, or `auto`, which is meant when not given. */
  readonly baseline?: string;
  /** Findings that the baseline knows don't fail the build. */
  readonly newOnly?: boolean;
  /** Most known findings of a severity with which the build passes. */
  readonly maxKnown?: Readonly<Partial<Record<Severity, number>>>;
  /** Whether comments that a pull request adds silence findings of that pull request; `refuse` when not given. */
  readonly newInlineSuppressions?: NewInlineSuppressions;
  /** `@user` and `@organisation/team` whose approval such a comment may have, besides those of `CODEOWNERS`. */
  readonly suppressionApprovers?: readonly string[];
  /** Whether comments and files by which other tools are told to be silent count; `honour` when not given. */
  readonly foreignSuppressions?: ForeignSuppressions;
  /** Paths and globs of OpenVEX documents; none when not given. */
  readonly vex?: readonly string[];
  /** Findings that don't count; none when not given. */
  readonly suppressions?: readonly SuppressionEntry[];
}
