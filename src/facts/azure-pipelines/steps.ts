import type { SourceRange } from '../../core/index.js';
import type { YamlScalar } from '../../syntax/yaml-node.js';
import { contentOf } from '../common/values.js';
import type { PrintedReader, ReferenceSource, StepSource, TextSource, TriggerSource, VariableSource } from '../pipeline/index.js';
import { emptyValue } from '../empty.js';
import type { FactValue } from '../schema.js';
import { readCondition } from './conditions.js';
import { loggingCommands } from './logging-commands.js';
import type { Resources } from './resources.js';
import { deploys, downloadsOtherRun, executedBy, inputSink, isInline, publishedBy, type ScriptTask, scriptTask, securityCheckOf, shortName } from './tasks.js';
import { type Entry, entriesOf, find, isTrueIn, type Item, scalarIn, textIn } from './tree.js';

type StepValue = FactValue<'step'>;

/** What is the same for all steps of a job, and what earlier ones left behind. */
export interface StepsAround {
  readonly triggers: readonly TriggerSource[];
  readonly resources: Resources;
  /** The machine runs Windows, so that `script` is for `cmd`. */
  readonly windows: boolean;
  /** An earlier checkout left its token in the workspace. */
  persisted: boolean;
}

const SCRIPTS: Readonly<Record<string, string>> = { script: 'system', bash: 'bash', pwsh: 'pwsh', powershell: 'powershell' };

/** Reads one step; undefined for what is none, such as a template. */
export function readStep({ value: node, under }: Item, around: StepsAround): StepSource | undefined {
  const entries = entriesOf(node);
  const first = entries[0];
  if (first === undefined) return undefined;
  for (const [key, shell] of Object.entries(SCRIPTS)) {
    const entry = find(entries, key);
    if (entry?.value.kind !== 'scalar') continue;
    const script = { text: entry.value, shell: shell === 'system' ? systemShell(around) : shell, ...printed(entries) };
    return { ...common(entries, entry, under, around), script };
  }
  const task = find(entries, 'task');
  if (task?.value.kind === 'scalar') return readTask(task, task.value, entries, under, around);
  const checkout = find(entries, 'checkout');
  if (checkout !== undefined) return readCheckout(checkout, entries, under, around);
  for (const kind of ['publish', 'download', 'downloadBuild', 'getPackage', 'upload'] as const) {
    const entry = find(entries, kind);
    if (entry !== undefined) return readTransfer(kind, entry, entries, under, around);
  }
  return undefined;
}

function systemShell({ windows }: StepsAround): string {
  return windows ? 'cmd' : 'bash';
}

/** Logging commands are read from the output, unless the step allows them neither variables nor paths. */
function printed(entries: readonly Entry[]): { printed?: PrintedReader } {
  const target = entriesOf(find(entries, 'target')?.value);
  const restricted = /^restricted$/i.test(textIn(target, 'commands')) && (/^none$/i.test(textIn(target, 'settableVariables')) || find(target, 'settableVariables')?.value.kind === 'sequence');
  return restricted ? {} : { printed: loggingCommands(textIn(entries, 'name')) };
}

/** What all steps can have. */
function common(entries: readonly Entry[], entry: Entry, under: readonly string[], around: StepsAround): StepSource {
  const condition = readCondition(textIn(entries, 'condition'), [...under, textIn(entries, 'condition')], around.triggers);
  const places: Record<string, SourceRange | undefined> = { run: contentOf(entry.value), ...placesOf(entries) };
  return {
    whole: firstLine(entry),
    places,
    value: {
      id: textIn(entries, 'name'),
      name: textIn(entries, 'displayName'),
      continueOnError: isTrueIn(entries, 'continueOnError'),
      timeoutMinutes: minutes(textIn(entries, 'timeoutInMinutes')),
      workingDirectory: textIn(entries, 'workingDirectory'),
    },
    ...(condition !== undefined && { condition }),
    variables: environment(find(entries, 'env')),
  };
}

/** Variables for the step alone. */
function environment(entry: Entry | undefined): VariableSource[] {
  return entriesOf(entry?.value).flatMap(({ name, value }) => (value.kind === 'scalar' ? [{ name, value, range: contentOf(value) }] : []));
}

function placesOf(entries: readonly Entry[]): Record<string, SourceRange | undefined> {
  const places: Record<string, SourceRange | undefined> = {};
  for (const [property, key] of [['condition', 'condition'], ['continueOnError', 'continueOnError'], ['timeoutMinutes', 'timeoutInMinutes'], ['workingDirectory', 'workingDirectory'], ['name', 'displayName'], ['env', 'env']] as const) {
    const entry = find(entries, key);
    if (entry !== undefined) places[property] = entry.value.kind === 'scalar' ? contentOf(entry.value) : entry.key.range;
  }
  for (const { name, value } of entriesOf(find(entries, 'env')?.value)) places[`env.${name}`] = contentOf(value);
  return places;
}

/** The key with its value, where both stand on one line. */
export function firstLine(entry: Entry): SourceRange {
  const { value } = entry;
  return value.kind === 'scalar' && value.style !== 'literal' && value.style !== 'folded' && !value.text.includes('\n') ? { start: entry.key.range.start, end: Math.max(entry.key.range.end, value.range.end) } : entry.key.range;
}

/** A number of minutes; -1 where none is written. */
export function minutes(text: string): number {
  return /^\d{1,7}$/.test(text) ? Number(text) : -1;
}

function readTask(entry: Entry, scalar: YamlScalar, entries: readonly Entry[], under: readonly string[], around: StepsAround): StepSource {
  const text = scalar.text.trim();
  const at = text.lastIndexOf('@');
  const name = at < 0 ? text : text.slice(0, at);
  const inputs = entriesOf(find(entries, 'inputs')?.value);
  const input = (wanted: string): string => textIn(inputs, wanted);
  const step = common(entries, entry, under, around);
  const model = scriptTask(name);
  const script = model !== undefined && isInline(model, input) ? model.script.map((key) => scalarIn(inputs, key)).find((one) => one !== undefined) : undefined;
  const places: Record<string, SourceRange | undefined> = { ...step.places, uses: contentOf(scalar), run: script === undefined ? contentOf(scalar) : contentOf(script) };
  const texts: TextSource[] = [];
  for (const { name: key, value } of inputs) {
    if (value.kind !== 'scalar') continue;
    places[`inputs.${key.toLowerCase()}`] = contentOf(value);
    if (value !== script) texts.push({ name: key, text: value, sink: inputSink(name, key.toLowerCase()) });
  }
  const executed = executedBy(name, input);
  const value: Partial<StepValue> = {
    ...step.value,
    executes: executed === undefined ? [] : [executed],
    publishes: publishedBy(name, input) || (deploys(name) ? 'deployment' : ''),
    securityCheck: securityCheckOf(name),
    ...transfer(shortName(name), input, around),
  };
  return {
    ...step,
    value,
    places,
    uses: taskReference(text, name, at < 0 ? '' : text.slice(at + 1), scalar),
    inputs: texts,
    ...(script !== undefined && model !== undefined && { script: { text: script, shell: shellOf(model, input, around), ...printed(entries) } }),
  };
}

/** A task is fixed by its major version alone; which releases of it run is for the owner of its extension. */
function taskReference(text: string, name: string, version: string, scalar: YamlScalar): ReferenceSource {
  const dot = name.indexOf('.');
  return {
    value: { text, kind: 'plugin', name: name.toLowerCase(), owner: dot < 0 ? '' : name.slice(0, dot).toLowerCase(), repository: name.slice(name.lastIndexOf('.') + 1).toLowerCase(), ref: version, pin: '' },
    where: 'step',
    whole: contentOf(scalar),
    trusted: dot < 0,
  };
}

function shellOf({ shell }: ScriptTask, input: (name: string) => string, around: StepsAround): string {
  if (shell === 'system') return systemShell(around);
  if (shell === 'powershell') return /^(?:true|yes|1)$/i.test(input('pwsh')) ? 'pwsh' : 'powershell';
  if (shell !== 'type') return shell;
  const type = input('scripttype').toLowerCase();
  if (type === 'ps') return 'powershell';
  if (type === 'pscore') return 'pwsh';
  return type === 'batch' ? 'cmd' : 'bash';
}

/** Folders that hold the checkout, and so what it left. */
const SOURCES = /^\s*(?:\.\/?|\*\*(?:\/\*)?|\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory|Build\.Repository\.LocalPath|Pipeline\.Workspace|Agent\.BuildDirectory)\)[\\/]?(?:s[\\/]?|\.|\*\*)?)\s*$/i;

function upload(path: string, around: StepsAround): Partial<StepValue> {
  return { uploadsArtifact: path === '' ? [] : [path], uploadsCredentials: around.persisted && (path === '' || SOURCES.test(path)) };
}

function transfer(task: string, input: (name: string) => string, around: StepsAround): Partial<StepValue> {
  if (task === 'publishpipelineartifact') return upload(input('targetpath') || input('path'), around);
  if (task === 'publishbuildartifacts') return upload(input('pathtopublish'), around);
  if (task === 'cache') return { cache: 'both', cacheKey: input('key') };
  if (!downloadsOtherRun(task, input)) return {};
  return { downloadsArtifact: { ...emptyValue('step').downloadsArtifact, crossRun: true, path: input('targetpath') || input('path') || input('downloadpath'), intoWorkspace: true } };
}

function readTransfer(kind: 'publish' | 'download' | 'downloadBuild' | 'getPackage' | 'upload', entry: Entry, entries: readonly Entry[], under: readonly string[], around: StepsAround): StepSource {
  const step = common(entries, entry, under, around);
  const text = entry.value.kind === 'scalar' ? entry.value.text.trim() : '';
  const value: Partial<StepValue> = { ...step.value };
  if (kind === 'publish' || kind === 'upload') Object.assign(value, upload(text, around));
  if ((kind === 'download' && !/^(?:current|none)$/i.test(text)) || kind === 'downloadBuild') {
    value.downloadsArtifact = { ...emptyValue('step').downloadsArtifact, crossRun: true, path: textIn(entries, 'path'), intoWorkspace: false };
  }
  return { ...step, value, places: { ...step.places, uploadsArtifact: contentOf(entry.value), uses: contentOf(entry.value) } };
}

/** `checkout: self`, another repository by its alias or as `git://project/repository@ref`, or `none`. */
function readCheckout(entry: Entry, entries: readonly Entry[], under: readonly string[], around: StepsAround): StepSource {
  const step = common(entries, entry, under, around);
  const what = entry.value.kind === 'scalar' ? entry.value.text.trim() : '';
  const none = /^none$/i.test(what);
  const resource = around.resources.repositories.get(what.toLowerCase());
  const persists = !none && isTrueIn(entries, 'persistCredentials');
  if (persists) around.persisted = true;
  const credentials = find(entries, 'persistCredentials');
  return {
    ...step,
    value: {
      ...step.value,
      checkout: {
        ...emptyValue('step').checkout,
        kind: none ? '' : /^self$/i.test(what) ? 'own' : 'other',
        ref: resource?.ref ?? (what.includes('@') ? what.slice(what.lastIndexOf('@') + 1) : ''),
        path: textIn(entries, 'path'),
        persistsCredentials: persists,
      },
    },
    places: { ...step.places, checkout: contentOf(entry.value), 'checkout.persistsCredentials': credentials === undefined ? undefined : contentOf(credentials.value), uses: contentOf(entry.value) },
  };
}
