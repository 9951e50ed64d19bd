import { readFileSync, readdirSync } from 'node:fs';

const WATCH_INTERVAL_MS = 100;

/**
 * Stops a process when it and everything below it use more resident memory than allowed; limits of
 * one process say nothing about many. Returns how to end the watch, which does not keep Node alive.
 */
export function watchMemory(pid: number, maxBytes: number, stop: (reason: string) => void): () => void {
  const timer = setInterval(() => {
    const bytes = residentMemory(pid);
    if (bytes > maxBytes) stop(`used more than ${Math.round(maxBytes / 1_048_576)} MB of memory`);
  }, WATCH_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Resident memory in bytes of a process and everything below it, from /proc; 0 elsewhere than on
 * Linux. Memory that processes share counts for each of them.
 */
export function residentMemory(root: number): number {
  let bytes = 0;
  const waiting = [root];
  for (let pid = waiting.pop(), seen = 0; pid !== undefined && seen < 65_536; pid = waiting.pop(), seen++) {
    try {
      const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
      bytes += Number(kilobytes ?? 0) * 1024;
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1');
        for (const child of children.split(' ')) if (child !== '') waiting.push(Number(child));
      }
    } catch {
      // Ended meanwhile.
    }
  }
  return bytes;
}
