import { dayOf, findingsOf, LineIndex, plural, type Diagnostic, type FileEntry, type Finding, type Rule, type ScanResult, type Settings, type Suppression } from '../core/index.js';
import type { Known } from '../core/index.js';
import { namesOf, ruleNames, ruleTest } from '../syntax/rule-name.js';
import { commentMarkers } from './comment-syntax.js';
import { MAX_COMMENTS, readIgnoreComments, zizmorIgnored, type IgnoreComment } from './comments.js';
import { createEntries, ruleWasApplied } from './entries.js';

/** What suppressions are judged with. */
export interface SuppressionContext {
  readonly settings: Settings;
  /** Every policy, also those that are turned off, and every scanner. */
  readonly known: Known;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Text of a file, or undefined when it can't be read. */
  readonly source: (path: string) => string | undefined;
  /** The files that were looked at: comments in them that silence nothing are reported. */
  readonly files: readonly FileEntry[];
}

/** Diagnostics about suppressions that are given one by one. */
const LISTED = 100;
/** Lines of a finding that are searched for other tools' comments. */
const REGION_LINES = 200;

/**
 * Results whose silenced findings are in `suppressed` and not in the outcome, where nothing counts them: by a comment
 * beside the code, by a comment of another tool about the same weakness, or by an entry of the configuration, in this
 * order. What is wrong, ended or unused is said in diagnostics of the first result, and never silences anything.
 */
export function suppressResults(results: readonly ScanResult[], context: SuppressionContext): readonly ScanResult[] {
  const { settings, now } = context;
  const entries = createEntries(settings.suppressions ?? [], now);
  const comments = createComments(context);
  const honoured = settings.foreignSuppressions !== 'report';
  const foreign = honoured ? createForeign(results, context.source) : () => undefined;
  const triaged = results.map((result): ScanResult => {
    const suppressed: Finding[] = [];
    const counted = findingsOf(result).flatMap(({ suppression: stated, ...finding }) => {
      // Every one is asked, so that none of them looks unused.
      const entry = entries.find(finding);
      const suppression = comments.find(finding) ?? (honoured ? stated : undefined) ?? foreign(finding) ?? (entry === undefined ? undefined : plain(entry));
      if (suppression === undefined) return [finding];
      suppressed.push({ ...finding, suppression });
      return [];
    });
    if (suppressed.length === 0 && counted.length === findingsOf(result).length && !findingsOf(result).some(({ suppression }) => suppression !== undefined)) return result;
    const { outcome } = result;
    const rest = outcome.status === 'completed' ? { ...outcome, findings: counted } : outcome.status === 'failed' ? { ...outcome, partial: counted } : outcome;
    return { ...result, outcome: rest, ...(suppressed.length > 0 && { suppressed }) };
  });
  const said = [...comments.diagnostics(results), ...entries.diagnostics(results, settings, context.known.scanners)];
  return said.length === 0 ? triaged : triaged.map((result, index) => (index === 0 ? { ...result, diagnostics: [...result.diagnostics, ...bounded(said)] } : result));
}

/** Of an entry only what a reader wants to know; what it selects is what it silenced. */
function plain({ kind, by, reason, owner, expires, place }: Suppression): Suppression {
  return { kind, by, reason, place, ...(owner !== undefined && { owner }), ...(expires !== undefined && { expires }) };
}

/** Warnings first; a file full of comments can't drown everything else. */
function bounded(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const ordered = diagnostics.toSorted((a, b) => Number(a.level === 'note') - Number(b.level === 'note'));
  const rest = ordered.length - LISTED;
  if (rest <= 0) return ordered;
  return [...ordered.slice(0, LISTED), { level: 'warning', code: 'suppression', message: `There are ${plural(rest, 'remark')} more about suppressions.` }];
}

interface Comments {
  find(finding: Finding): Suppression | undefined;
  diagnostics(results: readonly ScanResult[]): readonly Diagnostic[];
}

interface CommentState {
  readonly comment: IgnoreComment;
  readonly expired: boolean;
  /** Resolved name and how many findings it selected; undefined where there is no such rule. */
  readonly rules: readonly { readonly name: string; readonly matches: (names: readonly string[]) => boolean; used: number }[];
  readonly problems: readonly string[];
}

interface FileComments {
  readonly states: readonly CommentState[];
  readonly byLine: ReadonlyMap<number, readonly CommentState[]>;
  readonly truncated: boolean;
}

function createComments({ settings, known, now, source, files }: SuppressionContext): Comments {
  const today = dayOf(now);
  const resolve = ruleNames(known);
  const formats = new Map(files.map(({ path, format }) => [path, format]));
  const read = new Map<string, FileComments>();
  const of = (path: string): FileComments => {
    const cached = read.get(path);
    if (cached !== undefined) return cached;
    const text = source(path);
    const { comments, truncated } = text === undefined ? { comments: [], truncated: false } : readIgnoreComments(text, commentMarkers(path, formats.get(path)));
    const states = comments.map((comment): CommentState => {
      const names = comment.rules.map((rule) => resolve(rule));
      return {
        comment,
        expired: comment.expires !== undefined && comment.expires < today,
        rules: names.flatMap((name) => (name.ok ? [{ name: name.rule, matches: ruleTest(name.rule), used: 0 }] : [])),
        problems: [...(comment.problem === undefined ? [] : [comment.problem]), ...names.flatMap((name) => (name.ok ? [] : [name.problem]))],
      };
    });
    const byLine = new Map<number, CommentState[]>();
    for (const state of states) {
      for (const line of state.comment.targets) {
        const there = byLine.get(line);
        if (there === undefined) byLine.set(line, [state]);
        else there.push(state);
      }
    }
    const result = { states, byLine, truncated };
    read.set(path, result);
    return result;
  };
  return {
    find(finding) {
      const { path, region } = finding.locations[0];
      // A finding about a whole file is silenced in its first line.
      const there = of(path).byLine.get(region?.startLine ?? 1);
      if (there === undefined) return undefined;
      const names = namesOf(finding);
      let found: Suppression | undefined;
      for (const { comment, expired, rules } of there) {
        for (const rule of rules) {
          if (!rule.matches(names)) continue;
          rule.used++;
          if (expired || found !== undefined) continue;
          found = { kind: 'inSource', by: 'bartizan', reason: comment.reason, place: { path, region: comment.region }, ...(comment.expires !== undefined && { expires: comment.expires }) };
        }
      }
      return found;
    },
    diagnostics(results) {
      for (const { path } of files) of(path);
      return [...read].flatMap(([path, { states, truncated }]) => [
        ...(truncated ? [{ level: 'warning', code: 'suppression', path, message: `This file has more than ${MAX_COMMENTS} \`bartizan-ignore\` comments; those behind them do not count.` } as const] : []),
        ...states.flatMap((state) => saidOf(state, path, (rule) => ruleWasApplied(rule, results, settings, known.scanners))),
      ]);
    },
  };
}

function saidOf({ comment, expired, rules, problems }: CommentState, path: string, wasApplied: (rule: string) => boolean): Diagnostic[] {
  const at = { path, region: comment.region };
  const said = problems.map((message): Diagnostic => ({ level: 'warning', code: 'suppression', message, ...at }));
  const used = rules.reduce((sum, rule) => sum + rule.used, 0);
  if (expired && used > 0) {
    said.push({ level: 'warning', code: 'suppression-expired', message: `This comment ended on ${comment.expires ?? ''}: ${plural(used, 'finding')} ${used === 1 ? 'counts' : 'count'} again. Repair ${used === 1 ? 'it' : 'them'}, or decide anew.`, ...at });
  }
  const unused = rules.filter((rule) => rule.used === 0 && wasApplied(rule.name)).map(({ name }) => `\`${name}\``);
  if (unused.length > 0) said.push({ level: 'note', code: 'suppression-unused', message: `There is no finding of ${unused.join(', ')} here: delete this comment or what it names too much.`, ...at });
  return said;
}

/** Comments by which another tool is told to be silent about the same weakness: `# zizmor: ignore[audit]`. */
function createForeign(results: readonly ScanResult[], source: (path: string) => string | undefined): (finding: Finding) => Suppression | undefined {
  const rules = new Map<string, readonly string[]>();
  for (const { id, equivalents = [] } of results.find(({ tool }) => tool.name === 'policies')?.rules ?? ([] as readonly Rule[])) {
    const audits = equivalents.filter((name) => name.startsWith('zizmor/')).map((name) => name.slice('zizmor/'.length));
    if (audits.length > 0) rules.set(id, audits);
  }
  const texts = new Map<string, LineIndex | undefined>();
  const linesOf = (path: string): LineIndex | undefined => {
    if (!texts.has(path)) {
      const text = source(path);
      texts.set(path, text?.includes('zizmor: ignore[') === true ? new LineIndex(text) : undefined);
    }
    return texts.get(path);
  };
  return ({ tool, ruleId, locations: [{ path, region }] }) => {
    const audits = tool === 'policies' ? rules.get(ruleId) : undefined;
    if (audits === undefined || region === undefined || !/\.ya?ml$/i.test(path)) return undefined;
    const lines = linesOf(path);
    if (lines === undefined) return undefined;
    const last = Math.min(region.endLine, region.startLine + REGION_LINES - 1, lines.lineCount);
    for (let line = region.startLine; line <= last; line++) {
      const text = lines.line(line);
      const ignored = zizmorIgnored(text, audits);
      if (ignored === undefined) continue;
      const column = text.indexOf('zizmor: ignore[') + 1;
      return {
        kind: 'inSource',
        by: 'zizmor',
        reason: ignored.reason === '' ? `a comment for zizmor silences ${ignored.audit}, the same weakness` : ignored.reason,
        place: { path, region: { startLine: line, startColumn: column, endLine: line, endColumn: column + 'zizmor: ignore['.length } },
      };
    }
    return undefined;
  };
}
