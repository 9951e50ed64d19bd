import { type Diagnostic, isOfType, nearestHint, type PolicySettings, type Severity } from '../core/index.js';
import type { Known, KnownOption, KnownPolicy } from '../core/index.js';
import { describe, shown, type Source } from './problems.js';
import type { PolicyConfig } from './schema.js';
import { isPattern, matcher, patternProblem, policyIndex } from '../syntax/name-pattern.js';

const DEFAULT_SETTINGS: PolicySettings = { enabled: true, options: {} };
const OWN_KEYS = ['enabled', 'severity'];

/**
 * Settings by id of every policy that the configuration says something about: names resolved, patterns spread.
 * An id or alias wins over a pattern, a later pattern over an earlier one.
 */
export function resolvePolicies(config: Readonly<Record<string, PolicyConfig>>, known: Known, source: Source): { settings: Map<string, PolicySettings>; diagnostics: Diagnostic[] } {
  const index = policyIndex(known.policies);
  const settings = new Map<string, PolicySettings>();
  const diagnostics: Diagnostic[] = [];
  const entries = Object.entries(config);
  for (const [key, value] of entries.filter(([name]) => isPattern(name))) {
    const broken = patternProblem(key);
    if (broken !== undefined) {
      diagnostics.push(source.diagnostic('config-name', `The pattern \`${shown(key)}\` ${broken}.`, ['policies', key], 'key'));
      continue;
    }
    const matches = matcher(key);
    const policies = known.policies.filter((policy) => matches(policy.id));
    if (policies.length === 0) {
      diagnostics.push(source.diagnostic('config-name', `\`${shown(key)}\` matches no policy. \`bartizan policies\` lists them.`, ['policies', key], 'key'));
    }
    for (const name of optionNames(value)) {
      diagnostics.push(source.diagnostic('config-option', `Options belong to one policy: write \`${shown(name)}\` behind its id, not behind \`${shown(key)}\`.`, ['policies', key, name], 'key'));
    }
    for (const policy of policies) settings.set(policy.id, merge(settings.get(policy.id), value));
  }
  const written = new Map<string, string>();
  for (const [key, value] of entries.filter(([name]) => !isPattern(name))) {
    const policy = index.get(key);
    if (policy === undefined) {
      const message = `There is no policy \`${shown(key)}\`. \`bartizan policies\` lists them.${nearestHint(key, index.keys())}`;
      diagnostics.push(source.diagnostic('config-name', message, ['policies', key], 'key'));
      continue;
    }
    const before = written.get(policy.id);
    if (before !== undefined) {
      const message = `\`${shown(key)}\` and \`${shown(before)}\` are the same policy; write one of them.`;
      diagnostics.push(source.diagnostic('config-name', message, ['policies', key], 'key'));
    }
    written.set(policy.id, key);
    diagnostics.push(...checkOptions(policy, key, value, source));
    settings.set(policy.id, merge(settings.get(policy.id), value));
  }
  return { settings, diagnostics };
}

function merge(before: PolicySettings = DEFAULT_SETTINGS, value: PolicyConfig): PolicySettings {
  if (value === 'on' || value === true) return { ...before, enabled: true };
  if (value === 'off' || value === false) return { ...before, enabled: false };
  if (typeof value === 'string') return { ...before, enabled: true, severity: value };
  const { enabled, severity, ...options } = value;
  const result: { enabled: boolean; severity?: Severity; options: Record<string, unknown> } = {
    ...before,
    enabled: enabled !== 'off' && enabled !== false,
    options: { ...before.options, ...options },
  };
  if (severity !== undefined) result.severity = severity;
  return result;
}

function optionNames(value: PolicyConfig): string[] {
  return typeof value === 'object' ? Object.keys(value).filter((name) => !OWN_KEYS.includes(name)) : [];
}

const TYPE_WORDS: Readonly<Record<KnownOption['type'], string>> = {
  string: 'a text',
  strings: 'a list of texts',
  integer: 'a whole number',
  boolean: 'true or false',
};

function checkOptions(policy: KnownPolicy, key: string, value: PolicyConfig, source: Source): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const allowed = [...OWN_KEYS, ...Object.keys(policy.options)];
  for (const name of optionNames(value)) {
    const option = Object.hasOwn(policy.options, name) ? policy.options[name] : undefined;
    const path = ['policies', key, name];
    if (option === undefined) {
      const message = `Policy \`${policy.id}\` has no option \`${shown(name)}\`; there are ${allowed.join(', ')}.${nearestHint(name, allowed)}`;
      diagnostics.push(source.diagnostic('config-option', message, path, 'key'));
    } else {
      const given = (value as Record<string, unknown>)[name];
      if (isOfType(given, option.type)) continue;
      const message = `The option \`${name}\` of policy \`${policy.id}\` is ${describe(given)}; it must be ${TYPE_WORDS[option.type]}.`;
      diagnostics.push(source.diagnostic('config-option', message, path, 'value'));
    }
  }
  return diagnostics;
}
