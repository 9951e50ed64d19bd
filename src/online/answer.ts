/** An action or reusable workflow of GitHub, as far as GitHub is asked about it. */
export interface OnlineReference {
  readonly owner: string;
  readonly repository: string;
  readonly ref: string;
  /** Ids of commits are asked for otherwise than names. */
  readonly commit: boolean;
  /** Version in the comment behind a commit: `v4.1.7`; empty when there is none. */
  readonly version: string;
}

/** What GitHub says of a reference. What could not be told is as if it were fine. */
export interface OnlineAnswer {
  /** Nobody has the name of its owner. */
  readonly ownerMissing: boolean;
  /** `owner/repository` that the name leads to by now; empty when it is itself. */
  readonly movedTo: string;
  readonly archived: boolean;
  /** On no branch and no tag of the repository. */
  readonly impostor: boolean;
  /** A commit that no tag stands for, in a repository that has tags. */
  readonly untagged: boolean;
  /** Tags that stand for the commit. */
  readonly tags: readonly string[];
  readonly branchAndTag: boolean;
  /** The version in the comment is not that of the commit. */
  readonly otherVersion: boolean;
}

/** Nothing is known, or nothing is wrong. */
export const NO_ANSWER: OnlineAnswer = Object.freeze({ ownerMissing: false, movedTo: '', archived: false, impostor: false, untagged: false, tags: [], branchAndTag: false, otherVersion: false });

/** What tells references apart. */
export function referenceKey({ owner, repository, ref, version }: OnlineReference): string {
  return `${owner}/${repository}@${ref} ${version}`;
}
