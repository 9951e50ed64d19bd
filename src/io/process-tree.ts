import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Environment variable that marks every process of a tree, so that those which left the process group are found. */
export const TREE_VARIABLE = 'BARTIZAN_PROCESS_TREE';

/**
 * Kills a process group leader and everything that it started. On Linux also descendants that
 * moved to a session of their own, found by their ancestry and by `TREE_VARIABLE` in their
 * environment; a process that hides from both is the sandbox's business (a PID namespace).
 * Errors mean that a process is gone already and are ignored.
 */
export function killTree(pid: number, mark: string): void {
  if (process.platform === 'win32') {
    // Windows has no process groups; taskkill follows the ancestry.
    spawn('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () => {});
    return;
  }
  // Found before the kill: afterwards orphans have another parent.
  const strays = process.platform === 'linux' ? findTree(pid, mark) : [];
  signal(-pid);
  for (const stray of strays) signal(stray);
  if (strays.length > 0) {
    // A second look for what was forked between the first look and the kill.
    for (const stray of findTree(pid, mark)) signal(stray);
  }
}

/** Process ids below `root` or marked with `mark`, from /proc. What is older than ourselves is neither. */
function findTree(root: number, mark: string): number[] {
  ownStart ??= readStat('self')?.start ?? 0;
  const parents = new Map<number, number>();
  const found = new Set<number>();
  const wanted = `${TREE_VARIABLE}=${mark}`;
  for (const name of processIds()) {
    const stat = readStat(name);
    if (stat === undefined || stat.start < ownStart) continue;
    parents.set(Number(name), stat.parent);
    try {
      if (readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(wanted)) found.add(Number(name));
    } catch {
      // Gone, or of another user.
    }
  }
  for (const pid of parents.keys()) {
    for (let at: number | undefined = pid, hops = 0; at !== undefined && hops < 1024; at = parents.get(at), hops++) {
      if (at === root) found.add(pid);
    }
  }
  found.delete(process.pid);
  return [...found];
}

/** When this process began, in clock ticks since the machine was started. */
let ownStart: number | undefined;

/** Parent and time of start of a process, or undefined when it is gone. */
function readStat(pid: string): { readonly parent: number; readonly start: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name stands in parentheses and may itself contain any character.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 20);
    return { parent: Number(fields[1]), start: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  } catch {
    return [];
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
