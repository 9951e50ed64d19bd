/**
 * Which tool's finding stands for all when several report one weakness: first those that explain best or know the
 * most about it, then by name. Tools that are not listed come last.
 */
const PRIORITY = [
  'policies', 'zizmor', 'codeql', 'semgrep', 'gosec', 'bandit', 'ruff', 'njsscan', 'eslint', 'actionlint', 'shellcheck',
  'govulncheck', 'osv-scanner', 'trivy', 'grype', 'pip-audit', 'npm-audit', 'snyk', 'dependency-check',
  'gitleaks', 'trufflehog', 'detect-secrets', 'hadolint', 'kube-linter', 'checkov', 'kics', 'cfn-lint', 'ansible-lint', 'scorecard',
] as const;

const RANK: ReadonlyMap<string, number> = new Map(PRIORITY.map((name, index) => [name, index]));

/** Place in the order of priority, 0 first. */
export function toolRank(tool: string): number {
  return RANK.get(toolName(tool)) ?? PRIORITY.length;
}

/** Names that tools give themselves in logs. */
const NAMES: Readonly<Record<string, string>> = {
  bartizan: 'policies', 'semgrep oss': 'semgrep', 'semgrep pro': 'semgrep', 'opengrep oss': 'semgrep', opengrep: 'semgrep',
  'checkmarx kics': 'kics', 'keeping infrastructure as code secure': 'kics', kubelinter: 'kube-linter', 'github actions lint': 'actionlint',
  'codeql command-line toolchain': 'codeql', tfsec: 'trivy', 'snyk open source': 'snyk', 'snyk container': 'snyk', osv: 'osv-scanner',
};

/** The usual lower-case name of a tool, whatever its log calls it. */
export function toolName(tool: string): string {
  const lower = tool.toLowerCase();
  return Object.hasOwn(NAMES, lower) ? (NAMES[lower] as string) : lower;
}

/**
 * The names by which tables know a rule, `tool/id`: the id as it is, with the tool's name in front once, and, for Trivy,
 * without `AVD-` and with four digits; for Semgrep its last word (its ids begin with the place of the rules); for KICS
 * in lower case.
 */
export function ruleNames(tool: string, ruleId: string): readonly string[] {
  const name = toolName(tool);
  if (name === 'policies') return [ruleId];
  // zizmor's logs have its name in front of its rules, its own output has not.
  if (ruleId.startsWith(`${name}/`)) return [ruleId];
  if (name === 'trivy') {
    const [, family, number] = /^(?:AVD-)?([A-Z]{2,6})-?(\d{1,4})$/.exec(ruleId) ?? [];
    return [`${name}/${family === undefined || number === undefined ? ruleId : `${family}-${number.padStart(4, '0')}`}`];
  }
  if (name === 'semgrep') return [`${name}/${ruleId}`, `${name}/${ruleId.slice(ruleId.lastIndexOf('.') + 1)}`];
  return [`${name}/${name === 'kics' ? ruleId.toLowerCase() : ruleId}`];
}
