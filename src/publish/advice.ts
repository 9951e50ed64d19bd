import { GitHubError } from '../io/github.js';

/** What GitHub said and what to do about it. */
export interface Refusal {
  /** A sentence that quotes GitHub word for word. */
  readonly message: string;
  /** The token or a setting of the repository forbids it, so that trying again is no use. */
  readonly forbidden: boolean;
}

/** Messages of GitHub and what to do, the first that fits. Sources: its "Troubleshooting SARIF uploads" pages and its REST reference. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/advanced security|code security must|code scanning is not enabled|code quality/i, 'Switch code scanning on in the settings of the repository under "Advanced Security", or set `upload: off`.'],
  [/default setup is enabled/i, 'Switch the default setup of code scanning off in the settings of the repository, or set `upload: off`.'],
  [/archived/i, 'An archived repository takes no results: set `upload: off`.'],
  [/too many logical alerts|rejecting delivery/i, 'The repository has reached the limit of code scanning for all tools together; only GitHub support can clear it.'],
  [/same category|cannot contain multiple runs/i, 'Two uploads of this run have the same category: leave one of them out, or set `upload: off` in one.'],
  [/ref .*not found|commit not found|no commit found/i, 'The scanned commit is not on GitHub: push it first, or check out the commit of the run.'],
  [/unsuccessful execution/i, 'A scanner did not finish; its alerts stay as they are.'],
  [/sarif|artifact location|security severity|uri scheme|convert rules|more (?:runs|results|rules) than allowed/i, 'This is a defect of Bartizan: please report it with the SARIF file, whose path is the output `sarif-file`.'],
  [/rate limit|abuse detection/i, 'Too many requests were made with this token; run the job again later.'],
  [/bad credentials|requires authentication/i, 'The token of the input `github-token` is not valid.'],
];

/**
 * Explains a refused request. `permission` is what the job's token needs; `readOnly` why it may only read, if it is so.
 * Errors that are not GitHub's are thrown on.
 */
export function explainRefusal(what: string, error: unknown, permission: string, readOnly: string | undefined): Refusal {
  if (!(error instanceof GitHubError)) throw error;
  const { status, message } = error;
  const said = `${what}: GitHub says "${message.trim()}"${status === 0 ? '' : ` (${status})`}.`;
  const known = adviceFor(message);
  if (known !== undefined) return { message: `${said} ${known}`, forbidden: (status === 403 || status === 404) && !/rate limit|abuse/i.test(message) };
  if (status === 403 || status === 404) {
    const why = readOnly === undefined ? `Add \`${permission}\` to the permissions of the job.` : `${readOnly.slice(0, 1).toUpperCase()}${readOnly.slice(1)}.`;
    return { message: `${said} ${why}`, forbidden: true };
  }
  return { message: `${said} ${BY_STATUS[status] ?? (status >= 500 ? 'Run the job again later; githubstatus.com tells of disturbances.' : '')}`.trimEnd(), forbidden: false };
}

/** What to do about a message of GitHub, if it is a known one. */
export function adviceFor(message: string): string | undefined {
  return ADVICE.find(([pattern]) => pattern.test(message))?.[1];
}

const BY_STATUS: Readonly<Record<number, string>> = {
  0: 'Check that the runner reaches the server; nothing was published there.',
  401: 'The token of the input `github-token` is not valid.',
  413: 'The file is too large for GitHub: `exclude` what need not be reported, or `confidence: high`.',
  422: 'Please report this as a defect of Bartizan.',
  429: 'Too many requests were made with this token; run the job again later.',
};
