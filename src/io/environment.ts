/**
 * Every environment variable that Bartizan reads, and for what. No other is looked at;
 * inputs of the Action (`INPUT_…`) are read by `actions.ts` and listed in `action.yml`.
 */
export const ENVIRONMENT_VARIABLES = {
  PATH: 'where git and external scanners are looked for; entries inside the workspace are passed over',
  NO_COLOR: 'not empty: no colour',
  FORCE_COLOR: 'not empty and not 0: colour although standard output is no terminal',
  TERM: '`dumb`: no colour and no progress line',
  GITHUB_ACTIONS: '`true` in a job of GitHub Actions',
  GITHUB_WORKSPACE: 'the directory that the Action scans by default',
  RUNNER_TEMP: 'where the Action writes its SARIF file by default',
  RUNNER_DEBUG: '`1`: debug logging is switched on for the job',
} as const;

export type EnvironmentVariable = keyof typeof ENVIRONMENT_VARIABLES;
export type Environment = Readonly<Partial<Record<EnvironmentVariable, string>>>;

/** The variables of the list above that are set; everything else, tokens above all, is left behind. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const result: Partial<Record<EnvironmentVariable, string>> = {};
  for (const name of Object.keys(ENVIRONMENT_VARIABLES) as EnvironmentVariable[]) {
    const value = variables[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}
