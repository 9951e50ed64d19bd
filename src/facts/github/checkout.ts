import { emptyValue } from '../empty.js';
import type { CheckoutValue, InputValue, UsesValue } from '../schema.js';
import { isAtLeast } from './versions.js';

/** Nothing is checked out. Shared; never changed. */
export const NO_CHECKOUT: CheckoutValue = Object.freeze(emptyValue('step').checkout);

/** A value with its expressions followed to where they come from. */
export interface ResolvedText {
  /** As written. */
  readonly text: string;
  /** Nothing in it is filled in. */
  readonly literal: boolean;
  /** Dotted contexts, lower case, that it can come from. */
  readonly contexts: readonly string[];
  /** An outsider chooses it, as far as it was followed. */
  readonly attacker: boolean;
}

/** Contexts that name an outsider's code, and the events in which they do. */
const HEADS: readonly (readonly [pattern: RegExp, mutable: boolean, events: readonly string[]])[] = [
  [/^github\.event\.pull_request\.head\.(?:ref|label)$/, true, ['pull_request_target', 'pull_request', 'pull_request_review', 'pull_request_review_comment']],
  [/^github\.event\.pull_request\.(?:head\.sha|merge_commit_sha)$/, false, ['pull_request_target', 'pull_request', 'pull_request_review', 'pull_request_review_comment']],
  [/^github\.event\.pull_request\.head\.repo\./, true, ['pull_request_target', 'pull_request', 'pull_request_review', 'pull_request_review_comment']],
  [/^github\.head_ref$/, true, ['pull_request_target', 'pull_request']],
  [/^github\.event\.workflow_run\.head_branch$/, true, ['workflow_run']],
  [/^github\.event\.workflow_run\.(?:head_sha|head_commit\.id)$/, false, ['workflow_run']],
  [/^github\.event\.workflow_run\.head_repository\./, true, ['workflow_run']],
  [/^github\.event\.workflow_run\.pull_requests(?:\[\d+\]|\.\d+|\.\*)\.head\.(?:ref|label)$/, true, ['workflow_run']],
  [/^github\.event\.workflow_run\.pull_requests(?:\[\d+\]|\.\d+|\.\*)\.head\.sha$/, false, ['workflow_run']],
];

/** Names that actions and scripts give to outputs with the head of a pull request. */
const HEAD_OUTPUT = /^(?:steps\.[^.]+|needs\.[^.]+)\.outputs\.(?:[a-z0-9_-]*head[a-z0-9_-]*|[a-z0-9_-]*(?:pr|pull)[_-][a-z0-9_-]*(?:ref|sha|branch|commit)[a-z0-9_-]*)$/;

/** What a ref says about whose code it selects. */
export interface RefOrigin {
  readonly untrusted: boolean;
  readonly mutable: boolean;
  /** Events in which it is an outsider's. */
  readonly events: readonly string[];
}

export const TRUSTED_REF: RefOrigin = { untrusted: false, mutable: false, events: [] };
/** Events in which an outsider's pull request can be meant without the event saying so itself. */
export const COMMENT_EVENTS = ['issue_comment', 'issues', 'pull_request_target', 'workflow_run', 'pull_request_review', 'pull_request_review_comment'];

/** Whose code a ref (or repository) selects, given the events that can start the job. */
export function originOfRef(value: ResolvedText, events: readonly string[]): RefOrigin {
  let untrusted = false;
  let mutable = false;
  const where = new Set<string>();
  const add = (isMutable: boolean, candidates: readonly string[]): void => {
    for (const event of candidates) {
      if (!events.includes(event)) continue;
      untrusted = true;
      mutable ||= isMutable;
      where.add(event);
    }
  };
  const pull = /refs\/(?:remotes\/)?pull\/|(?:^|\s|origin\/|\+)pull\//.test(value.text);
  // Which pull request it is does not matter: `refs/pull/` holds nothing but what outsiders propose.
  if (pull && !value.literal) add(true, COMMENT_EVENTS);
  for (const context of value.contexts) {
    for (const [pattern, isMutable, candidates] of HEADS) if (pattern.test(context)) add(isMutable, candidates);
    if (HEAD_OUTPUT.test(context)) add(!/sha|commit|oid/.test(context), COMMENT_EVENTS);
  }
  if (!untrusted && value.attacker) {
    add(!value.contexts.some((context) => /sha$/.test(context)), events.filter((event) => event !== 'push'));
  }
  return untrusted ? { untrusted, mutable, events: [...where] } : TRUSTED_REF;
}

/**
 * Versions of `actions/checkout` that refuse the code of a pull request from a fork in
 * `pull_request_target` and `workflow_run`: v7, and the moving majors v4 to v6 since the change was
 * brought to them in July 2026. What a commit contains can't be seen, so it is not assumed.
 */
function refusesForks(ref: string): boolean {
  if (/^v[4-6]$/.test(ref)) return true;
  const major = /^v(\d{1,4})(?:\.\d+){0,2}$/.exec(ref)?.[1];
  return major !== undefined && Number(major) >= 7;
}

/** What an `actions/checkout` step puts into the workspace. */
export function readCheckoutAction(
  uses: UsesValue,
  inputs: Readonly<Record<string, InputValue>>,
  resolve: (input: InputValue) => ResolvedText,
  events: readonly string[],
): CheckoutValue {
  const ref = inputs['ref'];
  const repository = inputs['repository'];
  const refOrigin = ref === undefined ? TRUSTED_REF : originOfRef(resolve(ref), events);
  const repositoryOrigin = repository === undefined ? TRUSTED_REF : originOfRef(resolve(repository), events);
  const untrusted = refOrigin.untrusted || repositoryOrigin.untrusted;
  const other = repository !== undefined && repository.text.trim() !== '' && !isOwnRepository(repository);
  const allowsUnsafe = isYes(inputs['allow-unsafe-pr-checkout']);
  const where = new Set([...refOrigin.events, ...repositoryOrigin.events]);
  const covered = untrusted && [...where].every((event) => event === 'pull_request_target' || event === 'workflow_run' || event === 'pull_request');
  const privileged = where.has('pull_request_target') || where.has('workflow_run');
  return {
    ...NO_CHECKOUT,
    kind: untrusted ? 'untrusted' : other ? 'other' : 'own',
    ref: ref?.text ?? '',
    mutableRef: untrusted && (refOrigin.untrusted ? refOrigin.mutable : true),
    path: inputs['path']?.text ?? '',
    persistsCredentials: !isNo(inputs['persist-credentials']),
    outsideWorkspace: isAtLeast(uses, 6, 0),
    allowsUnsafe,
    refused: covered && privileged && !allowsUnsafe && refusesForks(uses.ref),
  };
}

function isOwnRepository(repository: InputValue): boolean {
  return repository.contexts.length > 0 && repository.contexts.every((context) => /^github\.(?:repository|event\.repository\.full_name|event\.pull_request\.base\.repo\.full_name)$/i.test(context));
}

function isYes(input: InputValue | undefined): boolean {
  return input !== undefined && /^(?:true|yes|on|1)$/i.test(input.text.trim());
}

function isNo(input: InputValue | undefined): boolean {
  return input !== undefined && /^(?:false|no|off|0)$/i.test(input.text.trim());
}
