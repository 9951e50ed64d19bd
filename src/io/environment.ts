/**
 * Every environment variable that Bartizan reads, and for what. No other is looked at;
 * inputs of the Action (`INPUT_…`) are read by `actions.ts` and listed in `action.yml`.
 */
export const ENVIRONMENT_VARIABLES = {
  PATH: 'where git and external scanners are looked for; entries inside the workspace are passed over',
  NO_COLOR: 'not empty: no colour',
  FORCE_COLOR: 'not empty and not 0: colour although standard output is no terminal',
  TERM: '`dumb`: no colour and no progress line',
  BARTIZAN_THREADS: 'how many threads judge files, 0 for none; by default as many as there are cores and work for',
  BARTIZAN_CACHE: 'absolute path of the folder that keeps results of earlier runs; in GitHub Actions there is none without it',
  BARTIZAN_SHARD_KEY: 'secret that the machines of a spread scan share, to tell their parts from forged ones',
  BARTIZAN_GITHUB_TOKEN: 'token with which `rollup --org` reads code scanning alerts, and `scan --online` asks about actions',
  GITHUB_ACTIONS: '`true` in a job of GitHub Actions',
  GITHUB_WORKSPACE: 'the directory that the Action scans by default',
  GITHUB_REPOSITORY: '`owner/name`, to publish to',
  GITHUB_API_URL: 'address of the interface of GitHub or of an Enterprise Server',
  GITHUB_SERVER_URL: 'address of its pages, for links',
  GITHUB_EVENT_NAME: 'what started the run',
  GITHUB_EVENT_PATH: 'file with the details of the event',
  GITHUB_REF: 'what the run is for: a branch, a tag or a pull request',
  GITHUB_SHA: 'the commit that the run is for',
  GITHUB_WORKFLOW: 'with the job, tells our comment from that of another job',
  GITHUB_JOB: 'see GITHUB_WORKFLOW',
  GITHUB_RUN_ID: 'for links to the run',
  GITHUB_RUN_ATTEMPT: 'tells repeated runs apart',
  GITHUB_ACTOR: '`dependabot[bot]` has a token that may only read',
  RUNNER_TOOL_CACHE: 'where a runner keeps installed tools',
  XDG_CACHE_HOME: 'where installed tools are kept outside of a runner',
  HOME: 'see XDG_CACHE_HOME: its folder `.cache`',
  LOCALAPPDATA: 'see XDG_CACHE_HOME, on Windows',
  HTTPS_PROXY: 'proxy for installing tools',
  HTTP_PROXY: 'see HTTPS_PROXY',
  NO_PROXY: 'hosts that are reached without the proxy',
  https_proxy: 'see HTTPS_PROXY',
  http_proxy: 'see HTTPS_PROXY',
  no_proxy: 'see NO_PROXY',
  SSL_CERT_FILE: 'certificates that installers trust',
  PIP_INDEX_URL: 'Python index, when tools are installed from another one',
  PIP_CERT: 'certificates that pip trusts',
  GOPROXY: 'Go module proxy, when tools are installed from another one',
  NPM_CONFIG_REGISTRY: 'npm registry, when tools are installed from another one',
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
