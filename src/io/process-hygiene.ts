/**
 * Variables by which a runner hands its own tokens to every step: cache, artifacts, OIDC, repository.
 * Bartizan takes what it needs as inputs, so these are of use to an intruder alone.
 */
const TOKENS = [
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RUNTIME_URL',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_CACHE_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'GITHUB_TOKEN',
  'GH_TOKEN',
] as const;

/**
 * To be called first by a door: files that this process makes are its user's alone, and tokens that it was started
 * with are gone from its environment. (What the kernel shows in /proc/<pid>/environ stays; the sandbox hides it.)
 *
 * @returns the token for GitHub that a person or a job has set, for the commands that ask GitHub
 */
export function hardenProcess(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  process.umask(0o077);
  const token = environment['GH_TOKEN'] || environment['GITHUB_TOKEN'];
  for (const name of TOKENS) delete environment[name];
  return token || undefined;
}
