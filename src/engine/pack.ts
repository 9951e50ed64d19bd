import { ConfigurationError, type FactDeclarations } from '../core/index.js';
import { createCompiler, lazyPolicy } from './compile.js';
import { loadPolicies, type PolicySource } from './load.js';
import { loweredPolicy } from './lowered-policy.js';
import type { LoweredPolicy, Policy, PolicyDefinition } from './policy.js';

/** The built-in policies as one value, written by `npm run generate` to `src/generated/policies.json`. */
export interface PolicyPack {
  /** In order of id; without examples. Without `lowered` the policy is compiled when it is first needed. */
  readonly policies: readonly { readonly path: string; readonly definition: PolicyDefinition; readonly lowered?: LoweredPolicy }[];
}

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

/** The policies of a pack. Each is made to run when a fact of its kind is first judged. */
export function unpackPolicies(pack: PolicyPack, declarations: FactDeclarations): Policy[] {
  return revivePolicies(
    pack.policies.map(({ path, definition, lowered }) => ({ path, definition, builtin: true, lowered })),
    declarations,
  );
}

/** A policy as plain data, to be handed to another thread. */
export type PolicyData = Pick<Policy, 'definition' | 'path' | 'builtin' | 'lowered'>;

/** What of checked policies another thread needs to evaluate them. */
export function policyData(policies: readonly Policy[]): PolicyData[] {
  return policies.map(({ definition, path, builtin, lowered }) => ({ definition: { ...definition, help: '', examples: [] }, path, builtin, lowered }));
}

/** The policies of such data; each compiles when it is first needed. */
export function revivePolicies(data: readonly PolicyData[], declarations: FactDeclarations): Policy[] {
  const compiler = createCompiler(declarations);
  return data.map(({ definition, lowered, ...source }) => (lowered === undefined ? lazyPolicy(definition, source, compiler) : loweredPolicy(definition, source, lowered)));
}
