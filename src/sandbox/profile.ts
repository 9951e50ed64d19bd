import { dirname } from 'node:path';
import { collectingCommand } from '../io/process-runner.js';
import type { ToolRequest } from '../io/process-runner.js';
import { realPath } from '../io/process-files.js';
import { contains, findExecutable } from '../io/process-path.js';
import { RELAY } from './relay.js';
import { toolPaths } from './tool-paths.js';

/** Where the sandbox has its own directories; the same in every mechanism that can choose them. */
export const INNER_HOME = '/home/scan';
export const INNER_TEMP = '/tmp';

/** Everything that a confined process may see and use: made from the request, granted nothing else. */
export interface Profile {
  readonly executable: string;
  readonly args: readonly string[];
  /** Absolute real path, read-only. */
  readonly workspace: string;
  /** Absolute path of the working directory. */
  readonly directory: string;
  /** Absolute paths outside the system's directories that can be read. */
  readonly readable: readonly string[];
  /** Absolute path of an empty directory in a readable one that can be written to, where the mechanism can by a private one in its place. */
  readonly output?: string;
  /** Absolute path of a directory that really is written to, for a database. */
  readonly fills?: string;
  /** Absolute real paths in the workspace that are blank. */
  readonly hidden: readonly string[];
  /** The whole environment but for home and temporary directory. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that must not be seen in an argument list, which every user of the machine can read. */
  readonly secrets: Readonly<Record<string, string>>;
  /** True: its way to the network is a Unix socket that is among what it can read. */
  readonly proxied: boolean;
  readonly memoryBytes: number;
  readonly timeoutMs: number;
}

/** What the sandbox knows about the run. */
export interface ProfileContext {
  /** The PATH that programs were looked up on. */
  readonly pathVariable: string;
  readonly hidden: readonly string[];
  /** Unix socket of the proxy that lets the declared hosts pass, where the mechanism can offer it. */
  readonly proxySocket?: string;
  /** Value of a secret by the name under which the capabilities declare it. */
  readonly secret: (name: string) => string | undefined;
}

/** A profile, or the name of a need that can't be granted. */
export type ProfileResult = { readonly profile: Profile } | { readonly refused: string };

/** Directories over which a workspace can't be mounted without opening the system. */
const IMPOSSIBLE_WORKSPACES = ['/', '/proc', '/dev', '/sys', '/etc', '/usr', '/bin', '/sbin', '/lib', '/lib64', '/run', '/var', '/tmp', '/home', '/out'];

/**
 * Turns a request into a profile by its capabilities. What can't be granted is refused by its name:
 * nothing is run without what it needs.
 */
export function createProfile(request: ToolRequest, context: ProfileContext): ProfileResult {
  const { capabilities, executable, limits } = request;
  const { network } = capabilities;
  if (network.length > 0 && context.proxySocket === undefined) {
    return { refused: `it needs the network (${network.join(', ')}), which is given in a full sandbox only` };
  }
  const workspace = realPath(request.workspace);
  if (workspace === undefined) return { refused: 'the workspace does not exist' };
  if (IMPOSSIBLE_WORKSPACES.includes(workspace)) {
    return { refused: `the workspace is the system directory ${workspace}; scan a folder in it instead` };
  }
  const secrets: Record<string, string> = {};
  for (const name of capabilities.secrets) {
    const value = context.secret(name);
    if (value === undefined) return { refused: `it needs the secret ${name}, which is not given` };
    secrets[name] = value;
  }
  const programs: string[] = [];
  for (const name of capabilities.programs ?? []) {
    const lookup = findExecutable(name, context.pathVariable, workspace);
    if (!lookup.found) return { refused: `it needs the program ${name}, which is not installed` };
    programs.push(lookup.path);
  }
  const command = collectingCommand(request);
  const tool = toolPaths(executable, context.pathVariable, workspace);
  const others = programs.map((program) => toolPaths(program, context.pathVariable, workspace));
  // A tool may start what is installed beside it, where a link to it is not.
  const searchPath = [...[executable, ...programs].flatMap((path) => [dirname(path), dirname(realPath(path) ?? path)]), '/usr/local/bin', '/usr/bin', '/bin'];
  return {
    profile: {
      ...(network.length > 0 && context.proxySocket !== undefined ? relayed(command, context.proxySocket) : command),
      workspace,
      ...(request.result === undefined ? {} : { output: request.result.directory }),
      ...(request.fills === undefined ? {} : { fills: request.fills }),
      directory: request.directory ?? workspace,
      readable: [...new Set([...tool.readable, ...others.flatMap(({ readable }) => readable), ...request.readable, ...(network.length > 0 ? relayPaths(context) : [])])],
      // Found once a run in its workspace; a canary's workspace is ours and has none.
      hidden: context.hidden.filter((path) => contains(workspace, path)),
      environment: { ...request.env, PATH: [...new Set(searchPath)].join(':'), LANG: 'C.UTF-8', ...tool.environment },
      secrets,
      proxied: network.length > 0,
      memoryBytes: limits.memoryBytes,
      timeoutMs: limits.timeoutMs,
    },
  };
}

function relayed({ executable, args }: { readonly executable: string; readonly args: readonly string[] }, socket: string): { executable: string; args: string[] } {
  return { executable: process.execPath, args: ['-e', RELAY, '--', socket, executable, ...args] };
}

/** The socket, and Node itself. */
function relayPaths({ proxySocket, pathVariable }: ProfileContext): string[] {
  return [...(proxySocket === undefined ? [] : [proxySocket]), ...toolPaths(process.execPath, pathVariable, '/nonexistent').readable];
}
