import type { GitHub } from '../io/github.js';
import { NO_ANSWER, referenceKey, type OnlineAnswer, type OnlineReference } from './answer.js';
import { createQuestions, OutOfBudget, type Questions } from './budget.js';
import { isBehind, namedCommits, repositoryState, type NamedCommit } from './repository.js';

/** Answers by `referenceKey`. */
export interface OnlineAnswers {
  readonly answers: ReadonlyMap<string, OnlineAnswer>;
  /** References that nothing was learnt of, since no more requests were to be made. */
  readonly unasked: number;
}

/** Asks about references; what was answered before is not asked again. */
export type AskOnline = (references: Iterable<OnlineReference>, signal?: AbortSignal) => Promise<OnlineAnswers>;

/** A job's token may make 1,000 requests an hour, which other steps want too. */
const MAX_REQUESTS = 500;
/** Branches and tags whose history is searched for a commit: the default branch, which has nearly all, is the first. */
const MAX_COMPARED = 150;
/** What GitHub allows as names: anything else is not asked for. */
const OWNER = /^[a-z\d](?:[a-z\d-]{0,38})$/;
const REPOSITORY = /^[\w.-]{1,100}$/;
const COMMIT = /^[\da-f]{40}$/;

/**
 * Asks GitHub about references, one answer for each, however often it is used.
 * @throws GitHubError when GitHub can't be reached or refuses.
 */
export function createAskOnline(github: GitHub, most = MAX_REQUESTS): AskOnline {
  const questions = createQuestions(github, most);
  const known = new Map<string, OnlineAnswer>();
  return async (references, signal) => {
    const wanted = new Map([...references].filter(isAskable).map((reference) => [referenceKey(reference), reference]));
    let unasked = 0;
    for (const [key, reference] of [...wanted].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (known.has(key)) continue;
      if (signal?.aborted === true) unasked++;
      else {
        try {
          known.set(key, await answerOf(reference, questions));
        } catch (error) {
          if (!(error instanceof OutOfBudget)) throw error;
          unasked++;
        }
      }
    }
    return { answers: new Map([...wanted.keys()].flatMap((key) => (known.has(key) ? [[key, known.get(key) as OnlineAnswer] as const] : []))), unasked };
  };
}

function isAskable({ owner, repository, ref, commit }: OnlineReference): boolean {
  return OWNER.test(owner) && REPOSITORY.test(repository) && repository !== '.' && repository !== '..' && (commit ? COMMIT.test(ref.toLowerCase()) : ref.length > 0 && ref.length <= 250);
}

async function answerOf(reference: OnlineReference, questions: Questions): Promise<OnlineAnswer> {
  const { owner, repository, ref } = reference;
  const state = await repositoryState(owner, repository, questions);
  if (!state.found) return { ...NO_ANSWER, ownerMissing: state.ownerMissing };
  const { movedTo, archived } = state;
  const base = { ...NO_ANSWER, movedTo, archived };
  if (!reference.commit) return { ...base, branchAndTag: await isBoth(ref, owner, repository, questions) };
  return { ...base, ...(await ofCommit(reference, state.defaultBranch, questions)) };
}

/** GitHub takes the tag; who reads `@v1` can't tell which it is. */
async function isBoth(ref: string, owner: string, repo: string, questions: Questions): Promise<boolean> {
  const exists = async (kind: 'heads' | 'tags'): Promise<boolean> => {
    const answer = await questions.ask('GET /repos/{owner}/{repo}/git/ref/{ref}', { owner, repo, ref: `${kind}/${ref}` });
    return (answer?.data as { readonly ref?: unknown } | undefined)?.ref === `refs/${kind}/${ref}`;
  };
  return !ref.startsWith('refs/') && (await exists('tags')) && (await exists('heads'));
}

async function ofCommit({ owner, repository, ref, version }: OnlineReference, defaultBranch: string, questions: Questions): Promise<Partial<OnlineAnswer>> {
  const sha = ref.toLowerCase();
  const all = await namedCommits('tags', owner, repository, questions);
  const tags = all.list.filter((tag) => tag.sha === sha).map(({ name }) => name);
  const known = { tags, otherVersion: isOtherVersion(version, tags, all.list, all.complete) };
  if (tags.length > 0) return known;
  const untagged = all.complete && all.list.length > 0;
  const branches = await namedCommits('branches', owner, repository, questions);
  if (branches.list.some((branch) => branch.sha === sha)) return { ...known, untagged };
  const places = [...new Set([defaultBranch, ...branches.list.map(({ name }) => name), ...all.list.map(({ name }) => name)])].filter((name) => name !== '');
  for (const place of places.slice(0, MAX_COMPARED)) {
    if (await isBehind(sha, place, owner, repository, questions)) return { ...known, untagged };
  }
  // Where not everything could be searched, nothing is claimed.
  const searched = all.complete && branches.complete && places.length > 0 && places.length <= MAX_COMPARED;
  return { ...known, untagged: untagged && !searched, impostor: searched };
}

/** `v4` and `v4.1` stand for any tag of that version, wherever a tag of the name has moved since. */
function isOtherVersion(version: string, tags: readonly string[], all: readonly NamedCommit[], complete: boolean): boolean {
  if (version === '') return false;
  const wanted = bare(version);
  if (tags.some((tag) => bare(tag) === wanted || bare(tag).startsWith(`${wanted}.`))) return false;
  const exists = all.some(({ name }) => bare(name) === wanted);
  return exists || (tags.length > 0 && complete && tags.some((tag) => /^\d/.test(bare(tag))));
}

function bare(version: string): string {
  return version.replace(/^v(?=\d)/i, '').toLowerCase();
}
