/*
 * Actions with a published weakness, and actions whose owners have given them up. From the GitHub
 * Advisory Database (https://github.com/advisories, ecosystem "GitHub Actions") and the archive
 * notice of each repository..
 */

/** Day of the lists, ISO 8601; what was published later is not in them. */
export const ADVISORIES_DATE = '2026-11-22';

/** One published weakness of an action. */
export interface ActionAdvisory {
  /** GitHub's id. */
  readonly id: string;
  readonly cve: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  /** First affected version; empty when all before `fixed` are. */
  readonly from: string;
  /** First version without it. */
  readonly fixed: string;
  /** One line without full stop. */
  readonly title: string;
  /** An attacker moved its tags for a while; commits of its versions were never bad. */
  readonly movedTags?: true;
}

const advisory = (id: string, cve: string, severity: ActionAdvisory['severity'], from: string, fixed: string, title: string): ActionAdvisory => ({ id, cve, severity, from, fixed, title });

const ADVISORIES: Readonly<Record<string, readonly ActionAdvisory[]>> = {
  'tj-actions/changed-files': [
    { ...advisory('GHSA-mrrh-fwg8-r2c3', 'CVE-2025-30066', 'high', '', '46.0.1', 'its tags were moved to a commit that prints secrets'), movedTags: true },
    advisory('GHSA-mcph-m25j-8j63', 'CVE-2023-51664', 'high', '', '41.0.0', 'names of changed files run as commands'),
  ],
  'tj-actions/branch-names': [
    advisory('GHSA-gq52-6phf-x2r6', 'CVE-2025-54416', 'critical', '', '9.0.0', 'names of branches run as commands'),
    advisory('GHSA-8v8w-v8xg-79rf', 'CVE-2023-49291', 'critical', '', '7.0.7', 'names of branches run as commands'),
  ],
  'tj-actions/verify-changed-files': [advisory('GHSA-ghm2-rq8q-wrhc', 'CVE-2023-52137', 'high', '', '17.0.0', 'names of changed files run as commands')],
  'actions/download-artifact': [advisory('GHSA-cxww-7g56-2vh6', 'CVE-2024-42471', 'high', '4.0.0', '4.1.3', 'an artifact can write files outside its folder')],
  'dawidd6/action-download-artifact': [advisory('GHSA-5xr6-xhww-33m4', '', 'high', '', '6.0.0', 'takes artifacts of forks by default')],
  'gradle/gradle-build-action': [advisory('GHSA-h3qr-39j9-4r5v', 'CVE-2023-30853', 'high', '', '2.4.2', 'secrets of the configuration cache get into the shared cache')],
  'rlespinasse/github-slug-action': [advisory('GHSA-6q4m-7476-932w', 'CVE-2023-27581', 'high', '4.0.0', '4.4.1', 'names of branches run as commands')],
  'pypa/gh-action-pypi-publish': [advisory('GHSA-vxmw-7h4f-hqxh', '', 'low', '', '1.13.0', 'expressions are put into its own scripts')],
  'github/codeql-action': [advisory('GHSA-vqf5-2xx6-9wfm', 'CVE-2025-24362', 'high', '3.26.11', '3.28.3', 'debug artifacts hold the token')],
  'step-security/harden-runner': [advisory('GHSA-g85v-wf27-67xc', 'CVE-2024-52587', 'low', '', '2.10.2', 'inputs run as commands')],
  'aquasecurity/trivy-action': [{ ...advisory('GHSA-69fq-xp46-6x23', 'CVE-2026-33634', 'critical', '', '0.35.0', 'its tags were moved to a commit that steals secrets'), movedTags: true }],
};

/** Actions that their owners archived or replaced by another, and what to use instead. */
const ARCHIVED: Readonly<Record<string, string>> = {
  'actions/create-release': '`gh release create`',
  'actions/upload-release-asset': '`gh release upload`',
  '8398a7/action-slack': 'slackapi/slack-github-action',
  'actions/setup-elixir': 'erlef/setup-beam',
  'actions/setup-haskell': 'haskell-actions/setup',
  'actions/setup-ruby': 'ruby/setup-ruby',
  'actions-rs/toolchain': 'dtolnay/rust-toolchain',
  'actions-rs/cargo': 'a `run:` step',
  'actions-rs/clippy-check': 'a `run:` step',
  'actions-rs/audit-check': 'rustsec/audit-check',
  'actions-rs/tarpaulin': 'a `run:` step',
  'actions-rs/grcov': 'a `run:` step',
  'actions-rs/install': 'taiki-e/install-action',
  'azure/docker-login': 'docker/login-action',
  'crazy-max/ghaction-docker-buildx': 'docker/setup-buildx-action',
  'crazy-max/ghaction-docker-meta': 'docker/metadata-action',
  'google-github-actions/release-please-action': 'googleapis/release-please-action',
  'gradle/gradle-build-action': 'gradle/actions/setup-gradle',
  'gradle/wrapper-validation-action': 'gradle/actions/wrapper-validation',
  'hashicorp/terraform-github-actions': 'hashicorp/setup-terraform',
  'haskell/actions/setup': 'haskell-actions/setup',
  'marvinpinto/action-automatic-releases': '`gh release create`',
  'sonarsource/sonarcloud-github-action': 'sonarsource/sonarqube-scan-action',
  'tibdex/github-app-token': 'actions/create-github-app-token',
};

/**
 * The published weaknesses that a version of an action has, worst first as listed. A tag that moves
 * with a major version (`v4`) stands for the newest of it. Commits and branches can't be compared
 * and give none.
 *
 * @param name lower case; that of the repository counts for actions in its folders
 */
export function advisoriesOf(name: string, ref: string): readonly ActionAdvisory[] {
  const repository = name.split('/', 2).join('/');
  const listed = Object.hasOwn(ADVISORIES, repository) ? ADVISORIES[repository] : undefined;
  if (listed === undefined) return [];
  const version = versionOf(ref);
  if (version === undefined) return [];
  return listed.filter(({ from, fixed }) => isBelow(version, versionOf(fixed)) && (from === '' || !isBelow(version, versionOf(from))));
}

/** What to use instead of an action that is no longer kept; undefined when it is, as far as is known. */
export function replacementOf(name: string): string | undefined {
  return Object.hasOwn(ARCHIVED, name) ? ARCHIVED[name] : undefined;
}

type Version = readonly [number, number, number];

/** `v4.1` is the newest of 4.1. */
function versionOf(ref: string): Version | undefined {
  const parts = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?$/.exec(ref);
  if (parts === null) return undefined;
  const number = (text: string | undefined): number => (text === undefined ? Infinity : Number(text));
  return [number(parts[1]), number(parts[2]), number(parts[3])];
}

function isBelow(a: Version, b: Version | undefined): boolean {
  if (b === undefined) return false;
  for (const at of [0, 1, 2] as const) if (a[at] !== b[at]) return a[at] < b[at];
  return false;
}
