import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The requests that are made. */
const ROUTES = [
  ['post', '/repos/{owner}/{repo}/code-scanning/sarifs'],
  ['get', '/repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}'],
  ['post', '/repos/{owner}/{repo}/check-runs'],
  ['patch', '/repos/{owner}/{repo}/check-runs/{check_run_id}'],
  ['get', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['post', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['patch', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ['get', '/user'],
  ['get', '/repos/{owner}/{repo}/git/commits/{commit_sha}'],
  ['get', '/repos/{owner}/{repo}/contents/{path}'],
  ['get', '/repos/{owner}/{repo}/git/blobs/{file_sha}'],
  ['get', '/repos/{owner}/{repo}/pulls/{pull_number}/reviews'],
  ['get', '/orgs/{org}/teams/{team_slug}/memberships/{username}'],
  ['get', '/repos/{owner}/{repo}/code-scanning/analyses'],
  ['get', '/repos/{owner}/{repo}/code-scanning/analyses/{analysis_id}'],
  ['get', '/advisories'],
  ['get', '/repos/{owner}/{repo}'],
  ['get', '/users/{username}'],
  ['get', '/repos/{owner}/{repo}/tags'],
  ['get', '/repos/{owner}/{repo}/branches'],
  ['get', '/repos/{owner}/{repo}/compare/{basehead}'],
  ['get', '/repos/{owner}/{repo}/git/ref/{ref}'],
] as const;

interface Description {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: unknown; readonly requestBody?: unknown; readonly responses: Readonly<Record<string, { readonly description?: string }>> }>>>>;
}

/**
 * The part of GitHub's published OpenAPI description that the loopback GitHub of the tests checks requests against.
 * The package itself is 385 MB, too much for every `npm ci`.
 */
export function extract(description: Description): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [method, path] of ROUTES) {
    const operation = description.paths[path]?.[method];
    if (operation === undefined) throw new Error(`GitHub's description has no ${method} ${path}`);
    const { parameters = [], requestBody, responses } = operation;
    const answers = Object.fromEntries(Object.entries(responses).map(([status, { description: text }]) => [status, text ?? '']));
    paths[path] = { ...paths[path], [method]: { parameters, ...(requestBody !== undefined && { requestBody }), responses: answers } };
  }
  return { source: `@octokit/openapi ${description.info.version}, api.github.com, MIT`, paths };
}

// npm install --no-save --ignore-scripts @octokit/openapi && npx tsc && node build/scripts/github-openapi.js
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
  const folder = resolve(process.argv[2] ?? join(root, 'node_modules/@octokit/openapi'));
  const description = JSON.parse(readFileSync(join(folder, 'generated/api.github.com.deref.json'), 'utf8')) as Description;
  writeFileSync(join(root, 'test/github/openapi.json'), `${JSON.stringify(extract(description), null, 1)}\n`);
}
