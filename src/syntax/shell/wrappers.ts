/** A program that runs its remaining arguments as a command. */
interface Wrapper {
  /** Options whose value is the next word. */
  readonly values?: readonly string[];
  /** Operands in front of the command, such as the duration of `timeout`. */
  readonly operands?: number;
  /** `NAME=value` words in front of the command. */
  readonly assignments?: boolean;
  /** With one of these it does not run the command. */
  readonly unless?: readonly string[];
  /** Runs the command as root unless a user is named by one of these options. */
  readonly root?: readonly string[];
}

const SUDO = ['-u', '--user'];

/** From the manuals of sudo 1.9, doas, util-linux 2.40, GNU coreutils 9 and findutils 4.10, and bash's own builtins. */
const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ['sudo', { values: ['-u', '-g', '-h', '-p', '-C', '-T', '-U', '-D', '-R', '-r', '-t', '-a', '--user', '--group', '--host', '--prompt', '--chdir', '--chroot', '--close-from', '--role', '--type', '--other-user', '--command-timeout'], assignments: true, unless: ['-l', '--list', '-v', '--validate', '-e', '--edit', '-k', '-K'], root: SUDO }],
  ['doas', { values: ['-u', '-C', '-a'], root: SUDO }],
  ['runuser', { values: ['-u', '--user', '-g', '--group', '-G'], root: SUDO, unless: ['-c', '--command', '-l', '-'] }],
  ['env', { values: ['-u', '-C', '--unset', '--chdir'], assignments: true, unless: ['-S', '--split-string'] }],
  ['time', { values: ['-f', '-o', '--format', '--output'] }],
  ['coproc', {}],
  ['nice', { values: ['-n', '--adjustment'] }],
  ['ionice', { values: ['-c', '-n', '--class', '--classdata'], unless: ['-p', '--pid'] }],
  ['chrt', { operands: 1, unless: ['-p', '--pid'] }],
  ['nohup', {}],
  ['setsid', {}],
  ['stdbuf', { values: ['-i', '-o', '-e', '--input', '--output', '--error'] }],
  ['timeout', { values: ['-k', '-s', '--kill-after', '--signal'], operands: 1 }],
  ['gtimeout', { values: ['-k', '-s', '--kill-after', '--signal'], operands: 1 }],
  ['xargs', { values: ['-a', '-d', '-E', '-I', '-L', '-n', '-P', '-s', '--arg-file', '--delimiter', '--max-args', '--max-procs', '--max-lines', '--max-chars', '--replace'] }],
  ['command', { unless: ['-v', '-V'] }],
  ['builtin', {}],
  ['exec', { values: ['-a'] }],
  ['chroot', { operands: 1 }],
  ['unbuffer', {}],
  ['chronic', {}],
  ['fakeroot', {}],
  ['catchsegv', {}],
  ['flock', { values: ['-w', '-E', '--timeout', '--conflict-exit-code', '--wait'], operands: 1, unless: ['-c', '--command'] }],
  ['xvfb-run', { values: ['-e', '-f', '-n', '-p', '-s', '-w', '--error-file', '--auth-file', '--server-num', '--server-args', '--wait'] }],
  ['dbus-run-session', {}],
]);

const CONTAINER_GLOBAL = ['-H', '--host', '-c', '--context', '--config', '-l', '--log-level'];
const CONTAINER_EXEC = ['-e', '--env', '--env-file', '-u', '--user', '-w', '--workdir', '--detach-keys', '--index'];
const COMPOSE_GLOBAL = ['-f', '--file', '-p', '--project-name', '--profile', '--env-file', '--project-directory', '--parallel', '--ansi'];

const ASSIGNMENT = /^[A-Za-z_]\w*=/;

export interface Unwrapped {
  /** Index of the word that names the command. */
  readonly name: number;
  readonly wrappers: readonly string[];
  readonly root: boolean;
}

/** `curl` of `/usr/bin/curl`. A path that ends in `/` and text with a command substitution have no base name. */
export function baseName(path: string): string {
  if (path.includes('$(') || path.includes('`')) return '';
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Finds the command that a list of words runs. `words` are values, the first is the name as written. */
export function unwrap(words: readonly string[]): Unwrapped {
  const wrappers: string[] = [];
  let at = 0;
  let root = false;
  while (wrappers.length < 32) {
    const name = baseName(words[at] ?? '');
    const wrapper = WRAPPERS.get(name);
    const next = wrapper === undefined ? afterExec(name, words, at + 1) : afterWrapper(wrapper, words, at + 1);
    if (next === undefined || next.at >= words.length) break;
    wrappers.push(wrapper === undefined ? `${name} exec` : name);
    if (wrapper?.root !== undefined) root = next.user === undefined || next.user === 'root' || next.user === '0' || next.user === '#0';
    at = next.at;
  }
  return { name: at, wrappers, root };
}

interface Next {
  readonly at: number;
  readonly user?: string;
}

function afterWrapper(wrapper: Wrapper, words: readonly string[], from: number): Next | undefined {
  let user: string | undefined;
  let operands = wrapper.operands ?? 0;
  for (let i = from; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') {
      i++;
      return i + operands < words.length ? next(i + operands, user) : undefined;
    }
    if (word.startsWith('-') && word !== '-') {
      if (wrapper.unless?.includes(word) === true) return undefined;
      const takesValue = wrapper.values?.includes(word) === true;
      if (wrapper.root !== undefined) {
        if (wrapper.root.includes(word)) user = words[i + 1] ?? '';
        else if (word.startsWith('--user=')) user = word.slice(7);
        else if (/^-u./.test(word)) user = word.slice(2);
        // A cluster such as `-nu`: its last letter takes the value.
        else if (/^-[A-Za-z]+u$/.test(word)) {
          user = words[i + 1] ?? '';
          i++;
          continue;
        }
      }
      if (takesValue) i++;
      continue;
    }
    if (wrapper.assignments === true && ASSIGNMENT.test(word)) continue;
    if (operands > 0) {
      operands--;
      continue;
    }
    return next(i, user);
  }
  return undefined;
}

function next(at: number, user: string | undefined): Next {
  return user === undefined ? { at } : { at, user };
}

/** `docker exec [options] container command`, `docker compose exec service command`, `kubectl exec pod -- command`. */
function afterExec(name: string, words: readonly string[], from: number): Next | undefined {
  if (name === 'kubectl' || name === 'oc') {
    const separator = words.indexOf('--', from);
    return separator !== -1 && words.slice(from, separator).includes('exec') ? { at: separator + 1 } : undefined;
  }
  if (name !== 'docker' && name !== 'podman' && name !== 'nerdctl' && name !== 'docker-compose') return undefined;
  let at = operand(words, from, CONTAINER_GLOBAL);
  if (words[at] === 'container') at = operand(words, at + 1, CONTAINER_GLOBAL);
  else if (words[at] === 'compose') at = operand(words, at + 1, COMPOSE_GLOBAL);
  if (name === 'docker-compose') at = operand(words, from, COMPOSE_GLOBAL);
  if (words[at] !== 'exec') return undefined;
  return { at: operand(words, at + 1, CONTAINER_EXEC) + 1 };
}

/** Index of the first word from `from` that is neither an option nor its value. */
function operand(words: readonly string[], from: number, values: readonly string[]): number {
  let i = from;
  while (i < words.length && (words[i] as string).startsWith('-')) i += values.includes(words[i] as string) ? 2 : 1;
  return i;
}
