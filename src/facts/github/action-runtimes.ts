/**
 * First major version of an action that is still supported: the ones before it were made for a Node
 * runtime that runners no longer have (12 and 16, replaced in 2024) or need a service that was shut
 * down (the first cache and artifact services, 2025). From GitHub's changelog and each action's releases.
 */
const FIRST_SUPPORTED: Readonly<Record<string, readonly [major: number, why: string]>> = {
  // Of version 3, the newest use the new service.
  'actions/cache': [3, 'the cache service that it uses was shut down'],
  'actions/upload-artifact': [4, 'the artifact service that it uses was shut down'],
  'actions/download-artifact': [4, 'the artifact service that it uses was shut down'],
  'actions/checkout': [4, 'it was made for Node 16 or older'],
  'actions/setup-node': [4, 'it was made for Node 16 or older'],
  'actions/setup-python': [5, 'it was made for Node 16 or older'],
  'actions/setup-java': [4, 'it was made for Node 16 or older'],
  'actions/setup-go': [5, 'it was made for Node 16 or older'],
  'actions/setup-dotnet': [4, 'it was made for Node 16 or older'],
  'actions/github-script': [7, 'it was made for Node 16 or older'],
  'actions/labeler': [5, 'it was made for Node 16 or older'],
  'actions/stale': [9, 'it was made for Node 16 or older'],
  'actions/configure-pages': [4, 'it was made for Node 16 or older'],
  'actions/deploy-pages': [4, 'the artifact service that it uses was shut down'],
  'actions/upload-pages-artifact': [3, 'the artifact service that it uses was shut down'],
  'docker/build-push-action': [5, 'it was made for Node 16 or older'],
  'docker/login-action': [3, 'it was made for Node 16 or older'],
  'docker/metadata-action': [5, 'it was made for Node 16 or older'],
  'docker/setup-buildx-action': [3, 'it was made for Node 16 or older'],
  'docker/setup-qemu-action': [3, 'it was made for Node 16 or older'],
  'github/codeql-action/init': [3, 'GitHub no longer supports it'],
  'github/codeql-action/analyze': [3, 'GitHub no longer supports it'],
  'github/codeql-action/autobuild': [3, 'GitHub no longer supports it'],
  'github/codeql-action/upload-sarif': [3, 'GitHub no longer supports it'],
};

/** Why a version of an action is no longer supported, in words; `''` when it is, as far as is known. `version` is a tag or the comment behind a commit. */
export function outdatedReason(name: string, version: string): string {
  const known = Object.hasOwn(FIRST_SUPPORTED, name) ? FIRST_SUPPORTED[name] : undefined;
  const major = /^v?(\d{1,4})(?:\.\d+){0,2}$/.exec(version)?.[1];
  return known === undefined || major === undefined || Number(major) >= known[0] ? '' : known[1];
}
