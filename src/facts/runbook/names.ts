import { normalize } from 'node:path/posix';

const RESERVED = /^(?:RUNBOOK_(?:API_TOKEN|CORRELATION_ID|URL|RECURSION_STACK|H_\w+|HEADERS|EXEC_DIR_HOST)|ATTUNE_\w+|LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_\w+|BASH_ENV|ENV|IFS|PYTHONPATH|PYTHONSTARTUP|NODE_OPTIONS|PERL5OPT|PERL5LIB|RUBYOPT|GIT_SSH_COMMAND|PROMPT_COMMAND|PATH)$/;

/** Names that a platform sets itself or that change how programs are loaded. */
export function isReserved(name: string): boolean {
  return RESERVED.test(name);
}

/** Whether a path can lead out of the folder that it is relative to. */
export function escapes(path: string): boolean {
  const trimmed = path.trim();
  if (/^(?:\/|~|[A-Za-z]:[\\/])/.test(trimmed) || /[*?$[\]]/.test(trimmed)) return true;
  const normal = normalize(trimmed.replaceAll('\\', '/'));
  return normal === '..' || normal.startsWith('../');
}
