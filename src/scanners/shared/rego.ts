import type { Finding, Region, Rule, Severity } from '../../core/index.js';
import { createFinding, createRule, lookUp } from './finding.js';
import type { JsonObject } from './json.js';
import { resourceRegion } from './terraform.js';

/** Severities that a Rego policy can give, in its property `severity`. */
export const REGO_SEVERITY: Readonly<Record<string, Severity>> = { critical: 'critical', high: 'high', medium: 'medium', low: 'low', note: 'note', info: 'note', 'none given': 'medium' };

/** Titles of the policies that come with Bartizan. */
const TITLES: Readonly<Record<string, { readonly title: string; readonly tags: readonly string[] }>> = {
  'public-bucket': { title: 'Bucket open to everyone', tags: ['CWE-732'] },
  'unencrypted-database': { title: 'Database stored unencrypted', tags: ['CWE-311'] },
  'missing-tags': { title: 'Required tags are missing', tags: [] },
};

/** One thing that a Rego policy denies: a text, or an object with `message` or `msg` and more. */
export interface Denial {
  readonly tool: string;
  readonly path: string;
  readonly text: string | undefined;
  /** Namespace of the policy, for denials without a rule of their own. */
  readonly namespace: string;
  readonly message: string;
  readonly details: JsonObject;
  /** `low` for conftest's warnings. */
  readonly fallback: Severity;
}

/** The finding and the rule of a denial; `rule`, `severity` and `resource` are read where the policy gives them. */
export function readDenial(denial: Denial): { finding: Finding; rule: Rule } {
  const { details, tool, path, text } = denial;
  const given = details['rule'] ?? details['id'];
  const ruleId = typeof given === 'string' && /^[\w./-]{1,100}$/.test(given) ? given : denial.namespace;
  const severity = lookUp(REGO_SEVERITY, typeof details['severity'] === 'string' ? details['severity'].toLowerCase() : undefined, denial.fallback);
  const known = Object.hasOwn(TITLES, ruleId) ? TITLES[ruleId] : undefined;
  const resource = details['resource'];
  const region: Region | undefined = typeof resource === 'string' ? resourceRegion(text, resource) : undefined;
  return {
    finding: createFinding({ tool, ruleId, severity, confidence: 'high', message: denial.message, path, region }),
    rule: createRule({ id: ruleId, title: known?.title ?? `Policy ${ruleId}`, severity, confidence: 'high', tags: ['infrastructure', ...(known?.tags ?? [])] }),
  };
}
