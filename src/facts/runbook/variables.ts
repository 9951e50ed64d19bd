import type { SourceRange } from '../../core/index.js';
import type { ShellScript } from '../../syntax/shell/index.js';
import type { DeclaredInputs } from '../common/parameters.js';

/** Set by shells, login or the platforms that run scripts. */
const KNOWN =
  /^(?:HOME|PATH|PWD|OLDPWD|USER|LOGNAME|SHELL|TERM|LANG|LC_\w+|TZ|IFS|PS[1-4]|TMPDIR|HOSTNAME|HOST|HOSTTYPE|OSTYPE|MACHTYPE|UID|EUID|GROUPS|PPID|RANDOM|SRANDOM|SECONDS|EPOCHSECONDS|EPOCHREALTIME|LINENO|SHLVL|SHELLOPTS|FUNCNAME|PIPESTATUS|pipestatus|REPLY|OPTARG|OPTIND|OPTERR|COLUMNS|LINES|EDITOR|PAGER|DISPLAY|MAIL|FUNCNEST|DIRSTACK|MAPFILE|BASH\w*|ZSH_\w+|COMP_\w+|XDG_\w+|SSH_\w+|SUDO_\w+|CI|DEBIAN_FRONTEND|argv|status|RUNBOOK_\w+|ATTUNE_\w+|RD_\w+|SSM_\w+|AWS_SSM_\w+|AWS_REGION|AWS_DEFAULT_REGION|ST2_\w+|CURDIR|MAKE\w*|_|\d+|[@*#?$!-])$/;

/**
 * Variables that a script reads and that are neither declared nor set in it, in order of first use. What may be
 * unset is left out: `${X:-default}`, `${X:?message}`, `${X+set}` and tests of it. A script that sources a file sets what can not be known.
 */
export function undeclaredVariables(script: ShellScript, text: string, inputs: DeclaredInputs): { name: string; range: SourceRange }[] {
  if (script.commands.some(({ name }) => name === 'source' || name === '.' || name === 'eval')) return [];
  const set = new Set(script.assignments.map(({ name }) => name));
  for (const { name, words } of script.commands) {
    if (name === 'read' || name === 'mapfile' || name === 'readarray' || name === 'getopts' || name === 'printf' || name === 'export' || name === 'local' || name === 'declare' || name === 'let' || name === 'for' || name === 'select' || name === 'vared') {
      for (const word of words) if (/^\w+$/.test(word.value)) set.add(word.value);
    }
  }
  // Loop variables are no assignments in the tree.
  for (const [, name] of text.matchAll(/\b(?:for|select)[ \t]{1,20}(\w{1,100})\b/g)) set.add(name as string);
  const guarded = new Set(script.expansions.filter(({ operator }) => /^:?[-=?+]/.test(operator)).map(({ name }) => name));
  const found = new Map<string, SourceRange>();
  for (const { name, range, place, quoting } of script.expansions) {
    if (name === '' || !/^[A-Za-z_]\w*$/.test(name) || quoting === 'single' || place === 'for' || place === 'arithmetic' || place === 'unknown') continue;
    if (found.has(name) || set.has(name) || guarded.has(name) || KNOWN.test(name) || inputs.variable(name) !== undefined) continue;
    found.set(name, range);
  }
  return [...found].map(([name, range]) => ({ name, range }));
}
