import type { Finding, SourceRange } from '../core/index.js';
import type { YamlNode } from '../syntax/yaml-node.js';
import { commentAfter, get, scalarText, walk } from '../syntax/yaml-query.js';
import { contains } from './place.js';
import type { KnownDigest, Repairer } from './repairer.js';

const REFERENCE = /^([\w.-]+\/[\w.-]+)((?:\/[\w./-]+)?)@(\S+)$/;
const COMMIT = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/i;
const VERSION = /^v?\d+(?:\.\d+){0,2}(?:[-+.][\w.+-]*)?$/;

/** The tag replaced by its commit, with the version in a comment behind it, as update tools read it. */
export const pin: Repairer = ({ document: { text }, root, range, digestOf }) => {
  const uses = usesAt(root, range);
  if (uses === undefined || uses.kind !== 'scalar') return undefined;
  const [, repository, path = '', ref] = REFERENCE.exec(uses.text) ?? [];
  if (repository === undefined || ref === undefined || commentAfter(text, uses.range.end) !== undefined) return undefined;
  const known = digestOf(repository.toLowerCase(), ref);
  if (known === undefined) return undefined;
  const line = text.slice(uses.range.end).match(/^[^\r\n]*/)?.[0] ?? '';
  // In braces something follows on the same line, which a comment would swallow.
  if (line.trim() !== '') return undefined;
  return { description: `Fix ${repository} to the commit of ${known.version}`, edits: [{ range: { start: uses.range.start, end: uses.range.end }, text: `${repository}${path}@${known.digest} # ${known.version}` }] };
};

/** Commits with versions that a tree of a workflow or action names: `uses: owner/repository@<commit> # v1.2.3`. */
export function* digestsIn(root: YamlNode, text: string): Generator<readonly [repository: string, KnownDigest]> {
  const found: (readonly [string, KnownDigest])[] = [];
  walk(root, (node) => {
    const uses = get(node, 'uses')?.value;
    if (uses?.kind !== 'scalar') return;
    const [, repository, , ref = ''] = REFERENCE.exec(uses.text) ?? [];
    const version = commentAfter(text, uses.range.end)?.split(/\s/, 1)[0];
    if (repository !== undefined && COMMIT.test(ref) && version !== undefined && VERSION.test(version)) found.push([repository.toLowerCase(), { digest: ref.toLowerCase(), version }]);
  });
  yield* found;
}

/** The reference that a finding of `pipeline/unpinned-reference` is about; undefined for others. */
export function unpinned(root: YamlNode, finding: Finding, range: SourceRange): { readonly repository: string; readonly ref: string } | undefined {
  if (finding.ruleId !== 'pipeline/unpinned-reference') return undefined;
  const [, repository, , ref] = REFERENCE.exec(scalarText(usesAt(root, range)) ?? '') ?? [];
  return repository === undefined || ref === undefined ? undefined : { repository: repository.toLowerCase(), ref };
}

function usesAt(root: YamlNode, range: SourceRange): YamlNode | undefined {
  let found: YamlNode | undefined;
  walk(root, (node) => {
    if (found !== undefined || !contains(node.range, range)) return false;
    const uses = get(node, 'uses');
    if (uses !== undefined && uses.alias === undefined && contains(uses.value.range, range)) found = uses.value;
    return undefined;
  });
  return found;
}
