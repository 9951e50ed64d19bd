import { CONFIDENCES, SEVERITIES, type Confidence, type Rule, type Severity } from '../core/index.js';
import { RULE_PROPERTY } from './rules.js';
import { plainMessage } from './read-message.js';
import type { Problems } from './read-problems.js';
import { integerOf, isObject, objectOf, objectsOf, own, stringOf, stringsOf, type JsonObject } from './read-values.js';

/** A `reportingDescriptor` with what is needed for its results. */
export interface ReadRule {
  readonly rule: Rule;
  readonly descriptor: JsonObject;
  /** By `security-severity`, which GitHub reads; undefined when there is none. */
  readonly rated: Severity | undefined;
  readonly level: string | undefined;
}

/** The rules of a run: of the tool itself and of its extensions. */
export interface ReadRules {
  readonly rules: readonly Rule[];
  /** The rule that a result names by any of the ways in which SARIF lets it; undefined when it is not described. */
  find(result: JsonObject, pointer: string): ReadRule | undefined;
  /** Rule ids that a `reportingDescriptorReference` means. */
  byReference(reference: JsonObject, pointer: string): ReadRule | undefined;
}

export function readRules(tool: JsonObject, problems: Problems, pointer: string): ReadRules {
  const driver = objectOf(tool, 'driver', problems, pointer);
  const components = [driver, ...objectsOf(tool, 'extensions', problems, pointer)];
  const tables = components.map((component, index) => {
    const at = index === 0 ? `${pointer}/driver` : `${pointer}/extensions/${index - 1}`;
    return objectsOf(component, 'rules', problems, at).map((descriptor, position) => readRule(descriptor, problems, `${at}/rules/${position}`));
  });
  const byId = new Map<string, ReadRule>();
  for (const rule of tables.flat()) {
    // Rules of one id: the first one, as GitHub does.
    if (rule !== undefined && !byId.has(rule.descriptor['id'] as string)) byId.set(rule.descriptor['id'] as string, rule);
  }
  const componentOf = (reference: JsonObject, at: string): number => {
    const component = objectOf(reference, 'toolComponent', problems, at);
    const index = integerOf(component, 'index', problems, `${at}/toolComponent`);
    if (index !== undefined && index >= 0) return index + 1;
    for (const key of ['guid', 'name']) {
      const value = own(component, key);
      const position = value === undefined ? -1 : components.findIndex((entry) => own(entry, key) === value);
      if (position !== -1) return position;
    }
    return 0;
  };
  const byGuid = new Map(tables.flat().flatMap((rule) => (typeof rule?.descriptor['guid'] === 'string' ? [[rule.descriptor['guid'], rule] as const] : [])));
  const byReference = (reference: JsonObject, at: string): ReadRule | undefined => {
    const guid = stringOf(reference, 'guid', problems, at);
    const known = guid === undefined ? undefined : byGuid.get(guid);
    if (known !== undefined) return known;
    const index = integerOf(reference, 'index', problems, at);
    const indexed = index === undefined || index < 0 ? undefined : tables[componentOf(reference, at)]?.[index];
    return indexed ?? named(stringOf(reference, 'id', problems, at));
  };
  /** By id, or by the longest beginning of a hierarchical id (3.52.4). */
  const named = (id: string | undefined): ReadRule | undefined => {
    for (let part = id; part !== undefined && part !== ''; part = part.includes('/') ? part.slice(0, part.lastIndexOf('/')) : undefined) {
      const rule = byId.get(part);
      if (rule !== undefined) return rule;
    }
    return undefined;
  };
  return {
    rules: distinct([...byId.values()].map(({ rule }) => rule)),
    find(result, at) {
      const id = stringOf(result, 'ruleId', problems, at);
      const reference = own(result, 'rule');
      const referred = isObject(reference) ? byReference(reference, `${at}/rule`) : undefined;
      if (referred !== undefined) return referred;
      const index = integerOf(result, 'ruleIndex', problems, at);
      const indexed = index === undefined || index < 0 ? undefined : tables[0]?.[index];
      // Some tools count the index over something else: the id wins when the two differ.
      const fits = indexed !== undefined && (id === undefined || id === indexed.descriptor['id'] || id.startsWith(`${indexed.descriptor['id'] as string}/`));
      return fits ? indexed : (named(id) ?? (id === undefined ? indexed : undefined));
    },
    byReference,
  };
}

function distinct(rules: readonly Rule[]): readonly Rule[] {
  const seen = new Set<string>();
  return rules.filter(({ id }) => !seen.has(id) && seen.add(id) !== undefined);
}

function readRule(descriptor: JsonObject, problems: Problems, pointer: string): ReadRule | undefined {
  const id = stringOf(descriptor, 'id', problems, pointer);
  if (id === undefined || id === '') {
    problems.wrong(`${pointer}/id`, 'the id of the rule');
    return undefined;
  }
  const properties = objectOf(descriptor, 'properties', problems, pointer);
  const messages = { problems, globalMessages: {} };
  const text = (key: string): string | undefined => plainMessage(descriptor[key], undefined, messages, `${pointer}/${key}`);
  const help = objectOf(descriptor, 'help', problems, pointer);
  const helpUri = stringOf(descriptor, 'helpUri', problems, pointer);
  const rated = securitySeverity(own(properties, 'security-severity'), problems, `${pointer}/properties/security-severity`);
  const level = stringOf(objectOf(descriptor, 'defaultConfiguration', problems, pointer), 'level', problems, `${pointer}/defaultConfiguration`);
  const title = text('shortDescription') ?? stringOf(descriptor, 'name', problems, pointer) ?? text('fullDescription') ?? id;
  const origin = own(properties, RULE_PROPERTY);
  return {
    descriptor,
    rated,
    level,
    rule: {
      id: typeof origin === 'string' && origin !== '' ? origin : id,
      title: title.split('\n', 1)[0]?.trim().replace(/\.$/, '') || id,
      severity: rated ?? severityOfLevel(level) ?? 'medium',
      confidence: precision(own(properties, 'precision')),
      tags: tagsOf(descriptor, properties, problems, pointer),
      help: stringOf(help, 'markdown', problems, `${pointer}/help`) ?? text('help') ?? text('fullDescription') ?? title,
      ...(helpUri !== undefined && /^https?:\/\//i.test(helpUri) && { helpUri }),
    },
  };
}

/** The tool's tags, CWE in our form, and the weaknesses that the rule is related to. */
function tagsOf(descriptor: JsonObject, properties: JsonObject, problems: Problems, pointer: string): readonly string[] {
  const tags = new Set<string>();
  const add = (tag: string): void => {
    const cwe = /^(?:external\/cwe\/)?cwe[-_ :]?0*(\d{1,5})(?!\d)/i.exec(tag)?.[1];
    tags.add(cwe === undefined ? tag : `CWE-${cwe}`);
  };
  for (const key of ['tags', 'cwe'] as const) {
    const value = own(properties, key);
    if (typeof value === 'string') value.split(',').forEach((tag) => add(tag.trim()));
    else stringsOf(properties, key, problems, `${pointer}/properties`).forEach(add);
  }
  objectsOf(descriptor, 'relationships', problems, pointer).forEach((relationship, index) => {
    const at = `${pointer}/relationships/${index}`;
    const target = objectOf(relationship, 'target', problems, at);
    const taxonomy = own(objectOf(target, 'toolComponent', problems, `${at}/target`), 'name');
    const id = stringOf(target, 'id', problems, `${at}/target`);
    if (id !== undefined && taxonomy === 'CWE') add(/^\d+$/.test(id) ? `CWE-${id}` : id);
  });
  tags.delete('security');
  tags.delete('');
  return [...tags].slice(0, 50);
}

/**
 * The severity of a `security-severity` by GitHub's bands: 9.0 and more critical, 7.0 high, 4.0 medium, above 0 low.
 * What is no number makes GitHub refuse a whole file; here it is a problem and as if absent.
 */
export function securitySeverity(value: unknown, problems: Problems, pointer: string): Severity | undefined {
  if (value === undefined) return undefined;
  const score = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (!Number.isFinite(score) || score < 0 || score > 10) {
    problems.wrong(pointer, 'a number from 0.0 to 10.0 in a string');
    return undefined;
  }
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : score > 0 ? 'low' : 'note';
}

/** What SARIF's levels mean where nothing better is known. */
export function severityOfLevel(level: string | undefined): Severity | undefined {
  switch (level) {
    case 'error':
      return 'high';
    case 'warning':
      return 'medium';
    case 'note':
      return 'low';
    case 'none':
      return 'note';
    default:
      return undefined;
  }
}

export function isSeverity(value: unknown): value is Severity {
  return typeof value === 'string' && (SEVERITIES as readonly string[]).includes(value);
}

export function isConfidence(value: unknown): value is Confidence {
  return typeof value === 'string' && (CONFIDENCES as readonly string[]).includes(value);
}

function precision(value: unknown): Confidence {
  return value === 'very-high' ? 'high' : isConfidence(value) ? value : 'medium';
}
