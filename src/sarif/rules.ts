import type { ReportingDescriptor } from 'sarif';
import { SECURITY_SEVERITY, compareText, type Finding, type Rule, type Severity } from '../core/index.js';
import { LIMITS } from './limits.js';
import { sarifText } from './text.js';

/** Name of the property that says which rule an entry for one severity belongs to. */
export const RULE_PROPERTY = 'bartizan/rule';

/** SARIF's level, always written: a consumer must not have to look up a default. */
export const LEVEL = { critical: 'error', high: 'error', medium: 'warning', low: 'note', note: 'note' } as const;

/** The rule entries of a run and the index of each finding's entry. */
export interface RuleTable {
  readonly descriptors: readonly ReportingDescriptor[];
  entry(finding: Finding): { readonly id: string; readonly index: number };
}

/**
 * One entry per rule and severity. GitHub reads `security-severity` from the rule, never from a result, so a rule
 * whose findings differ in severity needs several entries: the rule's own severity keeps the plain id, others get
 * `<id>/<severity>` (a hierarchical id, SARIF 2.1.0, 3.27.5). Entries are sorted by id. Only rules with findings
 * are written: entries without results only take space.
 */
export function ruleTable(rules: readonly Rule[], findings: readonly Finding[]): RuleTable {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const entries = new Map<string, ReportingDescriptor>();
  const idOf = (finding: Finding): string => {
    const usual = known.get(finding.ruleId)?.severity ?? SUBSTITUTE_SEVERITY;
    const id = sarifText(finding.ruleId, LIMITS.ruleId - '/critical'.length) || 'unknown';
    return usual === finding.severity ? id : `${id}/${finding.severity}`;
  };
  for (const finding of findings) {
    const id = idOf(finding);
    if (!entries.has(id)) entries.set(id, descriptor(id, known.get(finding.ruleId) ?? substitute(finding), finding.severity));
  }
  const descriptors = [...entries.values()].sort((a, b) => compareText(a.id, b.id));
  const index = new Map(descriptors.map(({ id }, position) => [id, position]));
  return {
    descriptors,
    entry: (finding) => {
      const id = idOf(finding);
      return { id, index: index.get(id) as number };
    },
  };
}

/** Stands in for the severity of rules without a description, so that their ids don't depend on the findings. */
const SUBSTITUTE_SEVERITY = 'medium';

/** A scanner may report a rule that it doesn't describe (hadolint describes none). */
function substitute(finding: Finding): Rule {
  return {
    id: finding.ruleId,
    title: finding.ruleId,
    severity: SUBSTITUTE_SEVERITY,
    confidence: finding.confidence,
    tags: [],
    help: `Reported by ${finding.tool}, which gives no description of this rule.`,
  };
}

function descriptor(id: string, rule: Rule, severity: Severity): ReportingDescriptor {
  const title = sarifText(rule.title, LIMITS.description) || id;
  const help = sarifText(rule.help, LIMITS.help) || title;
  const name = nameOf(rule.id);
  const repair = rule.repair === undefined ? '' : `${sarifText(rule.repair, LIMITS.description)}\n\n`;
  return {
    id,
    ...(name !== '' && name !== id && { name }),
    shortDescription: { text: title },
    fullDescription: { text: sarifText(firstParagraph(rule.help), LIMITS.description) || title },
    help: { text: repair + help, markdown: (repair && `**How to repair it:** ${repair}`) + help },
    ...(rule.helpUri !== undefined && isWebUri(rule.helpUri) && { helpUri: rule.helpUri }),
    defaultConfiguration: { level: LEVEL[severity] },
    properties: {
      tags: tags(rule),
      precision: rule.confidence,
      'security-severity': SECURITY_SEVERITY[severity].toFixed(1),
      ...(id !== rule.id && { [RULE_PROPERTY]: sarifText(rule.id, LIMITS.ruleId) }),
    },
  };
}

/** `security` makes GitHub treat the alert as one of security; CWE also in the form in which it is searchable there. */
function tags(rule: Rule): string[] {
  const all = ['security'];
  for (const tag of rule.tags) {
    const cwe = /^cwe-(\d{1,5})$/i.exec(tag)?.[1];
    all.push(cwe === undefined ? sarifText(tag, LIMITS.ruleId) : `external/cwe/cwe-${cwe.padStart(3, '0')}`);
  }
  return [...new Set(all)].filter((tag) => tag !== '').slice(0, LIMITS.tags);
}

/** `UntrustedCheckout` of `pipeline/untrusted-checkout`: a name must differ from the id (SARIF 2.1.0, 3.49.7). */
function nameOf(id: string): string {
  const words = id.slice(-LIMITS.ruleId).split('/').at(-1)?.match(/[A-Za-z0-9]+/g) ?? [];
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function firstParagraph(help: string): string {
  return help.slice(0, LIMITS.help).trim().split(/\n\s*\n/, 1)[0] ?? '';
}

function isWebUri(uri: string): boolean {
  return /^https?:\/\/[^\s<>"{}|\\^`\u0000-\u0020\u007f-\uffff]{1,2000}$/.test(uri) && URL.canParse(uri);
}
