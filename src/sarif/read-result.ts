import type { Finding, FindingPackage, Fix, FlowStep, Location, Severity } from '../core/index.js';
import { readLocation, readLocations, readPath, readRegion, type LocationContext } from './read-location.js';
import { plainMessage } from './read-message.js';
import { ownPackage, type PackageSource } from './read-package.js';
import { isConfidence, isSeverity, securitySeverity, severityOfLevel, type ReadRule, type ReadRules } from './read-rules.js';
import { NO_FILE } from './read-uri.js';
import { arrayOf, integerOf, isObject, objectOf, objectsOf, own, stringOf, type JsonObject } from './read-values.js';

/** Most steps of a flow and other places of one result that are kept. */
const MAX_PLACES = 1_000;

/** What results of one run are read with. */
export interface ResultContext extends LocationContext {
  readonly tool: string;
  /** Whether the log is one of ours, whose properties say severity, confidence and fingerprints exactly. */
  readonly own: boolean;
  readonly rules: ReadRules;
  /** Levels by rule id that the invocation overrides. */
  readonly overrides: ReadonlyMap<string, string>;
  readonly threadFlowLocations: readonly JsonObject[];
  /** Reads the package that a result of this tool is about. */
  readonly packageOf: (source: PackageSource) => FindingPackage | undefined;
}

/** Why a result is no finding. */
export type LeftOut = 'passed' | 'suppressed' | 'absent';

/** A finding of a SARIF `result`, why it is none, or undefined when it is wrong and reported so. */
export function readResult(result: JsonObject, context: ResultContext, pointer: string): Finding | LeftOut | undefined {
  const { problems } = context;
  const kind = stringOf(result, 'kind', problems, pointer) ?? 'fail';
  if (kind === 'pass' || kind === 'notApplicable' || kind === 'informational') return 'passed';
  if (stringOf(result, 'baselineState', problems, pointer) === 'absent') return 'absent';
  if (isSuppressed(result, context, pointer)) return 'suppressed';
  const rule = context.rules.find(result, pointer);
  const ruleId = rule !== undefined ? ownId(rule, result, context, pointer) : (stringOf(result, 'ruleId', problems, pointer) ?? stringOf(objectOf(result, 'rule', problems, pointer), 'id', problems, `${pointer}/rule`));
  if (ruleId === undefined || ruleId === '') {
    problems.wrong(pointer, 'a `ruleId`, or a `ruleIndex` or `rule` of the tool');
    return undefined;
  }
  const messages = rule === undefined ? undefined : objectOf(rule.descriptor, 'messageStrings', problems, pointer);
  const message = plainMessage(result['message'], messages, context, `${pointer}/message`);
  if (message === undefined) problems.wrong(`${pointer}/message`, 'a message with `text` or `id`');
  const locations = readLocations(result, 'locations', context, pointer);
  const primary = locations[0] ?? analysisTarget(result, context, pointer) ?? { path: NO_FILE };
  const properties = objectOf(result, 'properties', problems, pointer);
  const fixes = readFixes(result, context, pointer);
  const text = message ?? rule?.rule.title ?? ruleId;
  const found = context.own ? ownPackage(properties) : context.packageOf({ ruleId, message: text, descriptor: rule?.descriptor ?? {}, result, path: primary.path });
  return {
    ruleId,
    tool: context.tool,
    severity: severityOf(result, properties, rule, context, pointer),
    confidence: isConfidence(own(properties, 'confidence')) ? (own(properties, 'confidence') as Finding['confidence']) : (rule?.rule.confidence ?? 'medium'),
    message: text,
    reasons: [],
    locations: [primary, ...locations.slice(1, MAX_PLACES)],
    related: readLocations(result, 'relatedLocations', context, pointer).slice(0, MAX_PLACES),
    flow: readFlow(result, context, pointer),
    fingerprints: context.own ? readFingerprints(result, context, pointer) : {},
    ...(found !== undefined && { package: found }),
    ...(fixes.length > 0 && { fixes }),
    alsoReportedBy: context.own ? readSources(properties) : [],
  };
}

/** The id of the described rule; a hierarchical id of the result stays, except for our entries per severity. */
function ownId(rule: ReadRule, result: JsonObject, context: ResultContext, pointer: string): string {
  const { id } = rule.rule;
  const described = rule.descriptor['id'] as string;
  const given = stringOf(result, 'ruleId', context.problems, pointer);
  return given === undefined || given === described ? id : given;
}

/** Suppressed when there are suppressions and none is under review or rejected (3.27.23). */
function isSuppressed(result: JsonObject, { problems }: ResultContext, pointer: string): boolean {
  const suppressions = objectsOf(result, 'suppressions', problems, pointer);
  return suppressions.length > 0 && suppressions.every((suppression) => !['underReview', 'rejected'].includes(String(own(suppression, 'status') ?? own(suppression, 'state') ?? 'accepted')));
}

function analysisTarget(result: JsonObject, context: ResultContext, pointer: string): Location | undefined {
  const path = readPath(objectOf(result, 'analysisTarget', context.problems, pointer), context, `${pointer}/analysisTarget`);
  return path === undefined ? undefined : { path };
}

/**
 * In this order: our own property; a score of the result; the score of its rule; the level of the result, of an
 * override of the invocation, of the rule; SARIF's default, `warning`.
 */
function severityOf(result: JsonObject, properties: JsonObject, rule: ReadRule | undefined, context: ResultContext, pointer: string): Severity {
  const { problems } = context;
  const named = own(properties, 'severity');
  if (context.own && isSeverity(named)) return named;
  const score = securitySeverity(own(properties, 'security-severity'), problems, `${pointer}/properties/security-severity`);
  if (score !== undefined) return score;
  if (rule?.rated !== undefined) return rule.rated;
  const level = stringOf(result, 'level', problems, pointer) ?? (rule === undefined ? undefined : (context.overrides.get(rule.rule.id) ?? rule.level));
  const severity = severityOfLevel(level ?? 'warning');
  if (severity === undefined) problems.wrong(`${pointer}/level`, '`none`, `note`, `warning` or `error`');
  return severity ?? 'medium';
}

/** The first code flow's first thread: what GitHub shows. */
function readFlow(result: JsonObject, context: ResultContext, pointer: string): readonly FlowStep[] {
  const { problems } = context;
  const [flow] = objectsOf(result, 'codeFlows', problems, pointer);
  if (flow === undefined) return [];
  const [thread] = objectsOf(flow, 'threadFlows', problems, `${pointer}/codeFlows/0`);
  if (thread === undefined) return [];
  const at = `${pointer}/codeFlows/0/threadFlows/0`;
  const steps: FlowStep[] = [];
  for (const [index, value] of objectsOf(thread, 'locations', problems, at).slice(0, MAX_PLACES).entries()) {
    const place = `${at}/locations/${index}`;
    const shared = integerOf(value, 'index', problems, place);
    const step = shared !== undefined && shared >= 0 && value['location'] === undefined ? (context.threadFlowLocations[shared] ?? value) : value;
    const location = readLocation(objectOf(step, 'location', problems, place), context, `${place}/location`);
    if (location === undefined) continue;
    const { message = '', ...rest } = location;
    steps.push({ location: rest, message });
  }
  return steps;
}

function readFixes(result: JsonObject, context: ResultContext, pointer: string): readonly Fix[] {
  const { problems } = context;
  return objectsOf(result, 'fixes', problems, pointer).flatMap((fix, index): Fix[] => {
    const at = `${pointer}/fixes/${index}`;
    const replacements = objectsOf(fix, 'artifactChanges', problems, at).flatMap((change, position) => {
      const place = `${at}/artifactChanges/${position}`;
      const path = readPath(objectOf(change, 'artifactLocation', problems, place), context, `${place}/artifactLocation`);
      if (path === undefined) return [];
      return objectsOf(change, 'replacements', problems, place).flatMap((replacement, number) => {
        const here = `${place}/replacements/${number}`;
        const region = readRegion(objectOf(replacement, 'deletedRegion', problems, here), path, context, `${here}/deletedRegion`);
        const text = stringOf(objectOf(replacement, 'insertedContent', problems, here), 'text', problems, `${here}/insertedContent`) ?? '';
        return region === undefined ? [] : [{ path, region, text }];
      });
    });
    const description = plainMessage(fix['description'], undefined, context, `${at}/description`) ?? '';
    return replacements.length === 0 ? [] : [{ description, replacements }];
  });
}

function readFingerprints(result: JsonObject, { problems }: ResultContext, pointer: string): Record<string, string> {
  const fingerprints: Record<string, string> = {};
  for (const [name, value] of Object.entries(objectOf(result, 'partialFingerprints', problems, pointer))) {
    if (typeof value === 'string' && name !== '__proto__') fingerprints[name] = value;
  }
  return fingerprints;
}

/** `tool/rule-id` as our own logs write them. */
function readSources(properties: JsonObject): Finding['alsoReportedBy'] {
  const written = own(properties, 'alsoReportedBy');
  if (!Array.isArray(written)) return [];
  return (written as unknown[]).flatMap((entry) => {
    const [, tool, ruleId] = typeof entry === 'string' ? (/^([^/]+)\/(.+)$/s.exec(entry) ?? []) : [];
    return tool === undefined || ruleId === undefined ? [] : [{ tool, ruleId }];
  });
}

/** Overrides of rules' levels of the invocations of a run, by rule id (3.20.5). */
export function readOverrides(run: JsonObject, rules: ReadRules, context: Pick<LocationContext, 'problems'>, pointer: string): ReadonlyMap<string, string> {
  const { problems } = context;
  const levels = new Map<string, string>();
  arrayOf(run, 'invocations', problems, pointer).forEach((invocation, index) => {
    if (!isObject(invocation)) return;
    const at = `${pointer}/invocations/${index}`;
    objectsOf(invocation, 'ruleConfigurationOverrides', problems, at).forEach((override, position) => {
      const place = `${at}/ruleConfigurationOverrides/${position}`;
      const level = stringOf(objectOf(override, 'configuration', problems, place), 'level', problems, `${place}/configuration`);
      const rule = rules.byReference(objectOf(override, 'descriptor', problems, place), `${place}/descriptor`);
      if (rule !== undefined && level !== undefined && !levels.has(rule.rule.id)) levels.set(rule.rule.id, level);
    });
  });
  return levels;
}
