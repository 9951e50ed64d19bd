import { compareSeverity, nearest, worst, type Confidence, type Rule, type Severity } from '../core/index.js';
import type { Policy, PolicyDefinition } from './policy.js';

/** A policy in the list of policies (`policies --format json`). */
export interface PolicyDescription {
  readonly id: string;
  readonly title: string;
  readonly aliases: readonly string[];
  /** The worst that it can give. */
  readonly severity: Severity;
  /** All that it can give, worst first. */
  readonly severities: readonly Severity[];
  readonly confidence: Confidence;
  readonly select: string;
  /** Empty means all. */
  readonly platforms: readonly string[];
  readonly tags: readonly string[];
  readonly equivalents: readonly string[];
  readonly builtin: boolean;
  /** It asks GitHub, and is skipped without `online`. */
  readonly online?: true;
  readonly deprecated?: string;
}

/** Every severity that a policy can give, worst first. */
export function possibleSeverities(definition: PolicyDefinition): Severity[] {
  return [...new Set([definition.severity, ...definition.severities.map((entry) => entry.severity)])].sort(compareSeverity);
}

/** The rules that the policies' findings refer to. */
export function policyRules(policies: readonly Policy[]): Rule[] {
  return policies.map(({ definition }) => ({
    id: definition.id,
    title: definition.title,
    severity: worst(possibleSeverities(definition)) ?? definition.severity,
    confidence: definition.confidence,
    tags: definition.tags,
    help: definition.help,
    ...(definition.repair !== '' && { repair: definition.repair }),
    ...(definition.references[0] !== undefined && { helpUri: definition.references[0] }),
    aliases: definition.aliases,
    equivalents: definition.equivalents,
    ...(definition.deprecated !== undefined && { deprecated: definition.deprecated }),
  }));
}

/** The list of policies, in order of id. */
export function describePolicies(policies: readonly Policy[]): PolicyDescription[] {
  return policies
    .map(({ definition, builtin }): PolicyDescription => {
      const severities = possibleSeverities(definition);
      return {
        id: definition.id,
        title: definition.title,
        aliases: definition.aliases,
        severity: severities[0] ?? definition.severity,
        severities,
        confidence: definition.confidence,
        select: definition.select,
        platforms: definition.platforms,
        tags: definition.tags,
        equivalents: definition.equivalents,
        builtin,
        ...(definition.online === true && { online: true as const }),
        ...(definition.deprecated !== undefined && { deprecated: definition.deprecated }),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The policy with an id or alias. */
export function findPolicy(policies: readonly Policy[], id: string): Policy | undefined {
  return policies.find(({ definition }) => definition.id === id || definition.aliases.includes(id));
}

/** The id that a mistyped one probably means; the part behind the prefix alone is enough. */
export function nearestPolicyId(policies: readonly Policy[], id: string): string | undefined {
  const ids = policies.flatMap(({ definition }) => [definition.id, ...definition.aliases]);
  const byName = ids.find((candidate) => candidate.split('/')[1] === id);
  return byName ?? nearest(id, ids);
}
