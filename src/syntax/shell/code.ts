const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'mksh', 'rbash']);

/** Whether a base name is a shell of the Bourne family. */
export function isShell(name: string): boolean {
  return SHELLS.has(name);
}

/** Index of the word behind the options of a shell, and what the options say. */
interface ShellCall {
  readonly operand: number;
  readonly code: boolean;
  readonly stdin: boolean;
}

function shellCall(values: readonly string[], from: number): ShellCall {
  let code = false;
  let stdin = false;
  let i = from;
  for (; i < values.length; i++) {
    const value = values[i] as string;
    if (value === '--') {
      i++;
      break;
    }
    if (value === '-') continue;
    if (!/^[-+]/.test(value)) break;
    if (value.startsWith('--')) {
      if (value === '--rcfile' || value === '--init-file') i++;
      continue;
    }
    const letters = value.slice(1);
    if (letters.includes('c')) code = true;
    if (letters.includes('s')) stdin = true;
    if (/[oO]$/.test(letters)) i++;
  }
  return { operand: i, code, stdin };
}

/**
 * Indexes of the arguments that a command runs as shell code.
 * @param values the arguments' values, the name not included
 */
export function codeWords(name: string, values: readonly string[]): readonly number[] {
  if (name === 'eval') return values.map((_, index) => index).filter((index) => !(index === 0 && values[0] === '--'));
  if (isShell(name)) {
    const call = shellCall(values, 0);
    return call.code && call.operand < values.length ? [call.operand] : [];
  }
  switch (name) {
    case 'su':
    case 'runuser':
    case 'flock':
    case 'script': {
      const option = values.findIndex((value) => value === '-c' || value === '--command' || /^-[a-z]*c$/.test(value));
      return option !== -1 && option + 1 < values.length ? [option + 1] : [];
    }
    case 'trap': {
      const at = values[0] === '--' ? 1 : 0;
      const code = values[at];
      return values.length > at + 1 && code !== undefined && code !== '-' && code !== '' && !code.startsWith('-') ? [at] : [];
    }
    case 'find': {
      const exec = values.findIndex((value) => /^-(?:exec|execdir|ok|okdir)$/.test(value));
      if (exec === -1 || !isShell((values[exec + 1] ?? '').replace(/^.*\//, ''))) return [];
      const call = shellCall(values, exec + 2);
      return call.code && call.operand < values.length ? [call.operand] : [];
    }
    default:
      return [];
  }
}

/** Whether a shell called with these arguments reads its script from standard input. */
export function readsScriptFromStdin(name: string, values: readonly string[]): boolean {
  if (!isShell(name)) return false;
  const call = shellCall(values, 0);
  return !call.code && (call.stdin || call.operand >= values.length);
}
