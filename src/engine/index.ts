export { describePolicies, findPolicy, nearestPolicyId, policyRules, possibleSeverities, type PolicyDescription } from './describe.js';
export { explainPolicy, factReference, policyIndex, policyPage } from './docs.js';
export { createEvaluator, evaluatePolicies, mergeEvaluations, type EvaluatedPart, type Evaluation, type EvaluationSettings, type Evaluator } from './evaluate.js';
export { checkOptions } from './options.js';
export { loadPolicies, type LoadedPolicies, type PolicySource } from './load.js';
export { packPolicies, policyData, revivePolicies, unpackPolicies, type PolicyData, type PolicyPack } from './pack.js';
export type { Policy, PolicyDefinition } from './policy.js';
