/** Actions that check the security of what they are run on, and the name of the check. */
const CHECKS: Readonly<Record<string, string>> = {
  'actions/dependency-review-action': 'dependency review',
  'anchore/scan-action': 'grype',
  'aquasecurity/tfsec-action': 'tfsec',
  'aquasecurity/tfsec-sarif-action': 'tfsec',
  'aquasecurity/trivy-action': 'trivy',
  'bridgecrewio/checkov-action': 'checkov',
  'checkmarx/ast-github-action': 'checkmarx',
  'checkmarx/kics-github-action': 'kics',
  'docker/scout-action': 'docker scout',
  'fossas/fossa-action': 'fossa',
  'github/codeql-action/analyze': 'codeql',
  'gitleaks/gitleaks-action': 'gitleaks',
  'golang/govulncheck-action': 'govulncheck',
  'google/osv-scanner-action/osv-scanner-action': 'osv-scanner',
  'hadolint/hadolint-action': 'hadolint',
  'ossf/scorecard-action': 'scorecard',
  'pypa/gh-action-pip-audit': 'pip-audit',
  'returntocorp/semgrep-action': 'semgrep',
  'rustsec/audit-check': 'cargo audit',
  'securego/gosec': 'gosec',
  'semgrep/semgrep-action': 'semgrep',
  'snyk/actions': 'snyk',
  'sonarsource/sonarqube-scan-action': 'sonarqube',
  'step-security/harden-runner': 'harden-runner',
  'trufflesecurity/trufflehog': 'trufflehog',
  'veracode/veracode-uploadandscan-action': 'veracode',
  'zizmorcore/zizmor-action': 'zizmor',
};

/** Name of the security check that an action is, `''` when none is known; variants in folders count. */
export function securityCheckOf(name: string): string {
  if (Object.hasOwn(CHECKS, name)) return CHECKS[name] as string;
  return name.startsWith('snyk/actions/') ? 'snyk' : '';
}
