import { GitHubError, type GitHub } from '../io/github.js';

/** Runs of one upload: GitHub takes 20. */
const MAX_ANALYSES = 20;
const MAX_BYTES = 64_000_000;
const SARIF = 'application/sarif+json';

/** The last results that code scanning has of a branch, a SARIF log for each tool; or why there are none, in a sentence without its full stop. */
export type LastAnalyses = { readonly commit: string; readonly logs: readonly Uint8Array[] } | { readonly problem: string };

/**
 * Our own newest results of a branch: those of the commit that was uploaded last. Never rejects for what GitHub answers;
 * what is broken or cut off is a problem, since a part of what is known would look like all of it.
 */
export async function lastAnalyses(github: GitHub, { owner, repo }: { readonly owner: string; readonly repo: string }, branch: string): Promise<LastAnalyses> {
  const ref = `refs/heads/${branch}`;
  try {
    const { data } = await github.request('GET /repos/{owner}/{repo}/code-scanning/analyses', { owner, repo, ref, per_page: 100, sort: 'created', direction: 'desc' });
    const analyses = (Array.isArray(data) ? data : []).filter((one): one is Analysis => isAnalysis(one) && one.ref === ref && one.category.startsWith('bartizan/'));
    const commit = analyses[0]?.commit_sha;
    if (commit === undefined) return { problem: `code scanning has no results of Bartizan for ${branch}` };
    const categories = new Map<string, number>();
    for (const { category, commit_sha, id } of analyses) if (commit_sha === commit && !categories.has(category)) categories.set(category, id);
    const logs: Uint8Array[] = [];
    for (const id of [...categories.values()].slice(0, MAX_ANALYSES)) {
      logs.push(await github.download('GET /repos/{owner}/{repo}/code-scanning/analyses/{analysis_id}', { owner, repo, analysis_id: id }, { accept: SARIF, maxBytes: MAX_BYTES }));
    }
    return { commit, logs };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return { problem: `code scanning could not be asked: GitHub says "${error.message.trim().slice(0, 300)}"${error.status === 0 ? '' : ` (${error.status})`}` };
  }
}

interface Analysis {
  readonly id: number;
  readonly ref: string;
  readonly commit_sha: string;
  readonly category: string;
}

function isAnalysis(value: unknown): value is Analysis {
  if (value === null || typeof value !== 'object') return false;
  const { id, ref, commit_sha, category } = value as Record<string, unknown>;
  return Number.isSafeInteger(id) && typeof ref === 'string' && typeof commit_sha === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit_sha) && typeof category === 'string';
}
