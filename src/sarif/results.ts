import type { CodeFlow, Fix as SarifFix, PropertyBag, Replacement, Result, Suppression as SarifSuppression } from 'sarif';
import type { Finding, FindingPackage, Fix, KnownFinding, Suppression } from '../core/index.js';
import { LIMITS } from './limits.js';
import { clamp, toLocation, toUri, type Lines, type Secrets } from './location.js';
import { LEVEL, type RuleTable } from './rules.js';
import { messageText, sarifText } from './text.js';

/** One finding as a SARIF result. `secrets` are not shown. */
export function toResult(finding: Finding, table: RuleTable, lines: Lines, secrets: Secrets): Result {
  const { id, index } = table.entry(finding);
  const related = finding.related.slice(0, LIMITS.related);
  const fixes = (finding.fixes ?? []).filter(({ replacements }) => replacements.length > 0).slice(0, LIMITS.fixes);
  return {
    ruleId: id,
    ruleIndex: index,
    level: LEVEL[finding.severity],
    message: { text: messageText(withReasons(finding), LIMITS.message) },
    locations: finding.locations.slice(0, LIMITS.locations).map((location) => toLocation(location, lines, secrets)),
    ...(related.length > 0 && {
      relatedLocations: related.map((location, position) => ({ id: position + 1, ...toLocation(location, lines, secrets) })),
    }),
    ...(finding.flow.length > 0 && { codeFlows: [codeFlow(finding, lines, secrets)] }),
    ...(fixes.length > 0 && { fixes: fixes.map((fix) => toFix(fix, lines)) }),
    ...(finding.suppression !== undefined && { suppressions: [toSuppression(finding.suppression, lines, secrets)] }),
    ...(finding.baselineState !== undefined && { baselineState: finding.baselineState }),
    partialFingerprints: { ...finding.fingerprints },
    properties: {
      severity: finding.severity,
      confidence: finding.confidence,
      ...(finding.package !== undefined && { package: toPackage(finding.package) }),
      ...(finding.alsoReportedBy.length > 0 && {
        alsoReportedBy: finding.alsoReportedBy.slice(0, LIMITS.tags).map(({ tool, ruleId }) => sarifText(`${tool}/${ruleId}`, LIMITS.ruleId)),
      }),
    },
  };
}

/** SARIF has no place for packages; with this, our own logs can be correlated with others. */
function toPackage({ purl, version, manifest, aliases, fixedVersions, published }: FindingPackage): PropertyBag {
  const texts = (values: readonly string[]): string[] => values.slice(0, LIMITS.related).map((value) => sarifText(value, LIMITS.ruleId));
  return {
    purl: sarifText(purl, LIMITS.snippet),
    version: sarifText(version, LIMITS.ruleId),
    manifest: sarifText(manifest, LIMITS.message),
    aliases: texts(aliases),
    fixedVersions: texts(fixedVersions),
    ...(published !== undefined && { published: sarifText(published, LIMITS.ruleId) }),
  };
}

/** A finding of the baseline that is gone (SARIF 2.1.0, 3.27.24). */
export function toAbsentResult({ fingerprint, rule, path, severity }: KnownFinding): Result {
  return {
    ruleId: sarifText(rule, LIMITS.ruleId) || 'unknown',
    level: LEVEL[severity],
    message: { text: 'The baseline knows this finding, and it is not found any more.' },
    locations: [{ physicalLocation: { artifactLocation: { uri: toUri(path) } } }],
    baselineState: 'absent',
    partialFingerprints: { 'bartizan/v1': fingerprint },
    properties: { severity },
  };
}

/** Replacements by file; a credential in the new text is masked, as everywhere. */
function toFix({ description, replacements }: Fix, lines: Lines): SarifFix {
  const files = new Map<string, Replacement[]>();
  for (const { path, region, text } of replacements.slice(0, LIMITS.related)) {
    const uri = toUri(path);
    const replacement: Replacement = { deletedRegion: clamp(region, lines(path)), insertedContent: { text: sarifText(text, LIMITS.help) } };
    const known = files.get(uri);
    if (known === undefined) files.set(uri, [replacement]);
    else known.push(replacement);
  }
  return {
    ...(description !== '' && { description: { text: messageText(description, LIMITS.description) } }),
    artifactChanges: [...files].map(([uri, changes]) => ({ artifactLocation: { uri }, replacements: changes })),
  };
}

/** SARIF has no place for owner and end: they are properties (SARIF 2.1.0, 3.35). */
function toSuppression({ kind, by, reason, owner, expires, place }: Suppression, lines: Lines, secrets: Secrets): SarifSuppression {
  return {
    kind,
    status: 'accepted',
    justification: messageText(reason, LIMITS.message),
    location: toLocation(place, lines, secrets),
    properties: { by, ...(owner !== undefined && { owner: sarifText(owner, LIMITS.ruleId) }), ...(expires !== undefined && { expires }) },
  };
}

function withReasons(finding: Finding): string {
  const reasons = finding.reasons.slice(0, 10).map((reason) => `- ${reason}`);
  return [finding.message, ...(reasons.length > 0 ? [['Why this severity:', ...reasons].join('\n')] : [])].join('\n\n');
}

/** The source and the sink stay when a flow is longer than GitHub shows. */
function codeFlow(finding: Finding, lines: Lines, secrets: Secrets): CodeFlow {
  const { flow } = finding;
  const shown = flow.length <= LIMITS.flowSteps ? flow : [...flow.slice(0, LIMITS.flowSteps - 1), ...flow.slice(-1)];
  return {
    threadFlows: [
      {
        locations: shown.map(({ location, message }) => ({
          location: toLocation({ ...location, message }, lines, secrets),
        })),
      },
    ],
  };
}
