/* What judging needs. What reads and checks policy files is in `check.ts`: it loads the CEL library and zod. */
export { describePolicies, findPolicy, nearestPolicyId, policyRules, possibleSeverities, type PolicyDescription } from './describe.js';
export { createEvaluator, evaluatePolicies, mergeEvaluations, type EvaluatedPart, type Evaluation, type EvaluationSettings, type Evaluator } from './evaluate.js';
export { checkOptions } from './options.js';
export { policyData, revivePolicies, unpackPolicies, type PolicyData, type PolicyPack } from './pack.js';
export type { Policy, PolicyDefinition } from './policy.js';
