/** `auto`: as strong as the machine allows, with a warning below full. `required`: nothing runs below full. */
export const SANDBOX_MODES = ['auto', 'required', 'off'] as const;
export type SandboxMode = (typeof SANDBOX_MODES)[number];

/**
 * `full`: every probe of the hostile scanner is closed. `partial`: the environment, other processes'
 * memory, credentials, network and writing are closed, some ways to use up or leave traces are open.
 * `none`: the process has a clean environment and limits, nothing more.
 */
export type SandboxLevel = 'full' | 'partial' | 'none';

export type SandboxMechanism = 'bubblewrap' | 'sudo-bubblewrap' | 'landlock' | 'none';

/** How a scanner's process was confined. */
export interface Isolation {
  readonly level: SandboxLevel;
  readonly mechanism: SandboxMechanism;
  /** Version of bubblewrap or of the kernel's Landlock interface. */
  readonly version?: string;
  /** Absolute path of bubblewrap's program, which is the system's. */
  readonly program?: string;
  /** Hosts that the scanner could reach while it read the workspace; absent when it had no network. */
  readonly network?: readonly string[];
  /** Below full: why, in one sentence. */
  readonly reason?: string;
  /** Below full: what to do about it, in one line. */
  readonly remedy?: string;
}
