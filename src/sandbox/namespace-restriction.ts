import { readStart } from '../io/process-files.js';

/** Settings of the kernel by which user namespaces are refused to ordinary users, below /proc/sys. */
const SETTINGS: readonly (readonly [path: string, refuses: string, why: string])[] = [
  // Ubuntu 23.10 and later, hosted runners from ubuntu-24.04 on: https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces
  ['kernel/apparmor_restrict_unprivileged_userns', '1', 'AppArmor restricts user namespaces on this machine'],
  // Debian's and Arch Linux's hardened kernels.
  ['kernel/unprivileged_userns_clone', '0', 'the setting kernel.unprivileged_userns_clone forbids user namespaces'],
  ['user/max_user_namespaces', '0', 'the setting user.max_user_namespaces forbids user namespaces'],
];

/** Why this machine refuses user namespaces to ordinary users, as far as its settings tell; `root` stands for /proc/sys in tests. */
export function namespaceRestriction(root = '/proc/sys'): string | undefined {
  return SETTINGS.find(([path, refuses]) => readStart(`${root}/${path}`, 16)?.toString('latin1').replaceAll('\0', '').trim() === refuses)?.[2];
}
