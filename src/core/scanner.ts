import type { Diagnostic } from './diagnostic.js';
import type { FileEntry, Format, Inventory } from './document.js';
import type { Finding, KnownFinding } from './finding.js';
import type { Rule } from './rule.js';
import type { Isolation } from './sandbox.js';

/** What a scanner needs beyond reading the workspace. Nothing undeclared is granted. */
export interface Capabilities {
  /** Hosts reachable while scanning; empty means no network. */
  readonly network: readonly string[];
  /** Names of environment variables with secrets that this tool alone receives. */
  readonly secrets: readonly string[];
  /** Names of other programs that it starts and that are not installed with it, as `go`. */
  readonly programs?: readonly string[];
}

/** What a scanner is asked to do. */
export interface ScanRequest {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** The files that made the scanner apply, sorted by path. */
  readonly files: readonly FileEntry[];
  /** Settings of this scanner from the configuration, checked by the adapter. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Absolute path of the read-only directory that holds `ScanCommand.files` while the tool runs. */
  readonly configDirectory: string;
  /** Absolute path of an empty directory that the tool may write its result to, see `ScanCommand.resultFile`. */
  readonly outputDirectory: string;
  /** Text of a workspace file, to clamp regions and count columns; undefined when it can't be read. */
  readonly source: (path: string) => string | undefined;
  /**
   * Absolute path of the directory with the tool's vulnerability database, read-only; undefined when
   * there is none. Filled in a phase of its own, in which the tool has the network and no workspace.
   */
  readonly database?: string;
}

/** What to start the scanner's executable with: an argument list, never a shell string. */
export interface ScanCommand {
  readonly args: readonly string[];
  /** Configuration of ours for the tool: file name to text, placed into `ScanRequest.configDirectory`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Exit codes with which the tool has finished its work, findings or none. */
  readonly completedCodes: readonly number[];
  /** Text for standard input, if any. */
  readonly stdin?: string;
  /** Environment variables that the tool needs besides the clean ones that every child gets. Never a secret. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * `config`: it is started in `ScanRequest.configDirectory` and gets the workspace by absolute paths, because
   * it would obey a configuration of the workspace that no flag turns off. The workspace when not given.
   */
  readonly directory?: 'config';
  /**
   * Name of the file in `ScanRequest.outputDirectory` that the tool writes its result to, for tools that
   * can't print it: its content becomes `ScanOutput.stdout`, and what the tool prints joins `stderr`.
   */
  readonly resultFile?: string;
}

/** An option of a scanner in the configuration. */
export interface ScannerOption {
  readonly type: 'boolean' | 'string' | 'strings' | 'integer';
  /** One sentence for the documentation. */
  readonly description: string;
  /** The only strings that it can be. */
  readonly values?: readonly string[];
  /** Strings are paths of the workspace: relative, without `..`. */
  readonly path?: true;
}

/** The vulnerability database of a tool: fetched before the scan, never during it. */
export interface ScannerDatabase {
  /** Hosts that it is fetched from. */
  readonly hosts: readonly string[];
  /** Starts the tool's own download into a directory. */
  command(directory: string): Pick<ScanCommand, 'args' | 'env'>;
}

/** What the process gave back, bounded in size. */
export interface ScanOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What an adapter reads from a tool's output. Throws `ScannerOutputError` when it is not usable. */
export interface ParsedOutput {
  readonly rules: readonly Rule[];
  readonly findings: readonly Finding[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Why a scanner runs or not, for `--explain-plan`. */
export type Applicability =
  | { readonly applies: true; readonly reason: string; readonly files: readonly FileEntry[] }
  | { readonly applies: false; readonly reason: string };

/** One external tool. All members are pure; the process is started by `run/`. */
export interface Scanner {
  /** Lower-case name, also the name in `--only`, `--skip` and the configuration. */
  readonly name: string;
  /** Name of the program, looked up on the PATH. */
  readonly executable: string;
  readonly informationUri: string;
  readonly capabilities: Capabilities;
  /** The tool's own severity words and what they mean here; printed in the documentation. */
  readonly severityTable: Readonly<Record<string, string>>;
  /** `options` as in `ScanRequest`: what is scanned can depend on them (a target URL, an image). */
  applies(inventory: Inventory, options?: Readonly<Record<string, unknown>>): Applicability;
  /** Options of the configuration by name; a scanner without any takes none. */
  readonly options?: Readonly<Record<string, ScannerOption>>;
  /** What the tool's exit codes mean, for the documentation. The findings decide, never the code alone. */
  readonly exitCodes?: Readonly<Record<string, string>>;
  /** Version with which flags, exit codes and output were verified by running it; absent: after its documentation. */
  readonly verifiedWith?: string;
  readonly database?: ScannerDatabase;
  /** Arguments that print the version, and how to read it. */
  readonly version: { readonly args: readonly string[]; parse(stdout: string): string | undefined };
  /**
   * True when findings in a file don't depend on which other files are scanned with it, so that a
   * long list of files may be split over several processes.
   */
  readonly splittable: boolean;
  /**
   * True when what it reports is a function of the files that it is asked to read, its options and the program: it opens no
   * other file of the workspace and nothing of the machine, and asks nobody. Then its result is kept between runs.
   */
  readonly pure?: true;
  /** Resident memory in MB that it is expected to use, by which scanners are scheduled; 300 when not given. No limit. */
  readonly memoryMegabytes?: number;
  command(request: ScanRequest): ScanCommand;
  parse(output: ScanOutput, request: ScanRequest): ParsedOutput;
  /**
   * A known weakness that the tool must find in this environment before its silence about the
   * workspace means anything: a tool that is broken or tampered with is failed, not clean.
   */
  readonly canary?: Canary | NoCanary;
}

/** Small files of ours and what the tool reports in them. */
export interface Canary {
  /** By path below the canary's workspace, with `/`. */
  readonly files: Readonly<Record<string, { readonly format: Format; readonly text: string }>>;
  /** The rule that it must report; any finding at all will do where a database names the weaknesses. */
  readonly ruleId?: string;
  /** Files that the tool needs besides those that it is asked to look at, by path. */
  readonly around?: Readonly<Record<string, string>>;
  /** Options of the adapter, for a tool that does nothing without. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** A database of ours in place of the fetched one, by path, where no weakness is sure to be in that. */
  readonly database?: Readonly<Record<string, string>>;
}

/** Why a tool can't be tried on small files of ours. */
export interface NoCanary {
  readonly impossible: string;
}

/** The tool's output is truncated, not in its format, or says itself that it failed. */
export class ScannerOutputError extends Error {
  override readonly name = 'ScannerOutputError';
}

/** A vulnerability database that can be used and how old it is, or why there is none. */
export type DatabaseState = { readonly directory: string; readonly note: string } | { readonly problem: string };

/** How a scanner ended. A scanner that did not finish is never a clean scan. */
export type ScanOutcome =
  | { readonly status: 'completed'; readonly findings: readonly Finding[] }
  | { readonly status: 'skipped'; readonly reason: string }
  | { readonly status: 'failed'; readonly error: string; readonly partial: readonly Finding[] };

/** Everything that one tool gave to the run. */
export interface ScanResult {
  readonly tool: { readonly name: string; readonly version?: string; readonly informationUri?: string };
  readonly rules: readonly Rule[];
  readonly outcome: ScanOutcome;
  /** Findings that a person silenced, each with its `suppression`; the outcome doesn't hold them. */
  readonly suppressed?: readonly Finding[];
  /** Findings of the baseline that the scanner does not report any more; only of one that finished. */
  readonly absent?: readonly KnownFinding[];
  readonly diagnostics: readonly Diagnostic[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly exitCode?: number;
  /** How an external scanner was confined; absent when it was not started. */
  readonly isolation?: Isolation;
}
