/** Modules that hand their text to a shell. */
const SHELLS = new Set(['shell', 'raw', 'win_shell', 'expect']);
/** Modules that run a command line without a shell. */
const COMMANDS = new Set(['command', 'win_command', 'script']);
/** Keywords of tasks, which are no modules. https://docs.ansible.com/ansible/latest/reference_appendices/playbooks_keywords.html#task */
const KEYWORDS = new Set([
  'action', 'any_errors_fatal', 'args', 'async', 'become', 'become_exe', 'become_flags', 'become_method', 'become_user', 'changed_when', 'check_mode', 'collections', 'connection',
  'debugger', 'delay', 'delegate_facts', 'delegate_to', 'diff', 'environment', 'failed_when', 'ignore_errors', 'ignore_unreachable', 'local_action', 'loop', 'loop_control',
  'module_defaults', 'name', 'no_log', 'notify', 'poll', 'port', 'register', 'remote_user', 'retries', 'run_once', 'tags', 'throttle', 'timeout', 'until', 'vars', 'when',
  'block', 'rescue', 'always', 'listen', 'first_available_file', 'sudo', 'sudo_user',
]);

/** Whether a key of a task names a module: anything that is no keyword and no `with_…` loop. */
export function isModule(key: string): boolean {
  return !KEYWORDS.has(key) && !key.startsWith('with_');
}

/** Name without the collections that Ansible itself comes with. */
export function shortName(module: string): string {
  return module.replace(/^(?:ansible\.(?:builtin|windows|legacy|posix)|community\.(?:general|windows))\./, '');
}

/** What reads the module's text: a shell, the platform's own splitting, or nothing. */
export function runsAs(module: string): '' | 'shell' | 'command' | 'powershell' {
  const name = shortName(module);
  if (name === 'win_shell') return 'powershell';
  if (SHELLS.has(name) && name !== 'expect') return 'shell';
  return COMMANDS.has(name) && name !== 'script' ? 'command' : name === 'script' ? 'command' : '';
}

/** Modules that fetch something from a URL, a repository or a registry, and the arguments that say what. */
export const FETCHES: Readonly<Record<string, { readonly from: string; readonly version: string; readonly kind: 'include' | 'image' | 'library' }>> = {
  git: { from: 'repo', version: 'version', kind: 'library' },
  get_url: { from: 'url', version: 'checksum', kind: 'include' },
  'community.docker.docker_container': { from: 'image', version: '', kind: 'image' },
  docker_container: { from: 'image', version: '', kind: 'image' },
};
