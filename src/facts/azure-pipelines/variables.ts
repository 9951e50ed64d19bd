import { contentOf } from '../common/values.js';
import type { PipelineFiles, VariableSource } from '../pipeline/index.js';
import { localTemplate } from './callers.js';
import { type Entry, entriesOf, find, itemsOf, scalarIn, textIn } from './tree.js';

/** What a `variables:` says. */
export interface Variables {
  readonly variables: readonly VariableSource[];
  /** Names of variable groups, whose values a project keeps. */
  readonly groups: readonly string[];
}

export const NO_VARIABLES: Variables = { variables: [], groups: [] };

/**
 * Reads `variables:`, a mapping or a list of names, groups and templates. Those of templates are marked as written
 * elsewhere: they hold here, and are judged where they stand.
 */
export function readVariables(entry: Entry | undefined, path: string, files: PipelineFiles, seen: Set<string> = new Set()): Variables {
  if (entry === undefined) return NO_VARIABLES;
  const variables: VariableSource[] = [];
  const groups: string[] = [];
  for (const { name, value } of entriesOf(entry.value)) {
    if (value.kind === 'scalar') variables.push({ name, value, range: contentOf(value) });
  }
  for (const { value: item } of itemsOf(entry.value)) {
    const entries = entriesOf(item);
    const name = textIn(entries, 'name');
    const value = find(entries, 'value')?.value;
    const group = textIn(entries, 'group');
    const template = textIn(entries, 'template');
    if (name !== '' && value?.kind === 'scalar') variables.push({ name, value, range: contentOf(value) });
    if (group !== '') groups.push(group);
    if (template !== '') join(followed(template, path, files, seen), variables, groups);
  }
  return { variables, groups };
}

function join(found: Variables, variables: VariableSource[], groups: string[]): void {
  variables.push(...found.variables.map((variable) => ({ ...variable, elsewhere: true })));
  groups.push(...found.groups);
}

/** Files that one list of variables takes templates from. */
const MAX_FILES = 50;

/** The variables of a template of this repository, each file once. */
function followed(template: string, path: string, files: PipelineFiles, seen: Set<string>): Variables {
  const file = localTemplate(template, path);
  if (file === undefined || seen.has(file) || seen.size >= MAX_FILES) return NO_VARIABLES;
  seen.add(file);
  const root = file === undefined ? undefined : files.documents(file)[0];
  return root === undefined ? NO_VARIABLES : readVariables(find(entriesOf(root), 'variables'), file, files, seen);
}

/** Variables of the files that use a template, which it can read too. */
export function callersVariables(callers: readonly string[], files: PipelineFiles): Variables {
  const variables: VariableSource[] = [];
  const groups: string[] = [];
  for (const path of callers) join(readVariables(find(entriesOf(files.documents(path)[0]), 'variables'), path, files), variables, groups);
  return { variables, groups };
}

/** Variables that the legs of a `matrix` set: of several values the one that is no plain text. */
export function matrixVariables(strategy: Entry | undefined): VariableSource[] {
  const found = new Map<string, VariableSource>();
  for (const leg of entriesOf(find(entriesOf(strategy?.value), 'matrix')?.value)) {
    const entries = entriesOf(leg.value);
    for (const { name } of entries) {
      const value = scalarIn(entries, name);
      if (value !== undefined && (!found.has(name) || value.text.includes('$'))) found.set(name, { name, value, range: contentOf(value) });
    }
  }
  return [...found.values()];
}
