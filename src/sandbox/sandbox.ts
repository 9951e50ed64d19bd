import { join } from 'node:path';
import type { Isolation, SandboxMode } from '../core/index.js';
import { createScratchDirectory, removeDirectory, writePrivateFiles } from '../io/process-directory.js';
import { realPath } from '../io/process-files.js';
import { watchMemory } from '../io/process-memory.js';
import { trustedDirectories } from '../io/process-path.js';
import { startAllowListProxy } from '../io/process-proxy.js';
import type { AllowListProxy } from '../io/process-proxy.js';
import { DEFAULT_LIMITS, plainRunner } from '../io/process-runner.js';
import type { Runner, ToolRequest } from '../io/process-runner.js';
import { runProcess } from '../io/processes.js';
import type { ProcessResult } from '../io/processes.js';
import { processRequest } from './command.js';
import { findHiddenFiles } from './hidden-files.js';
import { bubblewrap, judgeProbe, landlock, PROBE, sandboxFiles, seccompArchitecture, sudoBubblewrap } from './mechanisms.js';
import type { Machine, Mechanism, MechanismResult } from './mechanisms.js';
import { namespaceRestriction } from './namespace-restriction.js';
import { createProfile } from './profile.js';
import type { ProfileContext } from './profile.js';
import { remedyFor } from './remedy.js';
import { explainRefusal } from './undeclared-need.js';

/** What a sandbox is made for. */
export interface SandboxOptions {
  readonly mode: SandboxMode;
  /** Absolute path. */
  readonly workspace: string;
  /** The PATH that programs are looked up on. */
  readonly pathVariable: string;
  /** Value of a secret that a scanner declares; asked for at level full only. */
  readonly secret?: (name: string) => string | undefined;
  /** Whether a workspace file with the name of a credentials file is exactly what the repository holds. */
  readonly isPublic?: (path: string) => boolean;
  /** Mechanisms that are tried, strongest first; for tests. */
  readonly mechanisms?: readonly Mechanism['name'][];
  /** Absolute path in place of /proc/sys; for tests. */
  readonly kernelSettings?: string;
  readonly signal?: AbortSignal;
}

/** A runner that confines, to be closed when the last scanner has ended. */
export interface Sandbox extends Runner {
  close(): void;
}

const PROBE_TIMEOUT_MS = 10_000;
const ORDER: readonly Mechanism['name'][] = ['bubblewrap', 'sudo-bubblewrap', 'landlock'];

/**
 * The strongest confinement that this machine allows: each mechanism is tried by running its full
 * argument list once on the workspace itself, never assumed. Never rejects; a runner that must not
 * start anything answers every request with the reason.
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { mode, pathVariable, workspace } = options;
  const plain = (isolation: Isolation): Sandbox => ({
    ...plainRunner(trustedDirectories(pathVariable, workspace), isolation),
    close: () => {},
  });
  if (mode === 'off') return plain({ level: 'none', mechanism: 'none', reason: 'the sandbox is switched off' });

  let directory: string;
  try {
    directory = createScratchDirectory();
  } catch (error) {
    const reason = `no temporary directory could be made: ${(error as Error).message}`;
    return mode === 'required' ? refusing(reason) : plain({ level: 'none', mechanism: 'none', reason });
  }
  const close = (): void => removeDirectory(directory);
  const { chosen, reasons } = await choose(options, directory).catch((error: Error) => ({
    chosen: undefined,
    reasons: [`it could not be set up: ${error.message}`],
  }));
  const reason = reasons.join('; ');
  const remedy = remedyFor(process.platform, reasons);
  if (chosen === undefined || (mode === 'required' && chosen.mechanism.level !== 'full')) {
    if (mode === 'required') {
      close();
      return refusing(`the sandbox is required but ${chosen === undefined ? 'not available' : 'only partial'}: ${reason}. ${remedy}`);
    }
    close();
    return plain({ level: 'none', mechanism: 'none', reason, remedy });
  }
  const { mechanism, context } = chosen;
  const { level, name, version, program } = mechanism;
  return {
    isolation: {
      level,
      mechanism: name,
      ...(version === undefined ? {} : { version }),
      ...(program === undefined ? {} : { program }),
      ...(level === 'full' ? {} : { reason, remedy }),
    },
    run: (request) => confine(mechanism, request, context),
    close,
  };
}

interface Choice {
  readonly mechanism: Mechanism;
  readonly context: ProfileContext;
}

/** The first mechanism whose probe succeeds, and why those before it are not used. */
async function choose(options: SandboxOptions, directory: string): Promise<{ chosen?: Choice; reasons: readonly string[] }> {
  const { workspace, pathVariable } = options;
  if (process.platform !== 'linux') return { reasons: [`there is no sandbox for ${process.platform} yet`] };
  const architecture = seccompArchitecture(process.arch);
  if (architecture === undefined) return { reasons: [`there is no system call filter for ${process.arch}`] };
  const ownFiles = join(directory, 'files');
  writePrivateFiles(ownFiles, sandboxFiles(architecture));

  const machine: Machine = {
    platform: process.platform,
    architecture,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    pathVariable,
    workspace,
  };
  const builders: Record<Mechanism['name'], () => Promise<MechanismResult> | MechanismResult> = {
    bubblewrap: () => bubblewrap(machine, ownFiles, architecture),
    'sudo-bubblewrap': () => sudoBubblewrap(machine, ownFiles),
    landlock: () => landlock(machine, architecture),
  };
  const root = realPath(workspace) ?? workspace;
  const hidden = findHiddenFiles(root, options.isPublic);
  const reasons: string[] = hidden.incomplete === undefined ? [] : [hidden.incomplete];
  for (const name of options.mechanisms ?? ORDER) {
    const result = await builders[name]();
    if ('missing' in result) {
      reasons.push(`${name}: ${result.missing}`);
      continue;
    }
    const { mechanism } = result;
    const context: ProfileContext = {
      pathVariable,
      hidden: hidden.paths,
      secret: mechanism.level === 'full' && hidden.incomplete === undefined ? (options.secret ?? (() => undefined)) : () => undefined,
    };
    const problem = await probe(mechanism, options, context);
    if (problem === undefined) {
      // Nothing is called full of which a part was not looked through.
      const honest: Mechanism = hidden.incomplete === undefined ? mechanism : { ...mechanism, level: 'partial' };
      return { chosen: { mechanism: honest, context }, reasons };
    }
    const restriction = name === 'bubblewrap' && machine.uid !== 0 ? namespaceRestriction(options.kernelSettings) : undefined;
    reasons.push(`${name}: ${problem}${restriction === undefined ? '' : ` (${restriction})`}`);
  }
  return { reasons };
}

async function probe(mechanism: Mechanism, options: SandboxOptions, context: ProfileContext): Promise<string | undefined> {
  const result = await confine(
    mechanism,
    {
      tool: 'probe',
      ...PROBE,
      workspace: options.workspace,
      readable: [],
      capabilities: { network: [], secrets: [] },
      limits: { ...DEFAULT_LIMITS, timeoutMs: PROBE_TIMEOUT_MS },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
    context,
  );
  return judgeProbe(mechanism, result);
}

async function confine(mechanism: Mechanism, request: ToolRequest, context: ProfileContext): Promise<ProcessResult> {
  let scratch: string;
  try {
    scratch = createScratchDirectory();
  } catch (error) {
    return { status: 'not-started', error: `no temporary directory: ${(error as Error).message}` };
  }
  let proxy: AllowListProxy | undefined;
  try {
    const { network } = request.capabilities;
    const proxySocket = network.length > 0 && mechanism.level === 'full' ? join(scratch, 'proxy') : undefined;
    if (proxySocket !== undefined) proxy = await startAllowListProxy(proxySocket, network);
    const made = createProfile(request, proxySocket === undefined ? context : { ...context, proxySocket });
    if ('refused' in made) return { status: 'not-started', error: made.refused };
    const { memoryBytes } = request.limits;
    const command = mechanism.command(made.profile, scratch);
    const result = await runProcess({
      ...processRequest(command, request),
      onStart: (pid, stop) => watchMemory(pid, memoryBytes, stop),
    });
    return explainRefusal(request, result);
  } catch (error) {
    return { status: 'not-started', error: `the sandbox could not be set up: ${(error as Error).message}` };
  } finally {
    proxy?.close();
    removeDirectory(scratch);
  }
}

function refusing(reason: string): Sandbox {
  return {
    isolation: { level: 'none', mechanism: 'none', reason },
    run: () => Promise.resolve({ status: 'not-started', error: reason }),
    close: () => {},
  };
}
