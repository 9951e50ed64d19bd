import type { ShellCommand, ShellScript } from '../../syntax/shell/index.js';
import { isSecretName } from './secret-names.js';

/** What follows for a command from the commands around it, by index of the command. */
export interface CommandSequence {
  readonly ignored: ReadonlySet<number>;
  readonly unchecked: ReadonlyMap<number, string>;
  readonly secretFile: ReadonlyMap<number, string>;
  readonly keepsSecret: ReadonlyMap<number, string>;
}

const WRITES = new Set(['>', '>>', '>|', '&>', '&>>']);

/** Derives statements about commands that need more than the command itself. Linear in the commands of a script. */
export function sequencesOf(script: ShellScript, text: string): CommandSequence {
  return { ignored: ignoredCommands(script, text), unchecked: uncheckedFolders(script, text), ...secretFiles(script, text) };
}

/** Commands behind which `|| true` or `|| :` stands. */
function ignoredCommands({ commands }: ShellScript, text: string): Set<number> {
  const found = new Set<number>();
  commands.forEach((command, index) => {
    if ((command.name !== 'true' && command.name !== ':') || command.words.length > 0) return;
    const before = text.slice(Math.max(0, command.range.start - 200), command.range.start);
    const operator = /\|\|\s*$/.exec(before);
    if (operator === null) return;
    const end = command.range.start - (operator[0].length);
    for (let other = index - 1; other >= 0 && other >= index - 50; other--) {
      const candidate = commands[other] as ShellCommand;
      if (candidate.parent === command.parent && candidate.range.end <= end && text.slice(candidate.range.end, end).trim() === '') {
        found.add(other);
        break;
      }
    }
  });
  return found;
}

const RELATIVE = /^(?!-|\/|~|\$|["'])[\w.*]/;

function destroysHere({ name, flags, operands }: ShellCommand): boolean {
  if (name === 'rm') return operands.some((operand) => RELATIVE.test(operand));
  if (name === 'mv') return operands.slice(0, -1).some((operand) => RELATIVE.test(operand));
  if (name === 'git') return operands[0] === 'clean' || (operands[0] === 'reset' && flags.includes('--hard'));
  if (name === 'docker-compose') return operands[0] === 'down';
  if (name === 'docker') return operands[0] === 'compose' && operands.includes('down');
  return name === 'find' && (flags.includes('-delete') || operands.includes('-delete')) && (operands[0] === undefined || operands[0] === '.');
}

/** `cd` to somewhere whose failure nothing notices, before a command that deletes in whatever folder it is. */
function uncheckedFolders({ commands, options }: ShellScript, text: string): Map<number, string> {
  const found = new Map<number, string>();
  if (options.errexit) return found;
  let change: ShellCommand | undefined;
  for (const command of commands) {
    if (command.name === 'cd' || command.name === 'pushd') {
      change = command.inCondition || command.operands.length === 0 || command.operands[0] === '..' || command.operands[0] === '-' || /^\s*(?:\|\||&&)/.test(text.slice(command.range.end, command.range.end + 20)) ? undefined : command;
    } else if (change !== undefined && change.inFunction === command.inFunction && change.parent === command.parent && destroysHere(command)) {
      if (!found.has(change.index)) found.set(change.index, command.text);
    }
  }
  return found;
}

/** Names of files that hold credentials by convention. */
const SECRET_FILE = /(?:^|\/)(?:[\w.-]*\.(?:pem|key|pgpass)|\.?netrc|\.pgpass|kubeconfig|credentials(?:\.json)?|id_(?:rsa|ed25519|ecdsa))$/i;
const KEY_FILE = /(?:^|\/)(?:[\w.-]*\.key|\.?netrc|\.pgpass|id_(?:rsa|ed25519|ecdsa))$/i;

/** Files that secrets are written into with the rights that everyone's umask leaves, and temporary ones that stay. */
function secretFiles(script: ShellScript, text: string): Pick<CommandSequence, 'secretFile' | 'keepsSecret'> {
  const secretFile = new Map<number, string>();
  const keepsSecret = new Map<number, string>();
  const { commands } = script;
  const writers = commands.filter((command) => command.name !== 'tee' ? command.redirects.some(({ operator }) => WRITES.has(operator)) : true);
  if (writers.length === 0) return { secretFile, keepsSecret };
  const temporary = new Map<string, number>();
  for (const { name, value } of script.assignments) {
    if (value === undefined || value.substitutions.length === 0) continue;
    const made = commands.find((command) => command.name === 'mktemp' && command.range.start >= value.range.start && command.range.end <= value.range.end);
    if (made !== undefined) temporary.set(name, made.index);
  }
  const masked = commands.find((command) => command.name === 'umask' && /^0?[0-7]?77$/.test(command.operands[0] ?? ''))?.index ?? Infinity;
  const trapped = commands.some(({ name, words }) => name === 'trap' && words.some(({ value }) => /^(?:EXIT|0)$/.test(value)));
  // What a `chmod` or `install` sets is looked at by the name of the file, wherever it stands.
  const narrowed = commands.filter(({ name, text: written }) => (name === 'chmod' || name === 'install') && /\b0?[4-7]00\b|go[-=]|u=rw/.test(written)).flatMap(({ words }) => words.map(({ value }) => value));
  for (const command of writers) {
    const target = targetOf(command);
    if (target === undefined || /^\/dev\/|^&|^\/proc\//.test(target)) continue;
    if (!writesSecret(command, target, script, text)) continue;
    const variable = /^\$\{?(\w+)\}?$/.exec(target)?.[1];
    const made = variable === undefined ? undefined : temporary.get(variable);
    if (made !== undefined) {
      if (!trapped) keepsSecret.set(made, variable as string);
      continue;
    }
    if (variable !== undefined && /^(?:GITHUB_|BASH_ENV$|RUNNER_)/.test(variable)) continue;
    if (command.index > masked || narrowed.includes(target) || [...temporary.keys()].some((name) => target.startsWith(`$${name}/`) || target.startsWith(`\${${name}}/`))) continue;
    secretFile.set(command.index, target);
  }
  return { secretFile, keepsSecret };
}

function targetOf(command: ShellCommand): string | undefined {
  const redirect = command.redirects.find(({ operator, descriptor }) => WRITES.has(operator) && descriptor !== '2');
  if (redirect?.target !== undefined) return redirect.target.value;
  return command.name === 'tee' ? command.operands[0] : undefined;
}

function writesSecret(command: ShellCommand, target: string, script: ShellScript, text: string): boolean {
  const prints = command.name === 'echo' || command.name === 'printf' || command.name === 'cat' || command.name === 'tee';
  if (prints) {
    const within = (name: string): boolean => isSecretName(name);
    if (command.words.some(({ variables }) => variables.some(within))) return true;
    for (const { body } of command.redirects) {
      if (body === undefined || body.quoted) continue;
      if (script.expansions.some(({ name, range, operator }) => range.start >= body.range.start && range.end <= body.range.end && operator !== '#' && isSecretName(name))) return true;
    }
    for (const { operator, target: word } of command.redirects) if (operator === '<<<' && word?.variables.some(within) === true) return true;
    // `printf … "$TOKEN" | tee file`
    if (command.name === 'tee' && /^(?:echo|printf)$/.test(command.pipedFrom[0] ?? '')) {
      const from = script.commands[command.index - 1];
      if (from !== undefined && from.pipedTo[0] === 'tee' && from.words.some(({ variables }) => variables.some(within))) return true;
    }
    return false;
  }
  // Secrets that are fetched, and keys that are made.
  if (/\b(?:vault (?:kv get|read)|secretsmanager get-secret-value|secrets versions access|keyvault secret show|op read|sops (?:-d|--decrypt|decrypt)|gpg (?:-d|--decrypt)|ansible-vault (?:view|decrypt)|get secret\b[^\n]*(?:base64|-o))/.test(command.text)) return !/\.(?:pub|crt|enc)$/.test(target);
  return (command.name === 'openssl' && /\bgen(?:rsa|pkey)\b/.test(text.slice(command.range.start, command.range.end)) && SECRET_FILE.test(target)) || (KEY_FILE.test(target) && (command.name === 'base64' || command.name === 'kubectl'));
}
