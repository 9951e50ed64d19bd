/** The one line that tells how to get the full sandbox, from why each mechanism is not used. */
export function remedyFor(platform: NodeJS.Platform, reasons: readonly string[]): string {
  if (platform !== 'linux') return 'Run it on a Linux runner to have the full sandbox.';
  const text = reasons.join('\n');
  if (/too many/.test(text)) return 'Scan a smaller folder, or check out into an empty one.';
  if (/`bwrap` is not installed/.test(text)) return 'Install it: sudo apt-get install -y bubblewrap';
  if (/`(prlimit|setpriv)` is not installed/.test(text)) return 'Install it: sudo apt-get install -y util-linux';
  if (/too old|unknown option/i.test(text)) return 'Install bubblewrap 0.8 or later.';
  if (/AppArmor restricts/.test(text)) {
    return 'Allow it to bwrap alone: sudo apt-get install -y apparmor-profiles && sudo apparmor_parser -r /usr/share/apparmor/extra-profiles/bwrap-userns-restrict';
  }
  if (/the setting [\w.]+ forbids/.test(text)) return `Change it: sudo sysctl -w ${/unprivileged_userns_clone/.test(text) ? 'kernel.unprivileged_userns_clone=1' : 'user.max_user_namespaces=10000'}`;
  if (/uid map|namespace|not permitted|permission denied|no permissions/i.test(text)) {
    return 'Run the job on the runner itself instead of in a container, or allow user namespaces to bwrap.';
  }
  return 'See docs/threat-model.md for what the full sandbox needs.';
}
