/*
 * Names that many pipelines use, by owner, from which a name one slip away is told apart. An owner that
 * looks like one of these can be registered by anyone.
 */
const WELL_KNOWN: Readonly<Record<string, readonly string[]>> = {
  actions: ['add-to-project', 'ai-inference', 'attest', 'attest-build-provenance', 'attest-sbom', 'cache', 'checkout', 'configure-pages', 'create-github-app-token', 'create-release', 'delete-package-versions', 'dependency-review-action', 'deploy-pages', 'download-artifact', 'first-interaction', 'github-script', 'go-dependency-submission', 'javascript-action', 'jekyll-build-pages', 'labeler', 'publish-immutable-action', 'setup-dotnet', 'setup-elixir', 'setup-go', 'setup-haskell', 'setup-java', 'setup-node', 'setup-python', 'setup-ruby', 'stale', 'toolkit', 'typescript-action', 'upload-artifact', 'upload-pages-artifact', 'upload-release-asset'],
  'amannn': ['action-semantic-pull-request'],
  'anchore': ['sbom-action', 'scan-action'],
  'anthropics': ['claude-code-action'],
  'aquasecurity': ['trivy-action', 'setup-trivy'],
  'astral-sh': ['ruff-action', 'setup-uv'],
  'aws-actions': ['amazon-ecr-login', 'configure-aws-credentials', 'amazon-ecs-deploy-task-definition', 'amazon-ecs-render-task-definition'],
  'azure': ['cli', 'k8s-deploy', 'login', 'setup-helm', 'setup-kubectl', 'webapps-deploy'],
  'bridgecrewio': ['checkov-action'],
  'browser-actions': ['setup-chrome'],
  'bufbuild': ['buf-action', 'buf-setup-action'],
  'changesets': ['action'],
  'cloudflare': ['wrangler-action'],
  'codecov': ['codecov-action'],
  'coverallsapp': ['github-action'],
  'crazy-max': ['ghaction-github-pages', 'ghaction-import-gpg'],
  'cypress-io': ['github-action'],
  'dawidd6': ['action-download-artifact', 'action-send-mail'],
  'denoland': ['setup-deno'],
  'dependabot': ['fetch-metadata'],
  'docker': ['bake-action', 'build-push-action', 'login-action', 'metadata-action', 'scout-action', 'setup-buildx-action', 'setup-qemu-action'],
  'dorny': ['paths-filter', 'test-reporter'],
  'dtolnay': ['rust-toolchain'],
  'endbug': ['add-and-commit'],
  'erlef': ['setup-beam'],
  'github': ['codeql-action', 'super-linter', 'branch-deploy', 'issue-metrics'],
  'gitleaks': ['gitleaks-action'],
  'golangci': ['golangci-lint-action'],
  'google-github-actions': ['auth', 'deploy-cloudrun', 'get-gke-credentials', 'setup-gcloud'],
  'googleapis': ['release-please-action'],
  'goreleaser': ['goreleaser-action'],
  'gradle': ['actions', 'gradle-build-action', 'wrapper-validation-action'],
  'hadolint': ['hadolint-action'],
  'hashicorp': ['setup-terraform', 'vault-action', 'setup-packer'],
  'haskell-actions': ['setup'],
  'helm': ['chart-releaser-action', 'chart-testing-action', 'kind-action'],
  'jamesives': ['github-pages-deploy-action'],
  'julia-actions': ['cache', 'setup-julia'],
  'juliangruber': ['read-file-action'],
  'mxschmitt': ['action-tmate'],
  'ncipollo': ['release-action'],
  'nick-fields': ['retry'],
  'ossf': ['scorecard-action'],
  'oven-sh': ['setup-bun'],
  'peaceiris': ['actions-gh-pages', 'actions-hugo'],
  'peter-evans': ['create-issue-from-file', 'create-or-update-comment', 'create-pull-request', 'find-comment', 'repository-dispatch'],
  'pnpm': ['action-setup'],
  'pre-commit': ['action'],
  'pypa': ['cibuildwheel', 'gh-action-pypi-publish'],
  'r-lib': ['actions'],
  'release-drafter': ['release-drafter'],
  'renovatebot': ['github-action'],
  'reviewdog': ['action-actionlint', 'action-eslint', 'action-setup'],
  'ruby': ['setup-ruby'],
  'rustsec': ['audit-check'],
  'shivammathur': ['setup-php'],
  'shogo82148': ['actions-setup-perl'],
  'sigstore': ['cosign-installer', 'gh-action-sigstore-python'],
  'slackapi': ['slack-github-action'],
  'softprops': ['action-gh-release'],
  'sonarsource': ['sonarcloud-github-action', 'sonarqube-scan-action'],
  'stefanzweifel': ['git-auto-commit-action'],
  'step-security': ['harden-runner'],
  'subosito': ['flutter-action'],
  'super-linter': ['super-linter'],
  'swatinem': ['rust-cache'],
  'taiki-e': ['install-action', 'upload-rust-binary-action'],
  'tj-actions': ['branch-names', 'changed-files'],
  'trufflesecurity': ['trufflehog'],
  'zizmorcore': ['zizmor-action'],
};

/**
 * The well-known action that a name can be mistaken for: the same repository of an owner one slip
 * away, or a repository one slip away of the platform's own `actions`. Undefined for names that are
 * well-known themselves, and for short owners, among which one slip says nothing.
 *
 * @param owner lower case
 * @param repository lower case
 */
export function mistakenFor(owner: string, repository: string): string | undefined {
  if (Object.hasOwn(WELL_KNOWN, owner)) {
    if (owner !== 'actions' || WELL_KNOWN[owner]?.includes(repository) === true) return undefined;
    const meant = WELL_KNOWN[owner]?.find((known) => known.length >= 5 && isOneSlip(repository, known));
    return meant === undefined ? undefined : `actions/${meant}`;
  }
  for (const known of Object.keys(WELL_KNOWN)) {
    if (known.length < 5 || Math.abs(known.length - owner.length) > 1 || !isOneSlip(owner, known)) continue;
    if (WELL_KNOWN[known]?.includes(repository) === true) return `${known}/${repository}`;
  }
  return undefined;
}

/** The two differ by one inserted, left out or wrong character, or by two neighbours in the wrong order. */
function isOneSlip(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  if (endA - start <= 1 && endB - start <= 1) return true;
  return endA - start === 2 && endB - start === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}
