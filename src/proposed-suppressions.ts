import { plural, type Diagnostic, type NewInlineSuppression, type ScanResult, type Settings } from './core/index.js';
import type { Configuration, ConfigurationPorts } from './configuration.js';
import type { Revision } from './io/revision.js';
import type { NewlySuppressed } from './triage/new-suppressions.js';

/** Results with the comments of a proposed change judged. */
export interface JudgedSuppressions {
  readonly results: readonly ScanResult[];
  /** Undefined where nothing is proposed. */
  readonly comments?: readonly NewInlineSuppression[];
  readonly notes: readonly Diagnostic[];
}

/**
 * Finds the comments by which a proposed change silences its own findings. By the settings these findings count all the
 * same, or count unless an owner has approved the change. What can't be found out makes them count.
 */
export async function judgeSuppressions(
  results: readonly ScanResult[],
  { settings, source: configuration, revision }: Configuration,
  ports: ConfigurationPorts,
  source: (path: string) => string | undefined,
  renames: () => Promise<ReadonlyMap<string, string>>,
): Promise<JudgedSuppressions> {
  if (configuration === undefined || configuration.from === 'head' || revision === undefined) return { results, notes: [] };
  const paths = new Set(results.flatMap(({ suppressed = [] }) => suppressed.flatMap(({ suppression }) => (suppression?.kind === 'inSource' ? [suppression.place.path] : []))));
  if (paths.size === 0) return { results, comments: [], notes: [] };
  const { newlySuppressed, countAgain } = await import('./triage/new-suppressions.js');
  const { texts, problem } = await baseTexts([...paths], revision, await renames());
  const found = newlySuppressed(results, source, (path) => texts.get(path));
  const approval = await approvals(found, settings, revision, ports);
  const mode = settings.newInlineSuppressions ?? 'refuse';
  const comments = new Map<string, { readonly comment: NewInlineSuppression; count: number }>();
  const refused = new Set<NewlySuppressed['finding']>();
  for (const { finding, suppression } of found) {
    const { path, region } = suppression.place;
    const approvedBy = approval.by(path);
    const accepted = mode === 'allow' || approvedBy !== undefined;
    if (!accepted) refused.add(finding);
    const key = `${path}\n${region?.startLine ?? 1}\n${finding.ruleId}`;
    const known = comments.get(key);
    if (known !== undefined) known.count++;
    else comments.set(key, { comment: { path, line: region?.startLine ?? 1, rule: finding.ruleId, reason: suppression.reason, accepted, ...(approvedBy !== undefined && { approvedBy }) }, count: 1 });
  }
  const notes = [...(problem === undefined || found.length === 0 ? [] : [problem]), ...approval.notes, ...refusals([...comments.values()], mode)];
  return { results: countAgain(results, refused), comments: [...comments.values()].map(({ comment }) => comment), notes };
}

function refusals(comments: readonly { readonly comment: NewInlineSuppression; readonly count: number }[], mode: NonNullable<Settings['newInlineSuppressions']>): readonly Diagnostic[] {
  const why = mode === 'approved' ? 'no owner has approved the newest commit' : 'new-inline-suppressions: refuse';
  return comments
    .filter(({ comment }) => !comment.accepted)
    .slice(0, 100)
    .map(({ comment: { path, line, rule }, count }): Diagnostic => ({
      level: 'warning',
      code: 'suppression-new',
      path,
      region: { startLine: line, startColumn: 1, endLine: line, endColumn: 1 },
      message: `This comment is not in the base in this form: ${plural(count, 'finding')} of ${rule} ${count === 1 ? 'counts' : 'count'} all the same (${why}).`,
    }));
}

async function baseTexts(paths: readonly string[], revision: Revision, renames: ReadonlyMap<string, string>): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly problem?: Diagnostic }> {
  const { RevisionError } = await import('./io/revision.js');
  try {
    const files = await revision.load(paths.map((path) => renames.get(path) ?? path));
    return {
      texts: new Map(
        paths.flatMap((path) => {
          const read = files.read(renames.get(path) ?? path);
          return read.ok ? [[path, read.text] as const] : [];
        }),
      ),
    };
  } catch (error) {
    if (!(error instanceof RevisionError)) throw error;
    return { texts: new Map(), problem: { level: 'warning', code: 'suppression-new', message: `Which comments are new can't be told: ${error.message}. All of them are taken for new.` } };
  }
}

interface Approvals {
  /** `@user` whose approval makes comments of a file count. */
  readonly by: (path: string) => string | undefined;
  readonly notes: readonly Diagnostic[];
}

const CODEOWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
const NOBODY: Approvals = { by: () => undefined, notes: [] };
/** Memberships that are asked for; teams times reviewers. */
const MAX_MEMBERSHIPS = 100;

async function approvals(found: readonly NewlySuppressed[], settings: Settings, revision: Revision, { github }: ConfigurationPorts): Promise<Approvals> {
  if (settings.newInlineSuppressions !== 'approved' || found.length === 0) return NOBODY;
  const missing = (what: string): Approvals => ({ by: () => undefined, notes: [{ level: 'warning', code: 'suppression-new', message: `Who has approved this pull request can't be told: ${what}. Its new comments do not count.` }] });
  const repository = await github?.();
  if (repository === undefined) return missing('there is no token');
  if (repository.pullRequest === undefined) return missing('the event names no pull request');
  const [{ approvingReviewers, isTeamMember }, { codeOwners }, { GitHubError }, { RevisionError }] = await Promise.all([
    import('./publish/reviews.js'),
    import('./syntax/codeowners.js'),
    import('./io/github.js'),
    import('./io/revision.js'),
  ]);
  try {
    const reviewers = await approvingReviewers(repository.github, repository, repository.pullRequest);
    const files = await revision.load(CODEOWNERS);
    const file = CODEOWNERS.find((path) => files.kind(path) === 'file');
    const read = file === undefined ? undefined : files.read(file);
    const owners = codeOwners(read?.ok === true ? read.text : '');
    const paths = new Map<string, string | undefined>();
    const members = new Map<string, boolean>();
    for (const { suppression } of found) {
      const { path } = suppression.place;
      if (paths.has(path)) continue;
      const who = [...owners(path), ...(settings.suppressionApprovers ?? [])].map((name) => name.replace(/^@/, '').toLowerCase());
      let by = reviewers.find((reviewer) => who.includes(reviewer));
      for (const team of who.filter((name) => name.includes('/'))) {
        for (const reviewer of reviewers) {
          const key = `${team} ${reviewer}`;
          if (by === undefined && !members.has(key) && members.size < MAX_MEMBERSHIPS) members.set(key, await isTeamMember(repository.github, team, reviewer));
          if (members.get(key) === true) by ??= reviewer;
        }
      }
      paths.set(path, by === undefined ? undefined : `@${by}`);
    }
    return { by: (path) => paths.get(path), notes: [] };
  } catch (error) {
    if (error instanceof RevisionError) return missing(error.message);
    if (error instanceof GitHubError) return missing(`GitHub says "${error.message.trim().slice(0, 300)}"${error.status === 0 ? '' : ` (${error.status})`}`);
    throw error;
  }
}
