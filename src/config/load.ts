import { CATEGORIES, CONFIDENCES, ConfigurationError, nearestHint, POLICIES_TOOL, SEVERITIES, type Diagnostic, type ImportSettings, type PolicySettings, type ScannerSettings, type Settings, type SuppressionEntry } from '../core/index.js';
import type { YamlNode } from '../syntax/yaml-node.js';
import { parseYaml } from '../syntax/yaml.js';
import { toPlain } from '../syntax/yaml-query.js';
import type { Known } from '../core/index.js';
import { resolveImports } from './imports.js';
import type { Overrides } from './inputs.js';
import { resolvePolicies } from './policies.js';
import { fileSource, inOrder, overrideSource, type Path, schemaProblems, shown, type Source } from './problems.js';
import { resolveScanners } from './scanners.js';
import { type Config, CONFIG_KEYS, configSchema, DEFAULTS, failOnSetting, PROFILES, IMPORT_KEYS, SUPPRESSION_KEYS } from './schema.js';
import { checkEntries, isSelected } from './selection.js';
import { resolveSuppressions } from './suppressions.js';

/** What settings are made from. */
export interface SettingsRequest {
  /** `.bartizan.yml`, if there is one. `path` is for messages, relative to the workspace. */
  readonly file?: { readonly path: string; readonly text: string } | undefined;
  /** Inputs or flags; each replaces what the file says. */
  readonly overrides?: Overrides | undefined;
  readonly known: Known;
}

/** Settings, and what is to be said about them. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Settings of one run: defaults, then the file, then inputs or flags. In the result `policies` is keyed by id
 * and final: patterns and aliases are resolved, and what `only` and `skip` leave out is not enabled.
 *
 * Throws a `ConfigurationError` with a diagnostic for every wrong key or value, all at once.
 */
export function loadSettings({ file, overrides, known }: SettingsRequest): LoadedSettings {
  const diagnostics: Diagnostic[] = [];
  const written = file === undefined ? undefined : readFile(file, known, diagnostics);
  const given = overrides === undefined ? undefined : readOverrides(overrides, known, diagnostics);
  if (diagnostics.length > 0) throw configurationError(inOrder(diagnostics));
  return { settings: toSettings(combined(written?.config, given), written?.policies ?? new Map(), written?.scanners ?? new Map(), written?.suppressions ?? [], written?.imports ?? [], known), diagnostics: [] };
}

interface Written {
  readonly config: Config;
  readonly policies: Map<string, PolicySettings>;
  readonly scanners: Map<string, ScannerSettings>;
  readonly suppressions: readonly SuppressionEntry[];
  readonly imports: readonly ImportSettings[];
}

function readFile(file: { path: string; text: string }, known: Known, diagnostics: Diagnostic[]): Written | undefined {
  const { documents, problems } = parseYaml(file.text, { maxNodes: 20_000 });
  const root = documents[0];
  const source = fileSource(file.path, file.text, root);
  for (const problem of problems) diagnostics.push(source.at(problem.code, problem.message, problem.range));
  const second = documents[1];
  if (second !== undefined) {
    diagnostics.push(source.at('config-value', 'The file holds one document; a second one starts here.', { start: second.range.start, end: second.range.start }));
  }
  const data = root === undefined ? {} : plain(root);
  const config = check(data, source, diagnostics);
  if (config === undefined) return undefined;
  const policies = resolvePolicies(config.policies ?? {}, known, source);
  const scanners = resolveScanners(config.scanners ?? {}, known, source);
  const suppressions = resolveSuppressions(config.suppressions ?? [], known, source);
  const imports = resolveImports(config.imports ?? [], known, source);
  diagnostics.push(...entryProblems(config, known, source), ...policies.diagnostics, ...scanners.diagnostics, ...suppressions.diagnostics, ...imports.diagnostics);
  return { config, policies: policies.settings, scanners: scanners.settings, suppressions: suppressions.entries, imports: imports.entries };
}

/** The data of the file. A key with nothing behind it counts as not written: its entries are commented out. */
function plain(root: YamlNode): unknown {
  const data = toPlain(root);
  if (data === null) return {};
  if (typeof data !== 'object' || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
}

/** Flags and inputs arrive as texts and lists; the schema of the file judges them too. */
function readOverrides(overrides: Overrides, known: Known, diagnostics: Diagnostic[]): Config | undefined {
  const source = overrideSource(overrides.source);
  const config = check(overrides.values, source, diagnostics);
  if (config !== undefined) diagnostics.push(...entryProblems(config, known, source));
  return config;
}

/** The valid part of `data`: a wrong value takes only itself away, so that the others are judged too. */
function check(data: unknown, source: Source, diagnostics: Diagnostic[]): Config | undefined {
  const parsed = configSchema.safeParse(data);
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    diagnostics.push(source.diagnostic('config-value', `The configuration must be a mapping with keys such as ${CONFIG_KEYS.slice(0, 3).join(', ')}.`, [], 'value'));
    return undefined;
  }
  for (const key of ['policies', 'scanners'] as const) {
    // The one key that zod's records leave out without a word.
    const entries = (data as Record<string, unknown>)[key];
    if (entries === null || typeof entries !== 'object' || !Object.hasOwn(entries, '__proto__')) continue;
    diagnostics.push(source.diagnostic('config-name', `There is nothing called \`__proto__\` in \`${key}\`.`, [key, '__proto__'], 'key'));
  }
  if (parsed.success) return parsed.data;
  diagnostics.push(...schemaProblems(parsed.error.issues, data, source, knownKeys));
  const rest = configSchema.safeParse(withoutWrong(data as Record<string, unknown>, parsed.error.issues.map((issue) => issue.path)));
  return rest.success ? rest.data : undefined;
}

function withoutWrong(data: Readonly<Record<string, unknown>>, wrong: readonly (readonly PropertyKey[])[]): Record<string, unknown> {
  const rest = Object.fromEntries(Object.entries(data).filter(([key]) => CONFIG_KEYS.includes(key)));
  for (const [key, name] of wrong) {
    const entries = rest[String(key)];
    if ((key !== 'policies' && key !== 'scanners') || name === undefined || typeof entries !== 'object') {
      delete rest[String(key)];
      continue;
    }
    const value = (entries as Record<string, unknown>)[String(name)];
    const { [String(name)]: _, ...others } = entries as Record<string, unknown>;
    if (key === 'policies' && value !== null && typeof value === 'object' && !Array.isArray(value)) {
      const { enabled: _enabled, severity: _severity, ...options } = value as Record<string, unknown>;
      rest[key] = { ...others, [String(name)]: options };
    } else rest[key] = others;
  }
  return rest;
}

function knownKeys(path: Path): readonly string[] {
  if (path[0] === 'suppressions') return SUPPRESSION_KEYS;
  if (path[0] === 'imports') return IMPORT_KEYS;
  if (path[0] === 'max-known' || path[0] === 'max-findings') return SEVERITIES;
  if (path[0] === 'fail-on') return path[1] === 'category' ? CATEGORIES : path[1] === 'confidence' ? CONFIDENCES : Object.keys(failOnSetting.shape);
  return path.length === 0 ? CONFIG_KEYS : [];
}

function entryProblems(config: Config, known: Known, source: Source): Diagnostic[] {
  return [...checkEntries('only', config.only ?? [], known, source), ...checkEntries('skip', config.skip ?? [], known, source), ...thresholdProblems(config, known, source)];
}

/** A threshold of a scanner that does not exist would never be looked at. */
function thresholdProblems({ 'fail-on': failOn }: Config, known: Known, source: Source): Diagnostic[] {
  const names = [POLICIES_TOOL, ...known.scanners];
  const written = typeof failOn === 'object' ? Object.keys(failOn.scanner ?? {}) : [];
  return written
    .filter((name) => !names.includes(name))
    .map((name) => source.diagnostic('config-name', `There is no scanner \`${shown(name)}\`; there are ${names.join(', ')}.${nearestHint(name, names)}`, ['fail-on', 'scanner', name], 'key'));
}

/**
 * Inputs over the file. A severity as input replaces `fail-on.severity` alone, so that a workflow that has always said
 * `fail-on: high` does not undo stricter thresholds; `never` replaces all.
 */
function combined(written: Config | undefined, given: Config | undefined): Config {
  const file = written?.['fail-on'];
  const input = given?.['fail-on'];
  const both = typeof file === 'object' && typeof input === 'string' && input !== 'never' ? { 'fail-on': { ...file, severity: input } } : {};
  return { ...written, ...given, ...both };
}

function thresholdSettings(failOn: Config['fail-on'], otherwise: Settings['failOn']): Pick<Settings, 'failOn' | 'thresholds'> {
  if (typeof failOn !== 'object') return { failOn: failOn ?? otherwise };
  const { severity, category, scanner, confidence } = failOn;
  const thresholds = { ...(category !== undefined && { category: present(category) }), ...(scanner !== undefined && { scanner }), ...(confidence !== undefined && { confidence: present(confidence) }) };
  return { failOn: severity ?? otherwise, ...(Object.keys(thresholds).length > 0 && { thresholds }) };
}

function toSettings(config: Config, policies: Map<string, PolicySettings>, scanners: Map<string, ScannerSettings>, suppressions: readonly SuppressionEntry[], imports: readonly ImportSettings[], known: Known): Settings {
  const profile = PROFILES[config.profile ?? 'standard'];
  const foreign = config['foreign-suppressions'] ?? profile.foreignSuppressions;
  const only = config.only ?? DEFAULTS.only;
  const skip = config.skip ?? DEFAULTS.skip;
  for (const policy of known.policies) {
    if (isSelected(policy, only, skip)) continue;
    policies.set(policy.id, { options: {}, ...policies.get(policy.id), enabled: false });
  }
  return {
    ...thresholdSettings(config['fail-on'], profile.failOn),
    ...(config['max-findings'] !== undefined && { maxFindings: present(config['max-findings']) }),
    ...(config['report-from'] !== undefined && { reportFrom: config['report-from'] }),
    ...(config['grace-days'] !== undefined && config['grace-days'] > 0 && { graceDays: config['grace-days'] }),
    confidence: config.confidence ?? profile.confidence,
    include: config.include ?? DEFAULTS.include,
    exclude: config.exclude ?? DEFAULTS.exclude,
    only,
    skip,
    external: config.external === undefined ? DEFAULTS.external : config.external === 'on' || config.external === true,
    onScannerError: config['on-scanner-error'] ?? DEFAULTS.onScannerError,
    sandbox: config.sandbox ?? DEFAULTS.sandbox,
    tools: {
      install: config.tools?.install ?? DEFAULTS.tools.install,
      offline: config.tools?.offline ?? DEFAULTS.tools.offline,
      ...(config.tools?.mirror !== undefined && { mirror: config.tools.mirror }),
    },
    policies: Object.fromEntries(policies),
    scanners: Object.fromEntries(scanners),
    ...(config.baseline !== undefined && { baseline: config.baseline }),
    ...(config['config-source'] !== undefined && { configSource: config['config-source'] }),
    ...(config.online === true && { online: true }),
    ...((config['new-only'] ?? profile.newOnly) && { newOnly: true }),
    ...(config['max-known'] !== undefined && { maxKnown: present(config['max-known']) }),
    ...(config['new-inline-suppressions'] !== undefined && { newInlineSuppressions: config['new-inline-suppressions'] }),
    ...(config['suppression-approvers'] !== undefined && { suppressionApprovers: config['suppression-approvers'] }),
    ...(foreign !== 'honour' && { foreignSuppressions: foreign }),
    ...(config.vex !== undefined && { vex: config.vex }),
    ...(imports.length > 0 && { imports }),
    ...(suppressions.length > 0 && { suppressions }),
  };
}

/** Without the keys that are not written. */
function present<K extends string, V>(limits: Readonly<Partial<Record<K, V | undefined>>>): Partial<Record<K, V>> {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)) as Partial<Record<K, V>>;
}

function configurationError(diagnostics: readonly Diagnostic[]): ConfigurationError {
  const [first] = diagnostics;
  const place = first?.path === undefined ? '' : `${first.path}:${first.region?.startLine ?? 1}:${first.region?.startColumn ?? 1}: `;
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : '';
  return new ConfigurationError(`${place}${first?.message ?? ''}${more}`, diagnostics);
}
