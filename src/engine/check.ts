/* What reads, checks and describes policy files; judging does without. */
export { explainPolicy, factReference, policyIndex, policyPage } from './docs.js';
export { loadPolicies, type LoadedPolicies, type PolicySource } from './load.js';
export { packPolicies } from './pack-policies.js';
