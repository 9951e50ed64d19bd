import { readFileSync, statSync } from 'node:fs';
import type { Environment } from './environment.js';

/** A pull request as the event describes it. */
export interface PullRequest {
  readonly number: number;
  /** The newest commit of its branch. */
  readonly headSha: string;
  /** The head lies in another repository than the one that runs. */
  readonly fork: boolean;
}

/** What a `workflow_run` event says of the run that was finished. */
export interface FinishedRun {
  readonly headSha: string;
  readonly headBranch: string | undefined;
  readonly fork: boolean;
  /** Number of the pull request, where GitHub names exactly one. */
  readonly pullRequest: number | undefined;
}

/** The run of a workflow in GitHub Actions. */
export interface GitHubRun {
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly owner: string;
  readonly repo: string;
  /** Name of the event. */
  readonly event: string;
  readonly ref: string;
  readonly sha: string;
  /** Tells this job from others of the repository, the same in every run. */
  readonly job: string;
  /** Address of the page of this run. */
  readonly url: string;
  /** Tells this attempt from others. */
  readonly id: string;
  readonly actor: string;
  readonly pullRequest: PullRequest | undefined;
  readonly finishedRun: FinishedRun | undefined;
}

const MAX_EVENT_BYTES = 32 * 1_048_576;

/** The run that the environment describes; undefined outside of GitHub Actions. */
export function readRun(environment: Environment): GitHubRun | undefined {
  const [owner, repo, more] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  const { GITHUB_EVENT_NAME: event, GITHUB_REF: ref, GITHUB_SHA: sha } = environment;
  if (!owner || !repo || more !== undefined || !event || ref === undefined || sha === undefined) return undefined;
  const serverUrl = environment.GITHUB_SERVER_URL ?? 'https://github.com';
  const runId = environment.GITHUB_RUN_ID ?? '';
  const payload = readPayload(environment.GITHUB_EVENT_PATH);
  return {
    apiUrl: (environment.GITHUB_API_URL ?? 'https://api.github.com').replace(/\/$/, ''),
    serverUrl,
    owner,
    repo,
    event,
    ref,
    sha,
    job: `${environment.GITHUB_WORKFLOW ?? ''}\n${environment.GITHUB_JOB ?? ''}`,
    url: `${serverUrl}/${owner}/${repo}/actions/runs/${runId}`,
    id: `${runId}-${environment.GITHUB_RUN_ATTEMPT ?? '1'}-${environment.GITHUB_JOB ?? ''}`,
    actor: environment.GITHUB_ACTOR ?? '',
    pullRequest: pullRequestOf(payload),
    finishedRun: finishedRunOf(payload),
  };
}

/** The event's JSON, or nothing: what is missing then is only where to publish to. */
function readPayload(path: string | undefined): unknown {
  try {
    if (path === undefined || !statSync(path).isFile() || statSync(path).size > MAX_EVENT_BYTES) return undefined;
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function pullRequestOf(payload: unknown): PullRequest | undefined {
  const pull = field(payload, 'pull_request');
  const number = field(pull, 'number');
  const headSha = field(field(pull, 'head'), 'sha');
  if (!isNumber(number) || !isSha(headSha)) return undefined;
  const head = field(field(field(pull, 'head'), 'repo'), 'id');
  // A deleted fork has no repository any more.
  return { number, headSha, fork: head === undefined || head !== field(field(field(pull, 'base'), 'repo'), 'id') };
}

function finishedRunOf(payload: unknown): FinishedRun | undefined {
  const run = field(payload, 'workflow_run');
  const headSha = field(run, 'head_sha');
  if (!isSha(headSha)) return undefined;
  const branch = field(run, 'head_branch');
  const pulls = field(run, 'pull_requests');
  const number = Array.isArray(pulls) && pulls.length === 1 ? field(pulls[0], 'number') : undefined;
  const head = field(field(run, 'head_repository'), 'id');
  return {
    headSha,
    headBranch: typeof branch === 'string' && branch !== '' ? branch : undefined,
    fork: head === undefined || head !== field(field(payload, 'repository'), 'id'),
    pullRequest: isNumber(number) ? number : undefined,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] ?? undefined : undefined;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isSha(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i.test(value);
}
