import { readFileSync, readdirSync } from 'node:fs';

const WATCH_INTERVAL_MS = 100;

/**
 * Stops a process when it and everything below it use more resident memory than allowed; limits of
 * one process say nothing about many. Returns how to end the watch, which does not keep Node alive.
 */
export function watchMemory(pid: number, maxBytes: number, stop: (reason: string) => void, isShort: () => boolean = memoryIsShort): () => void {
  const timer = setInterval(() => {
    const bytes = residentMemory(pid);
    if (bytes > maxBytes) stop(`used more than ${Math.round(maxBytes / 1_048_576)} MB of memory`);
    // Many small files in memory, say, are the kernel's memory and nobody's.
    else if (isShort()) stop('the machine has hardly any memory left');
  }, WATCH_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Below these the kernel would soon end processes of its choice, the runner's among them. */
const SHORT_BYTES = 128 * 1_048_576;
const SHORT_SHARE = 0.02;

/** Whether the text of /proc/meminfo says that less than 128 MiB and 2 % of the machine's memory are to be had. */
export function isMemoryShort(text: string): boolean {
  const kilobytes = (name: string): number | undefined => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const available = kilobytes('MemAvailable');
  const total = kilobytes('MemTotal');
  return available !== undefined && total !== undefined && available * 1024 < Math.min(SHORT_BYTES, total * 1024 * SHORT_SHARE);
}

function memoryIsShort(): boolean {
  try {
    return isMemoryShort(readFileSync('/proc/meminfo', 'latin1'));
  } catch {
    return false;
  }
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
