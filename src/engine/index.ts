export { describePolicies, findPolicy, nearestPolicyId, policyRules, possibleSeverities, type PolicyDescription } from './describe.js';
export { explainPolicy, factReference, policyIndex, policyPage } from './docs.js';
export { evaluatePolicies, type Evaluation, type EvaluationSettings } from './evaluate.js';
export { checkOptions } from './options.js';
export { loadPolicies, type LoadedPolicies, type PolicySource } from './load.js';
export { packPolicies, unpackPolicies, type PolicyPack } from './pack.js';
export type { Policy, PolicyDefinition } from './policy.js';
