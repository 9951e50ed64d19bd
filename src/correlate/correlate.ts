import { CONFIDENCES, compareSeverity, compareText, findingsOf, locatesSecret, worst, type Finding, type ScanResult } from '../core/index.js';
import { compareEntries, comparePriority, toEntry, type Entry } from './entry.js';
import type { Equivalents } from './equivalents.js';
import { groupPackages } from './packages.js';
import { groupPlaces, type Subject } from './places.js';
import { detectorClasses } from './secrets.js';

/**
 * Results in which each weakness stands once: the finding of the tool of highest priority with the highest severity
 * of all, and in `alsoReportedBy` every other tool and rule that reports it. What is the same:
 *
 * - dependencies: package, version and manifest, over the closure of aliases ({@link groupPackages});
 * - secrets: the same value in the same file by `secretOf`, else line and kind of credential;
 * - code, infrastructure and container files: path, lines in common and an equivalent rule ({@link groupPlaces});
 * - everywhere: exact repetitions by one tool (rule, region, message). Other findings of one tool are never one.
 *
 * Doesn't depend on the order of results and findings; linear in their number but for sorting.
 * `secretOf`: a keyed hash of the credential at a finding, never the value; undefined when it is not known.
 */
export function correlate(results: readonly ScanResult[], equivalents: Equivalents, secretOf: (finding: Finding) => string | undefined = () => undefined): readonly ScanResult[] {
  const secretRules = new Set(results.flatMap(({ tool, rules }) => rules.filter(locatesSecret).map(({ id }) => `${tool.name}\n${id}`)));
  const packages: Entry[] = [];
  const files = new Map<string, Entry[]>();
  for (const result of results) {
    for (const finding of findingsOf(result)) {
      const entry = toEntry(finding);
      if (finding.package !== undefined) {
        packages.push(entry);
        continue;
      }
      const path = finding.locations[0].path;
      const known = files.get(path);
      if (known === undefined) files.set(path, [entry]);
      else known.push(entry);
    }
  }
  const subjectOf = createSubjects(equivalents, secretRules, secretOf);
  /** What becomes of a finding; those that are not named stay as they are. */
  const fates = new Map<Finding, Finding | undefined>();
  const settle = (group: readonly Entry[]): void => {
    if (group.length === 1) return;
    const ordered = group.toSorted(comparePriority);
    const merged = merge(ordered.map(({ finding }) => finding));
    ordered.forEach(({ finding }, index) => fates.set(finding, index === 0 ? merged : undefined));
  };
  if (packages.length > 1) groupPackages(packages.toSorted(compareEntries)).forEach(settle);
  for (const entries of files.values()) {
    if (entries.length === 1) continue;
    const distinct = withoutRepetitions(entries, fates);
    const comparable = distinct.filter((entry) => subjectOf(entry).concepts.length > 0);
    if (comparable.length > 1) groupPlaces(comparable, subjectOf).forEach(settle);
  }
  return fates.size === 0 ? results : results.map((result) => apply(result, fates));
}

function createSubjects(equivalents: Equivalents, secretRules: ReadonlySet<string>, secretOf: (finding: Finding) => string | undefined): (entry: Entry) => Subject {
  const subjects = new Map<Finding, Subject>();
  const byRule = new Map<string, Subject>();
  return ({ finding }) => {
    const known = subjects.get(finding);
    if (known !== undefined) return known;
    const rule = `${finding.tool}\n${finding.ruleId}`;
    let subject = byRule.get(rule);
    if (secretRules.has(rule)) {
      const value = secretOf(finding);
      subject = value === undefined ? { concepts: detectorClasses(finding.ruleId), wholeFile: false } : { concepts: [`secret:${value}`], wholeFile: true };
      subjects.set(finding, subject);
    } else if (subject === undefined) {
      const concepts = equivalents.conceptsOf(finding.tool, finding.ruleId);
      subject = { concepts, wholeFile: concepts.some((concept) => equivalents.onePerFile(concept)) };
      byRule.set(rule, subject);
    }
    return subject;
  };
}

/** One tool says the same twice, as when two of its runs are put together: one of them stays. */
function withoutRepetitions(entries: readonly Entry[], fates: Map<Finding, Finding | undefined>): readonly Entry[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { ruleId, message, locations } = entry.finding;
    const region = locations[0].region;
    const place = region === undefined ? '' : `${region.startLine}:${region.startColumn}:${region.endLine}:${region.endColumn}`;
    const key = `${entry.tool}\n${ruleId}\n${place}\n${message}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [entry]);
    else known.push(entry);
  }
  if (groups.size === entries.length) return entries;
  return [...groups.values()].map((group): Entry => {
    if (group.length === 1) return group[0] as Entry;
    const ordered = group.toSorted((a, b) => compareSeverity(a.finding.severity, b.finding.severity) || comparePriority(a, b));
    const merged = merge(ordered.map(({ finding }) => finding));
    ordered.forEach(({ finding }, index) => fates.set(finding, index === 0 ? merged : undefined));
    return toEntry(merged);
  });
}

/** One finding of several, the first of which wins. */
function merge(findings: readonly Finding[]): Finding {
  const [winner, ...others] = findings as readonly [Finding, ...Finding[]];
  const severity = worst(findings.map((finding) => finding.severity)) ?? winner.severity;
  const raisedBy = others.find((finding) => finding.severity === severity);
  const confidence = CONFIDENCES.find((one) => findings.some((finding) => finding.confidence === one)) ?? winner.confidence;
  const sources = new Map<string, { readonly tool: string; readonly ruleId: string }>();
  const key = (tool: string, ruleId: string): string => `${tool}\n${ruleId}`;
  for (const { tool, ruleId, alsoReportedBy } of findings) {
    for (const source of [{ tool, ruleId }, ...alsoReportedBy]) sources.set(key(source.tool, source.ruleId), source);
  }
  sources.delete(key(winner.tool, winner.ruleId));
  const flow = findings.find((finding) => finding.flow.length > 0)?.flow ?? winner.flow;
  const fixes = findings.find((finding) => (finding.fixes ?? []).length > 0)?.fixes;
  // One that some tool's comment silences counts while another tool reports it.
  const { suppression, ...rest } = winner;
  return {
    ...rest,
    ...(suppression !== undefined && findings.every((finding) => finding.suppression !== undefined) && { suppression }),
    severity,
    confidence,
    reasons: severity === winner.severity || raisedBy === undefined ? winner.reasons : [...winner.reasons, `${raisedBy.tool} rates it ${severity}`],
    flow,
    ...(fixes !== undefined && { fixes }),
    ...(winner.package !== undefined && {
      package: {
        ...winner.package,
        aliases: union(findings.map((finding) => finding.package?.aliases ?? [])),
        fixedVersions: findings.find((finding) => (finding.package?.fixedVersions ?? []).length > 0)?.package?.fixedVersions ?? [],
        ...earliest(findings.flatMap((finding) => finding.package?.published ?? [])),
      },
    }),
    alsoReportedBy: [...sources.values()].sort((a, b) => compareText(a.tool, b.tool) || compareText(a.ruleId, b.ruleId)),
  };
}

/** The first publication: what is known for longer has no grace because somebody told it again. */
function earliest(days: readonly string[]): { readonly published?: string } {
  const [first] = [...days].sort(compareText);
  return first === undefined ? {} : { published: first };
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort(compareText);
}

function apply(result: ScanResult, fates: ReadonlyMap<Finding, Finding | undefined>): ScanResult {
  const { outcome } = result;
  const fateOf = (finding: Finding): Finding | undefined => {
    // What several repetitions became may have become part of something else.
    let at: Finding | undefined = finding;
    while (at !== undefined && fates.has(at)) at = fates.get(at);
    return at;
  };
  const kept = (findings: readonly Finding[]): readonly Finding[] => findings.flatMap((finding) => fateOf(finding) ?? []);
  if (outcome.status === 'completed') return { ...result, outcome: { ...outcome, findings: kept(outcome.findings) } };
  return outcome.status === 'failed' ? { ...result, outcome: { ...outcome, partial: kept(outcome.partial) } } : result;
}
