import type { FactDeclarations } from '../core/index.js';
import { loweredPolicy } from './lowered-policy.js';
import type { LoweredPolicy, Policy, PolicyDefinition } from './policy.js';

/** The built-in policies as one value, written by `npm run generate` to `src/generated/policies.json`. */
export interface PolicyPack {
  /** In order of id; without examples. Without `lowered` the policy is compiled when it is first needed. */
  readonly policies: readonly { readonly path: string; readonly definition: PolicyDefinition; readonly lowered?: LoweredPolicy }[];
}

/**
 * The policies of a pack. Each is made to run when a fact of its kind is first judged.
 * @param declarations what policies may read; asked for only when one is not lowered
 */
export function unpackPolicies(pack: PolicyPack, declarations: () => Promise<FactDeclarations>): Promise<Policy[]> {
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

/**
 * The policies of such data; each compiles when it is first needed. The CEL library is loaded only for those that are not lowered.
 * @param declarations as for `unpackPolicies`
 */
export async function revivePolicies(data: readonly PolicyData[], declarations: () => Promise<FactDeclarations>): Promise<Policy[]> {
  const lazy = data.every(({ lowered }) => lowered !== undefined) ? undefined : await lazyPolicies(declarations);
  return data.map(({ definition, lowered, ...source }) => {
    if (lowered !== undefined) return loweredPolicy(definition, source, lowered);
    if (lazy === undefined) throw new Error(`${definition.id} is not lowered`);
    return lazy(definition, source);
  });
}

async function lazyPolicies(declarations: () => Promise<FactDeclarations>): Promise<(definition: PolicyDefinition, source: Pick<PolicyData, 'path' | 'builtin'>) => Policy> {
  const [{ createCompiler, lazyPolicy }, declared] = await Promise.all([import('./compile.js'), declarations()]);
  const compiler = createCompiler(declared);
  return (definition, source) => lazyPolicy(definition, source, compiler);
}
