import type { YamlNode } from '../../syntax/yaml-node.js';
import type { PipelineFiles, TriggerSource } from '../pipeline/index.js';
import { worstControl } from '../github/events.js';
import type { FactValue } from '../schema.js';
import { admits } from './conditions.js';
import { valueTemplates } from './expressions.js';
import { PREDEFINED } from './predefined.js';
import { type Entry, entriesOf, find, itemsOf, textIn } from './tree.js';
import { hasTriggers, readTriggers, UNKNOWN_CALLER } from './triggers.js';

type Controller = FactValue<'expansion'>['controlledBy'];

/** One `template:` of a file of the repository. */
export interface Call {
  /** Path of the file that uses the template. */
  readonly caller: string;
  /** Texts of the parameters that are handed over, by lower-case name; undefined for those that are no text. */
  readonly parameters: ReadonlyMap<string, string | undefined>;
  /** Conditions and expressions that it stands under. */
  readonly conditions: readonly string[];
}

/** Who uses the templates of a repository. */
export interface Callers {
  of(path: string): readonly Call[];
  /** What starts a file in the end: its own triggers, or those of the files that use it, several levels up. */
  triggers(path: string): readonly TriggerSource[];
  /** Who fills a parameter of a file. */
  controls(path: string, parameter: string): Controller;
  /** The files that use a template, directly and further up, each once. */
  files(path: string): readonly string[];
}

/** The platform's own limit is 100 nested templates; beyond these nothing new is learned. */
const MAX_DEPTH = 10;
const MAX_CALLS = 200;
const MAX_FILES = 50;

const known = new WeakMap<PipelineFiles, Callers>();

/** The callers of all templates of a repository; gathered once. */
export function callersIn(files: PipelineFiles): Callers {
  let callers = known.get(files);
  if (callers === undefined) {
    callers = gather(files);
    known.set(files, callers);
  }
  return callers;
}

function gather(files: PipelineFiles): Callers {
  const calls = new Map<string, Call[]>();
  for (const caller of files.paths) {
    if (files.text(caller)?.includes('template') !== true) continue;
    for (const root of files.documents(caller)) collect(root, caller, [], calls, 0);
  }
  const triggers = new Map<string, readonly TriggerSource[]>();
  const controls = new Map<string, Controller>();
  const callers: Callers = {
    of: (path) => calls.get(path) ?? [],
    triggers: (path) => triggersOf(path, files, calls, triggers, new Set()),
    controls: (path, parameter) => controlOf(path, parameter, { files, callers, known: controls }, 0),
    files: (path) => callingFiles(path, calls),
  };
  return callers;
}

/** Calls below a node, with the conditions of the stages, jobs and expressions around them. */
function collect(node: YamlNode, caller: string, under: readonly string[], calls: Map<string, Call[]>, depth: number): void {
  if (depth > 40) return;
  if (node.kind === 'sequence') {
    for (const item of itemsOf(node)) collect(item.value, caller, [...under, ...item.under], calls, depth + 1);
    return;
  }
  const entries = entriesOf(node);
  const condition = textIn(entries, 'condition');
  const inside = condition === '' ? under : [...under, condition];
  const template = textIn(entries, 'template');
  if (template !== '') {
    const path = localTemplate(template, caller);
    const list = path === undefined ? undefined : (calls.get(path) ?? []);
    if (path !== undefined && list !== undefined && list.length < MAX_CALLS) {
      list.push({ caller, parameters: handed(find(entries, 'parameters')), conditions: inside });
      calls.set(path, list);
    }
  }
  for (const { value, under: inserted } of entries) if (value.kind !== 'scalar') collect(value, caller, [...inside, ...inserted], calls, depth + 1);
}

function handed(entry: Entry | undefined): ReadonlyMap<string, string | undefined> {
  const parameters = new Map<string, string | undefined>();
  for (const { name, value } of entriesOf(entry?.value)) parameters.set(name.toLowerCase(), value.kind === 'scalar' ? value.text : undefined);
  return parameters;
}

/**
 * Path of the file of the repository that a `template:` names, relative to the workspace; undefined for one of another
 * repository, or one that an expression chooses. A path that begins with `/` starts at the top of the repository.
 */
export function localTemplate(template: string, caller: string): string | undefined {
  const text = template.trim().replace(/@self$/i, '');
  if (text === '' || text.includes('@') || text.includes('${{') || !/\.ya?ml$/i.test(text)) return undefined;
  const parts = text.startsWith('/') ? [] : caller.split('/').slice(0, -1);
  for (const part of text.split(/[\\/]/)) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function triggersOf(path: string, files: PipelineFiles, calls: ReadonlyMap<string, readonly Call[]>, done: Map<string, readonly TriggerSource[]>, seen: Set<string>): readonly TriggerSource[] {
  const before = done.get(path);
  if (before !== undefined) return before;
  const root = entriesOf(files.documents(path)[0]);
  const uses = calls.get(path) ?? [];
  if (uses.length === 0 || hasOwnTriggers(root)) return readTriggers(root).triggers;
  if (seen.has(path) || seen.size >= MAX_DEPTH) return [UNKNOWN_CALLER];
  seen.add(path);
  const found = new Map<string, TriggerSource>();
  for (const call of uses) {
    for (const trigger of triggersOf(call.caller, files, calls, done, seen)) {
      if (!found.has(trigger.event) && call.conditions.every((condition) => admits(condition, trigger.event))) found.set(trigger.event, trigger);
    }
  }
  seen.delete(path);
  const triggers = found.size === 0 ? [UNKNOWN_CALLER] : [...found.values()];
  done.set(path, triggers);
  return triggers;
}

/** A file with triggers of its own is a pipeline, whoever else uses it. */
function hasOwnTriggers(root: readonly Entry[]): boolean {
  return hasTriggers(root) && find(root, 'extends') === undefined ? true : find(root, 'trigger') !== undefined || find(root, 'pr') !== undefined;
}

function callingFiles(path: string, calls: ReadonlyMap<string, readonly Call[]>): string[] {
  const found: string[] = [];
  const queue = [path];
  for (let at = 0; at < queue.length && found.length < MAX_FILES; at++) {
    for (const { caller } of calls.get(queue[at] as string) ?? []) {
      if (caller === path || found.includes(caller)) continue;
      found.push(caller);
      queue.push(caller);
    }
  }
  return found;
}

/** What a search for who chooses a value works with. */
interface ControlSearch {
  readonly files: PipelineFiles;
  readonly callers: Callers;
  /** Answers by file and name, so that each is looked for once; `unknown` while it is looked for. */
  readonly known: Map<string, Controller>;
}

/** Who chooses what callers hand to a parameter; `trusted` when all of them write plain text or nothing. */
function controlOf(path: string, parameter: string, search: ControlSearch, depth: number): Controller {
  const uses = search.callers.of(path);
  if (uses.length === 0 || depth > MAX_DEPTH) return 'unknown';
  let control: Controller = 'trusted';
  for (const { caller, parameters } of uses) {
    const text = parameters.get(parameter.toLowerCase());
    if (text === undefined || !text.includes('$')) continue;
    control = worstControl(control, controlOfText(text, caller, search, depth + 1));
  }
  return control;
}

function controlOfText(text: string, path: string, search: ControlSearch, depth: number): Controller {
  let control: Controller = 'trusted';
  for (const { names } of valueTemplates(text, { variables: new Set(), loops: new Map() })) {
    for (const name of names) control = worstControl(control, controlOfName(name, path, search, depth));
  }
  return control;
}

function controlOfName(name: string, path: string, search: ControlSearch, depth: number): Controller {
  if (depth > MAX_DEPTH) return 'unknown';
  const key = `${path}\n${name.toLowerCase()}`;
  const before = search.known.get(key);
  if (before !== undefined) return before;
  search.known.set(key, 'unknown');
  const control = findControl(name, path, search, depth);
  search.known.set(key, control);
  return control;
}

const PREDEFINED_BY_LOWER = new Map(Object.entries(PREDEFINED).map(([name, predefined]) => [name.toLowerCase(), predefined]));

function findControl(name: string, path: string, search: ControlSearch, depth: number): Controller {
  const { files, callers } = search;
  const root = entriesOf(files.documents(path)[0]);
  if (name.startsWith('parameters.')) {
    const parameter = name.slice('parameters.'.length);
    if (callers.of(path).length > 0) return controlOf(path, parameter, search, depth + 1);
    const declared = itemsOf(find(root, 'parameters')?.value).map(({ value }) => entriesOf(value)).find((entries) => textIn(entries, 'name').toLowerCase() === parameter.toLowerCase());
    const closed = declared !== undefined && (find(declared, 'values') !== undefined || /^(?:boolean|number)$/i.test(textIn(declared, 'type')));
    return closed ? 'trusted' : 'operator';
  }
  const predefined = PREDEFINED_BY_LOWER.get(name.toLowerCase());
  if (predefined !== undefined) {
    if (predefined.type !== 'string') return 'trusted';
    const events = new Set(callers.triggers(path).map(({ event }) => event));
    return predefined.events.some((event) => events.has(event)) ? 'attacker' : (predefined.otherwise ?? 'collaborator');
  }
  const text = variableText(root, name);
  return text === undefined ? 'unknown' : controlOfText(text, path, search, depth + 1);
}

/** Text of a variable that stands at the top of a file. */
function variableText(root: readonly Entry[], name: string): string | undefined {
  const node = find(root, 'variables')?.value;
  const lower = name.toLowerCase();
  for (const { name: key, value } of entriesOf(node)) if (key.toLowerCase() === lower && value.kind === 'scalar') return value.text;
  for (const { value } of itemsOf(node)) {
    const entries = entriesOf(value);
    if (textIn(entries, 'name').toLowerCase() === lower) return textIn(entries, 'value');
  }
  return undefined;
}
