import type { TriggerValue } from '../schema.js';

/** Who can fire an event of a public repository, and with which rights its run starts. */
export interface EventModel {
  readonly by: TriggerValue['by'];
  /** A run that an outsider starts has the repository's secrets or a token that may write. */
  readonly privileged: boolean;
}

const outsidersPrivileged: EventModel = { by: 'attacker', privileged: true };
const outsidersIsolated: EventModel = { by: 'attacker', privileged: false };
const collaborators: EventModel = { by: 'collaborator', privileged: false };

/**
 * From "Events that trigger workflows" and "Secure use reference" of GitHub's documentation.
 * Runs of `pull_request` from forks get a token that only reads and no secrets. Reviews and their
 * comments do so for pull requests from forks, but an outsider can also review a branch of the
 * repository itself, and that run is not restricted.
 */
const EVENTS: Readonly<Record<string, EventModel>> = {
  pull_request: outsidersIsolated,
  pull_request_target: outsidersPrivileged,
  pull_request_review: outsidersPrivileged,
  pull_request_review_comment: outsidersPrivileged,
  pull_request_comment: outsidersPrivileged,
  issues: outsidersPrivileged,
  issue_comment: outsidersPrivileged,
  discussion: outsidersPrivileged,
  discussion_comment: outsidersPrivileged,
  fork: outsidersPrivileged,
  watch: outsidersPrivileged,
  gollum: outsidersPrivileged,
  workflow_run: outsidersPrivileged,
  workflow_dispatch: { by: 'operator', privileged: false },
  repository_dispatch: { by: 'operator', privileged: false },
  schedule: { by: 'trusted', privileged: false },
  workflow_call: { by: 'unknown', privileged: false },
  push: collaborators,
  create: collaborators,
  delete: collaborators,
  release: collaborators,
  deployment: collaborators,
  deployment_status: collaborators,
  merge_group: collaborators,
  check_run: collaborators,
  check_suite: collaborators,
  status: collaborators,
  label: collaborators,
  milestone: collaborators,
  member: collaborators,
  page_build: collaborators,
  project: collaborators,
  project_card: collaborators,
  project_column: collaborators,
  public: collaborators,
  registry_package: collaborators,
  branch_protection_rule: collaborators,
  image_version: collaborators,
};

const UNKNOWN_EVENT: EventModel = { by: 'unknown', privileged: false };

/** Activity types of an event that people without write access can't cause. */
const COLLABORATOR_TYPES: Readonly<Record<string, ReadonlySet<string>>> = {
  issues: new Set(['labeled', 'unlabeled', 'assigned', 'unassigned', 'milestoned', 'demilestoned', 'pinned', 'unpinned', 'locked', 'unlocked', 'transferred', 'typed', 'untyped']),
  discussion: new Set(['labeled', 'unlabeled', 'pinned', 'unpinned', 'locked', 'unlocked', 'transferred', 'category_changed', 'answered', 'unanswered']),
};

/**
 * Who can fire an event, given the activity types it is limited to. A label on a pull request is set
 * by a collaborator, but on what an outsider wrote, so pull request events stay an outsider's.
 */
export function eventModel(event: string, types: readonly string[] = []): EventModel {
  const model = Object.hasOwn(EVENTS, event) ? (EVENTS[event] as EventModel) : UNKNOWN_EVENT;
  const limited = Object.hasOwn(COLLABORATOR_TYPES, event) ? COLLABORATOR_TYPES[event] : undefined;
  if (limited !== undefined && types.length > 0 && types.every((type) => limited.has(type))) {
    return { by: 'collaborator', privileged: true };
  }
  return model;
}

/** Events whose runs for outsiders are isolated from secrets and writing tokens. */
export function isIsolated(event: string): boolean {
  return event === 'pull_request';
}

const ORDER: readonly TriggerValue['by'][] = ['trusted', 'operator', 'collaborator', 'unknown', 'attacker'];

/** The one of the two who is trusted less. */
export function worstControl(a: TriggerValue['by'], b: TriggerValue['by']): TriggerValue['by'] {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}
