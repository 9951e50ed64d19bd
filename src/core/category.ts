import type { Finding } from './finding.js';
import { locatesSecret } from './redact.js';
import type { ScanResult } from './scanner.js';

/** What a finding is about, for thresholds of its own. The first four are the domains of the built-in policies. */
export const CATEGORIES = ['pipeline', 'runbook', 'shell', 'settings', 'code', 'dependencies', 'secrets', 'infrastructure', 'other'] as const;
export type Category = (typeof CATEGORIES)[number];

/** What the findings of a scanner are about unless they say more themselves; a test compares it with the scanners. */
export const SCANNER_CATEGORIES: Readonly<Record<string, Category>> = {
  actionlint: 'pipeline', poutine: 'pipeline', zizmor: 'pipeline',
  shellcheck: 'shell', 'ansible-lint': 'infrastructure',
  bandit: 'code', eslint: 'code', gosec: 'code', njsscan: 'code', semgrep: 'code', snyk: 'dependencies', zap: 'code',
  gitleaks: 'secrets',
  govulncheck: 'dependencies', grype: 'dependencies', 'npm-audit': 'dependencies', 'osv-scanner': 'dependencies', 'pip-audit': 'dependencies', 'pnpm-audit': 'dependencies', 'yarn-audit': 'dependencies',
  'cfn-lint': 'infrastructure', checkov: 'infrastructure', conftest: 'infrastructure', dockle: 'infrastructure', hadolint: 'infrastructure', kics: 'infrastructure', 'kube-linter': 'infrastructure',
  opa: 'infrastructure', terrascan: 'infrastructure', tflint: 'infrastructure', trivy: 'infrastructure', 'trivy-image': 'infrastructure',
};

/**
 * Tells the category of each finding of some results: a package makes it `dependencies`, a rule whose region is a
 * credential `secrets`; otherwise the domain of the policy or the class of the scanner decides.
 */
export function categories(results: readonly ScanResult[]): (finding: Pick<Finding, 'tool' | 'ruleId' | 'package'>) => Category {
  const secrets = new Set<string>();
  for (const { tool, rules } of results) for (const rule of rules) if (locatesSecret(rule)) secrets.add(`${tool.name}\n${rule.id}`);
  return ({ tool, ruleId, package: dependency }) => {
    if (dependency !== undefined) return 'dependencies';
    if (secrets.has(`${tool}\n${ruleId}`)) return 'secrets';
    if (Object.hasOwn(SCANNER_CATEGORIES, tool)) return SCANNER_CATEGORIES[tool] as Category;
    const domain = ruleId.slice(0, Math.max(0, ruleId.indexOf('/')));
    return CATEGORIES.find((one) => one === domain) ?? 'other';
  };
}
