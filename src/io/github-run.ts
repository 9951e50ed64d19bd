import { readFileSync, statSync } from 'node:fs';
import type { Environment } from './environment.js';

/** A pull request as the event describes it. */
export interface PullRequest {
  readonly number: number;
  /** The newest commit of its branch. */
  readonly headSha: string;
  /** The head lies in another repository than the one that runs. */
  readonly fork: boolean;
  /** The commit that it is to be merged into, and the name of its branch. */
  readonly base?: BaseCommit | undefined;
}

/** A commit that changes are measured against. */
export interface BaseCommit {
  readonly sha: string;
  /** Name of its branch, where GitHub says it. */
  readonly branch: string | undefined;
}

/** What a `workflow_run` event says of the run that was finished. */
export interface FinishedRun {
  readonly headSha: string;
  readonly headBranch: string | undefined;
  readonly fork: boolean;
  /** Number of the pull request, where GitHub names exactly one. */
  readonly pullRequest: number | undefined;
  /** Base of that pull request. */
  readonly base?: BaseCommit | undefined;
  /** Event of the run that was finished. */
  readonly event?: string;
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
  /** Base of a merge queue's group. */
  readonly mergeGroupBase?: BaseCommit | undefined;
  /** The event is about a pull request without describing it, as comments are. */
  readonly aboutPullRequest?: boolean;
}

const MAX_EVENT_BYTES = 32 * 1_048_576;

/** The run that the environment describes; undefined outside of GitHub Actions. `matrix`: tells jobs of one matrix apart. */
export function readRun(environment: Environment, matrix = ''): GitHubRun | undefined {
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
    job: [environment.GITHUB_WORKFLOW ?? '', environment.GITHUB_JOB ?? '', ...(matrix === '' ? [] : [matrix])].join('\n'),
    url: `${serverUrl}/${owner}/${repo}/actions/runs/${runId}`,
    id: `${runId}-${environment.GITHUB_RUN_ATTEMPT ?? '1'}-${environment.GITHUB_JOB ?? ''}`,
    actor: environment.GITHUB_ACTOR ?? '',
    pullRequest: pullRequestOf(payload),
    finishedRun: finishedRunOf(payload),
    mergeGroupBase: baseCommit(field(field(payload, 'merge_group'), 'base_sha'), field(field(payload, 'merge_group'), 'base_ref')),
    aboutPullRequest: field(field(payload, 'issue'), 'pull_request') !== undefined,
  };
}

/**
 * The commit that decides about a run for foreign changes: whoever proposes them has no say in it. Undefined where there
 * is nothing to protect it from, as after a push, whose commit has been accepted already.
 *
 * - A pull request, and reviews of one: its base as the event states it.
 * - A merge queue: the commit below the group.
 * - A finished run of a pull request, and comments on one: the base where GitHub names it, otherwise the commit of this
 *   run, which is the newest of the default branch.
 *
 * Its `sha` is empty where there has to be one and the event does not state it: then nothing can be read of it.
 * Source: GitHub's pages "Events that trigger workflows" and "Webhook events and payloads".
 */
export function baseOf({ event, sha, pullRequest, finishedRun, mergeGroupBase, aboutPullRequest }: GitHubRun): BaseCommit | undefined {
  // The commit of these runs is the base itself, or the newest of the default branch.
  const own: BaseCommit = { sha, branch: undefined };
  if (event === 'pull_request_target') return pullRequest?.base ?? own;
  if (event === 'merge_group') return mergeGroupBase ?? UNKNOWN;
  if (event.startsWith('pull_request')) return pullRequest?.base ?? UNKNOWN;
  if (event === 'workflow_run') {
    const proposed = finishedRun?.event === undefined || finishedRun.event.startsWith('pull_request') || finishedRun.fork;
    return proposed ? (finishedRun?.base ?? own) : undefined;
  }
  if (pullRequest !== undefined) return pullRequest.base ?? UNKNOWN;
  return aboutPullRequest === true ? own : undefined;
}

const UNKNOWN: BaseCommit = { sha: '', branch: undefined };

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
  return { number, headSha, fork: head === undefined || head !== field(field(field(pull, 'base'), 'repo'), 'id'), base: baseOfPull(pull) };
}

function finishedRunOf(payload: unknown): FinishedRun | undefined {
  const run = field(payload, 'workflow_run');
  const headSha = field(run, 'head_sha');
  if (!isSha(headSha)) return undefined;
  const branch = field(run, 'head_branch');
  const event = field(run, 'event');
  const pulls = field(run, 'pull_requests');
  const number = Array.isArray(pulls) && pulls.length === 1 ? field(pulls[0], 'number') : undefined;
  const head = field(field(run, 'head_repository'), 'id');
  return {
    headSha,
    headBranch: typeof branch === 'string' && branch !== '' ? branch : undefined,
    fork: head === undefined || head !== field(field(payload, 'repository'), 'id'),
    pullRequest: isNumber(number) ? number : undefined,
    base: isNumber(number) ? baseOfPull((pulls as unknown[])[0]) : undefined,
    ...(typeof event === 'string' && { event }),
  };
}

function baseOfPull(pull: unknown): BaseCommit | undefined {
  return baseCommit(field(field(pull, 'base'), 'sha'), field(field(pull, 'base'), 'ref'));
}

function baseCommit(sha: unknown, ref: unknown): BaseCommit | undefined {
  if (!isSha(sha)) return undefined;
  return { sha: sha.toLowerCase(), branch: typeof ref === 'string' && ref !== '' ? ref.replace(/^refs\/heads\//, '') : undefined };
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
