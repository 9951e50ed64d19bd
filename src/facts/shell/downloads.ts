import type { ShellCommand } from '../../syntax/shell/index.js';

const CHECKS = new Set(['sha256sum', 'sha512sum', 'sha384sum', 'sha1sum', 'shasum', 'b2sum', 'md5sum', 'cosign', 'minisign', 'signify', 'slsa-verifier', 'gpgv', 'rhash']);
const RUNNERS = /^(?:(?:ba|da|z|k)?sh|source|\.|python[\d.]*|node|perl|ruby|pwsh)$/;

/**
 * For commands that run a file which an earlier command of the same script downloaded, with no checksum
 * or signature checked in between: what was downloaded, by index of the command that runs it.
 */
export function downloadsRun(commands: readonly ShellCommand[]): ReadonlyMap<number, string> {
  const files = new Map<string, string>();
  const found = new Map<number, string>();
  for (const command of commands) {
    if (verifies(command)) files.clear();
    const file = downloaded(command);
    if (file !== undefined) files.set(normal(file.path), file.url);
    if (files.size === 0) continue;
    const run = RUNNERS.test(command.name) ? command.operands[0] : command.path;
    const url = run === undefined ? undefined : files.get(normal(run));
    // A bare name is looked up in PATH, not in the directory.
    if (url !== undefined && (RUNNERS.test(command.name) || command.path.includes('/'))) found.set(command.index, url);
  }
  return found;
}

function verifies(command: ShellCommand): boolean {
  if (CHECKS.has(command.name)) return true;
  if (command.name === 'gpg' || command.name === 'openssl') return command.words.some(({ value }) => /^(?:--verify|-verify|dgst|-d)$/.test(value));
  return command.name === 'gh' && command.operands[0] === 'attestation';
}

function downloaded(command: ShellCommand): { path: string; url: string } | undefined {
  if (command.name !== 'curl' && command.name !== 'wget') return undefined;
  const url = command.operands.find((operand) => operand.includes('://')) ?? command.operands[0];
  if (url === undefined) return undefined;
  const option = command.name === 'curl' ? /^(?:-[A-Za-z]*o|--output)(?:=(.*))?$/s : /^(?:-[A-Za-z]*O|--output-document)(?:=(.*))?$/s;
  for (let i = 0; i < command.words.length; i++) {
    const match = option.exec(command.words[i]?.value ?? '');
    if (match === null) continue;
    const path = match[1] ?? command.words[i + 1]?.value;
    return path === undefined || path === '-' ? undefined : { path, url };
  }
  const redirect = command.redirects.find(({ operator }) => operator === '>' || operator === '>>');
  if (redirect?.target !== undefined) return { path: redirect.target.value, url };
  if (command.name === 'wget' || command.flags.includes('-O') || command.flags.includes('--remote-name')) return { path: url.replace(/[?#].*$/s, '').replace(/^.*\//s, ''), url };
  return undefined;
}

function normal(path: string): string {
  return path.startsWith('./') ? path.slice(2) : path;
}
