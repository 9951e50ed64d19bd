import type { SourceRange } from '../../core/index.js';
import type { ShellCommand, ShellWord } from '../../syntax/shell/index.js';

/** A literal credential in an argument. */
export interface LiteralArgument {
  readonly detector: 'password-argument' | 'url-password' | 'authorization-header';
  readonly range: SourceRange;
  /** The option that it belongs to, or the command's name. */
  readonly name: string;
}

/** Options whose value is a password, by command; `user:` means that only what follows a colon is one. */
const OPTIONS: ReadonlyMap<string, readonly (readonly [option: string, form: 'value' | 'attached' | 'user'])[]> = new Map([
  ['curl', [['-u', 'user'], ['--user', 'user'], ['--oauth2-bearer', 'value'], ['--proxy-user', 'user']]],
  ['wget', [['--password', 'value'], ['--http-password', 'value'], ['--ftp-password', 'value']]],
  ['sshpass', [['-p', 'value'], ['-p', 'attached']]],
  ['mysql', [['-p', 'attached'], ['--password', 'value']]],
  ['mysqldump', [['-p', 'attached'], ['--password', 'value']]],
  ['docker', [['-p', 'value'], ['--password', 'value']]],
  ['podman', [['-p', 'value'], ['--password', 'value']]],
  ['helm', [['--password', 'value']]],
  ['az', [['-p', 'value'], ['--password', 'value']]],
  ['twine', [['-p', 'value'], ['--password', 'value']]],
  ['redis-cli', [['-a', 'value'], ['--pass', 'value']]],
  ['gpg', [['--passphrase', 'value']]],
  ['argocd', [['--password', 'value']]],
  ['oc', [['--token', 'value'], ['-p', 'value']]],
  ['vault', [['-token', 'value']]],
]);

const USERINFO = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"$`]{1,100}:([^\s/@'"$`{}]{3,200})@/i;
const HEADER = /^(?:Authorization|X-Api-Key|X-Vault-Token|Private-Token|X-Auth-Token):\s*(?:Bearer |Basic |token )?([A-Za-z0-9._~+/=-]{8,4096})\s*$/i;
const PLACEHOLDER = /^(?:x+|\*+|<.*>|pass(?:word|wd)?|secret|token|change-?me|your[-_].*|example.*|user(?:name)?)$/i;

/** Literal passwords that a command gets in its arguments. Values never leave this function. */
export function literalArguments(command: ShellCommand): LiteralArgument[] {
  const found: LiteralArgument[] = [];
  const options = OPTIONS.get(command.name) ?? [];
  const login = (command.name !== 'docker' && command.name !== 'podman' && command.name !== 'az' && command.name !== 'oc') || command.operands.includes('login');
  const { words } = command;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const { value } = word;
    const url = value.includes('://') ? USERINFO.exec(value) : null;
    if (url !== null && !PLACEHOLDER.test(url[1] as string)) found.push({ detector: 'url-password', range: word.range, name: command.name });
    if (!word.literal) continue;
    const header = command.name === 'curl' || command.name === 'wget' ? HEADER.exec(value) : null;
    if (header !== null && !PLACEHOLDER.test(header[1] as string)) found.push({ detector: 'authorization-header', range: word.range, name: value.slice(0, value.indexOf(':')) });
    if (!login) continue;
    for (const [option, form] of options) {
      const holder = optionValue(words, i, option, form);
      if (holder === undefined) continue;
      const text = form === 'user' ? (holder.value.split(':', 2)[1] ?? '') : holder.value;
      if (text.length >= 3 && !PLACEHOLDER.test(text) && !text.startsWith('-')) {
        found.push({ detector: 'password-argument', range: holder.word.range, name: option });
        break;
      }
    }
  }
  return found;
}

function optionValue(words: readonly ShellWord[], index: number, option: string, form: 'value' | 'attached' | 'user'): { word: ShellWord; value: string } | undefined {
  const word = words[index] as ShellWord;
  if (form === 'attached') return word.value.length > option.length && word.value.startsWith(option) && !word.value.startsWith('--') ? { word, value: word.value.slice(option.length) } : undefined;
  if (option.startsWith('--') && word.value.startsWith(`${option}=`)) return { word, value: word.value.slice(option.length + 1) };
  const next = words[index + 1];
  return word.value === option && next?.literal === true ? { word: next, value: next.value } : undefined;
}
