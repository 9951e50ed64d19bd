import { openSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC as it stands in /proc/self/fdinfo, in octal; the same on x86_64 and aarch64. */
const CLOSE_ON_EXEC = 0o2000000;
/** A runner that hands down more than this has other problems. */
const MAX_DESCRIPTOR = 4096;

let inherited: { readonly descriptors: readonly number[]; readonly nothing: number } | undefined;

/**
 * Descriptors above 2 that this process was itself started with and that its children would get:
 * Node closes its own on exec, but not what it was handed down. They may be anything, so children
 * get the null device in their place; `stdio` is the list for `child_process.spawn` to extend.
 */
export function coverInheritedDescriptors<T>(stdio: readonly T[]): (T | 'ignore' | number)[] {
  inherited ??= findInherited();
  const result: (T | 'ignore' | number)[] = [...stdio];
  for (const descriptor of inherited.descriptors) {
    if (descriptor < stdio.length) continue;
    while (result.length < descriptor) result.push('ignore');
    result[descriptor] = inherited.nothing;
  }
  return result;
}

/** They can't become more: they were there when this process began. */
function findInherited(): { descriptors: number[]; nothing: number } {
  const descriptors: number[] = [];
  if (process.platform === 'linux') {
    for (const name of readdirSync('/proc/self/fd')) {
      const descriptor = Number(name);
      if (descriptor > 2 && descriptor <= MAX_DESCRIPTOR && !closesOnExec(descriptor)) descriptors.push(descriptor);
    }
  }
  descriptors.sort((a, b) => a - b);
  return { descriptors, nothing: descriptors.length === 0 ? -1 : openSync('/dev/null', 'r') };
}

function closesOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
    return flags === undefined || (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) !== 0;
  } catch {
    // The one by which the list was read.
    return true;
  }
}
