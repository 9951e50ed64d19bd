import type { Overrides } from './config/index.js';
import type { ConfigurationSide } from './config/changes.js';
import { ConfigurationError, type ConfigurationSource, type Diagnostic, type Known, type Settings, type Severity } from './core/index.js';
import type { Policy } from './engine/index.js';
import type { Files } from './io/files.js';
import type { GitObjects } from './io/git-objects.js';
import type { GitHub } from './io/github.js';
import type { Revision } from './io/revision.js';
import type { BaselineEntry } from './triage/baseline.js';

/** The commit that a pull request is to be merged into. */
export interface BaseRequest {
  /** Its id; on the command line any name that git knows. */
  readonly revision: string;
  /** Name of its branch, where it is known. */
  readonly branch?: string | undefined;
}

/** What configuration is loaded from. */
export interface ConfigurationRequest {
  /** Values of inputs or flags, which win over the file. */
  readonly overrides: Overrides;
  /** Configuration file relative to the workspace; `.bartizan.yml` or `.bartizan.yaml` when not given. */
  readonly configFile?: string;
  /** Present when what is checked out was proposed by somebody and not accepted yet. */
  readonly base?: BaseRequest | undefined;
  /** True: the findings are not compared with a baseline, since one is to be written. */
  readonly ignoreBaseline?: boolean;
}

/** The repository on GitHub, as whom it may be asked, and for which pull request. */
export interface GitHubRepository {
  readonly github: GitHub;
  readonly owner: string;
  readonly repo: string;
  readonly pullRequest?: { readonly number: number; readonly headSha: string } | undefined;
}

/** The outside world, as far as configuration is read from it. */
export interface ConfigurationPorts {
  readonly files: Files;
  /** Commits of the local repository. */
  readonly objects: GitObjects;
  /** Undefined without a token. */
  readonly github?: (() => Promise<GitHubRepository>) | undefined;
}

/** Everything that decides about a scan, from one commit. */
export interface Configuration {
  readonly settings: Settings;
  readonly policies: readonly Policy[];
  readonly diagnostics: readonly Diagnostic[];
  /** Known findings of the committed baseline; undefined when there is none. */
  readonly baseline: readonly BaselineEntry[] | undefined;
  /** Absent where nothing is to be protected. */
  readonly source?: ConfigurationSource;
  /** The base commit, when it could be opened. */
  readonly revision?: Revision;
}

const CONFIG_FILES = ['.bartizan.yml', '.bartizan.yaml'];
const POLICY_FOLDER = '.bartizan/policies';
const MAX_POLICY_FILES = 1_000;

/**
 * Settings, policies and committed baseline of a scan. For a proposed change they come from its base, and what the change
 * would make of them is only told; `config-source` itself is obeyed in inputs, flags and in the base's file.
 * @throws ConfigurationError when something in them is wrong, or when the base can't be read: a pull request must not decide
 * about itself because of that.
 */
export async function loadConfiguration(request: ConfigurationRequest, ports: ConfigurationPorts): Promise<Configuration> {
  const { base, overrides } = request;
  const given = overrides.values['config-source'];
  if (base === undefined) {
    if (given === 'base' && overrides.source === 'flag') throw new ConfigurationError('--config-source base needs to know the base: give it with --base, such as --base origin/main.');
    return loadSide(ports.files, request, undefined);
  }
  if (given === 'head') return withChanges(await loadSide(ports.files, request, undefined), 'head', await openSide(request, ports, base, true));
  const opened = await openSide(request, ports, base, false);
  const head = await loadSide(ports.files, request, undefined);
  return opened?.side.settings.configSource === 'head' ? withChanges(head, 'head', opened) : withChanges(head, 'base', opened);
}

interface Side extends Configuration {
  readonly compared: ConfigurationSide;
}

interface OpenedSide {
  readonly revision: Revision;
  readonly side: Side;
}

/** The base's configuration. With `optional`, undefined for whatever reason it can't be had. */
async function openSide(request: ConfigurationRequest, ports: ConfigurationPorts, base: BaseRequest, optional: boolean): Promise<OpenedSide | undefined> {
  const { RevisionError } = await import('./io/revision.js');
  const reasons: string[] = [];
  try {
    // A shallow or partial checkout may not have the commit, or have it without its files.
    for (const open of [openLocal, openOnGitHub]) {
      try {
        const revision = await open(base, ports);
        if (revision !== undefined) return { revision, side: await loadRevision(revision, request) };
      } catch (error) {
        if (!(error instanceof RevisionError)) throw error;
        reasons.push(error.message);
      }
    }
    throw unreadable(base.revision, reasons.join('; '));
  } catch (error) {
    if (optional && error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

async function openLocal({ revision }: BaseRequest, { objects, files: { root } }: ConfigurationPorts): Promise<Revision> {
  const { localRevision, RevisionError } = await import('./io/revision.js');
  const local = await objects.commit(root, revision);
  if (!local.ok) throw new RevisionError(local.reason);
  return localRevision(objects, root, local.value);
}

async function openOnGitHub({ revision }: BaseRequest, { objects, github, files: { root } }: ConfigurationPorts): Promise<Revision | undefined> {
  if (github === undefined || !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i.test(revision)) return undefined;
  const { gitHubRevision } = await import('./io/revision.js');
  const repository = await github();
  return gitHubRevision(repository.github, { owner: repository.owner, repo: repository.repo, commit: revision.toLowerCase(), prefix: objects.prefix(root) }, root);
}

async function withChanges(head: Side, from: 'base' | 'head', opened: OpenedSide | undefined): Promise<Configuration> {
  if (opened === undefined) return { ...plain(head), source: { from, changes: [] } };
  const { configurationChanges } = await import('./config/changes.js');
  const { revision, side } = opened;
  const source: ConfigurationSource = { from, commit: revision.commit, via: revision.via, changes: configurationChanges(side.compared, head.compared) };
  return { ...plain(from === 'base' ? side : head), source, revision };
}

function plain({ settings, policies, diagnostics, baseline }: Side): Configuration {
  return { settings, policies, diagnostics, baseline };
}

function unreadable(revision: string, reason: string): ConfigurationError {
  const name = revision === '' ? 'base commit, which the event does not name,' : `base commit ${revision.slice(0, 100)}`;
  return new ConfigurationError(
    `The configuration of the ${name} can't be read: ${reason}. Without it a pull request would decide about itself. Give actions/checkout \`fetch-depth: 0\`, or the job \`contents: read\` with the input github-token; \`config-source: head\` does without.`,
  );
}

async function loadRevision(revision: Revision, request: ConfigurationRequest): Promise<Side> {
  const [{ BASELINE_FILE }, { FOREIGN_FILES }] = await Promise.all([import('./triage/baseline.js'), import('./config/foreign.js')]);
  const files = await revision.load([...(request.configFile === undefined ? CONFIG_FILES : [request.configFile]), POLICY_FOLDER, BASELINE_FILE, ...FOREIGN_FILES]);
  try {
    return await loadSide(files, request, revision);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const what = `The base commit ${revision.commit.slice(0, 12)} decides about this scan, and its configuration is wrong. For the pull request that repairs it set \`config-source: head\`.`;
    throw new ConfigurationError(`${what} ${error.message}`, [{ level: 'error', code: 'configuration-base', message: error.diagnostics.length === 0 ? `${what} ${error.message}` : what }, ...error.diagnostics]);
  }
}

/** What one tree says; `revision` when it is the base's. */
async function loadSide(files: Files, request: ConfigurationRequest, revision: Revision | undefined): Promise<Side> {
  const [{ loadSettings }, { SCANNERS }, { optionProblems }, { readBaseline }] = await Promise.all([
    import('./config/index.js'),
    import('./scanners/index.js'),
    import('./scanners/shared/options.js'),
    import('./triage/baseline.js'),
  ]);
  const sources = customPolicySources(files);
  const policies = await withCustomPolicies(sources);
  const missing = revision !== undefined && request.configFile !== undefined && files.kind(request.configFile) === undefined;
  const file = missing ? undefined : configurationFile(files, request.configFile);
  const known: Known = { policies: policies.map(({ definition }) => definition), scanners: SCANNERS.map(({ name }) => name) };
  const loaded = loadSettings({ file, overrides: request.overrides, known });
  const named = revision === undefined || (loaded.settings.vex ?? []).length === 0 ? files : await revision.load([...(loaded.settings.vex ?? [])]);
  const foreign = (await import('./config/foreign.js')).foreignSuppressions(files, named, loaded.settings);
  const { diagnostics } = loaded;
  const entries = [...(loaded.settings.suppressions ?? []), ...foreign.entries];
  const settings: Settings = { ...loaded.settings, ...(entries.length > 0 && { suppressions: entries }) };
  const problems = SCANNERS.flatMap(({ name, options = {} }) => optionProblems(name, options, settings.scanners[name]?.options ?? {}));
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  const notes: Diagnostic[] = [...diagnostics, ...foreign.diagnostics];
  if (missing) notes.push({ level: 'note', code: 'configuration-missing', message: `The base commit has no ${request.configFile ?? ''}: the built-in defaults are used.` });
  let baseline: readonly BaselineEntry[] | undefined;
  if (request.ignoreBaseline === true) baseline = undefined;
  else if (revision === undefined) baseline = readBaseline(files, settings.baseline);
  else {
    const name = settings.baseline ?? 'auto';
    const there = name === 'auto' || name === 'none' ? files : await revision.load([name]);
    if (name !== 'auto' && name !== 'none' && there.kind(name) === undefined) {
      notes.push({ level: 'warning', code: 'baseline-missing', message: `The base commit has no baseline ${name}: nothing is known, and every finding is new.` });
    } else baseline = readBaseline(there, settings.baseline);
  }
  const fingerprints = new Map<string, Severity>((baseline ?? []).map(({ fingerprint, severity }) => [fingerprint, severity]));
  return { settings, policies, diagnostics: notes, baseline, compared: { settings, policies: new Map(sources.map(({ path, text }) => [path, text])), baseline: fingerprints } };
}

function configurationFile(files: Files, path: string | undefined): { path: string; text: string } | undefined {
  const candidates = path === undefined ? CONFIG_FILES.filter((name) => files.kind(name) !== undefined) : [path];
  const [first, second] = candidates;
  if (first === undefined) return undefined;
  if (second !== undefined) {
    throw new ConfigurationError(`There are two configuration files, ${first} and ${second}. Keep one, or name it with --config.`);
  }
  const result = files.read(first);
  if (!result.ok) {
    const message = files.kind(first) === undefined ? `The configuration file ${first} does not exist in the workspace.` : `The configuration file ${first} can't be read. ${result.diagnostic.message}`;
    throw new ConfigurationError(message, [{ ...result.diagnostic, level: 'error' }]);
  }
  return { path: first, text: result.text };
}

/** The built-in policies. */
export async function builtinPolicies(): Promise<readonly Policy[]> {
  const [{ unpackPolicies }, { default: pack }] = await Promise.all([
    import('./engine/index.js'),
    import('./generated/policies.json', { with: { type: 'json' } }),
  ]);
  return unpackPolicies(pack as unknown as Parameters<typeof unpackPolicies>[0], async () => (await import('./facts/declarations.js')).declarationsFromSchemas());
}

/** The built-in policies and those of the repository. Throws ConfigurationError when one of these is wrong. */
export function loadAllPolicies(files: Files): Promise<readonly Policy[]> {
  return withCustomPolicies(customPolicySources(files));
}

interface PolicySource {
  readonly path: string;
  readonly text: string;
  readonly builtin: false;
}

async function withCustomPolicies(sources: PolicySource[]): Promise<readonly Policy[]> {
  const builtin = await builtinPolicies();
  if (sources.length === 0) return builtin;
  const [{ loadPolicies }, { declarationsFromSchemas }] = await Promise.all([import('./engine/check.js'), import('./facts/declarations.js')]);
  const { policies, diagnostics } = loadPolicies(sources, declarationsFromSchemas(), builtin);
  const errors = diagnostics.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw new ConfigurationError(`${errors.length === 1 ? 'A custom policy is' : 'Custom policies are'} wrong.`, errors);
  return [...builtin, ...policies];
}

function customPolicySources(files: Files): PolicySource[] {
  const sources: PolicySource[] = [];
  const unreadable: Diagnostic[] = [];
  const pending = [POLICY_FOLDER];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (files.kind(folder) !== 'directory') continue;
    const entries = files.list(folder, MAX_POLICY_FILES);
    if (!Array.isArray(entries)) {
      unreadable.push(entries);
      continue;
    }
    for (const { name, kind } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${name}`;
      if (kind === 'directory') pending.push(path);
      else if (/\.ya?ml$/.test(name)) {
        const result = files.read(path);
        if (result.ok) sources.push({ path, text: result.text, builtin: false });
        else unreadable.push({ ...result.diagnostic, level: 'error' });
      }
    }
  }
  if (sources.length > MAX_POLICY_FILES) unreadable.push({ level: 'error', code: 'policy', path: POLICY_FOLDER, message: `There are more than ${MAX_POLICY_FILES} policy files.` });
  if (unreadable.length > 0) throw new ConfigurationError('Custom policies can not be read.', unreadable);
  return sources;
}
