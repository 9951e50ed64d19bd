import { ConfigurationError, type FactDeclarations } from '../core/index.js';
import { loadPolicies, type PolicySource } from './load.js';
import type { PolicyPack } from './pack.js';

/**
 * Checks all built-in policies and packs them, so that a run parses no YAML and checks no types
 * before it needs a policy. Throws `ConfigurationError` with all diagnostics when one is wrong.
 */
export function packPolicies(files: readonly Omit<PolicySource, 'builtin'>[], declarations: FactDeclarations): PolicyPack {
  const { policies, diagnostics } = loadPolicies(
    files.map((file) => ({ ...file, builtin: true })),
    declarations,
  );
  const first = diagnostics[0];
  if (first) throw new ConfigurationError(`${first.path}:${first.region?.startLine}: ${first.message}`, diagnostics);
  const packed = policies.map(({ path, definition, lowered }) => ({ path, definition: { ...definition, examples: [] }, ...(lowered && { lowered }) }));
  return { policies: packed.toSorted((a, b) => (a.definition.id < b.definition.id ? -1 : 1)) };
}
