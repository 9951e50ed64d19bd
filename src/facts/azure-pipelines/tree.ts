import type { YamlNode, YamlPair, YamlScalar } from '../../syntax/yaml-node.js';

/*
 * A file of Azure Pipelines as the platform sees it after its template expressions: `${{ if … }}`, `${{ each … }}` and
 * `${{ insert }}` as keys splice what is below them into the collection around them.
 * https://learn.microsoft.com/azure/devops/pipelines/process/template-expressions
 */

/** One value and the conditions of the expressions that it stands under. */
export interface Item {
  readonly value: YamlNode;
  /** Expressions that hold where it is inserted, outermost first. */
  readonly under: readonly string[];
}

/** One entry of a mapping. */
export interface Entry extends Item {
  readonly name: string;
  readonly key: YamlScalar;
  readonly pair: YamlPair;
}

const DIRECTIVE = /^\$\{\{-?\s{0,20}(if|elseif|else|each|insert)\b([^]{0,4000}?)-?\}\}\s*$/;
/** Insertions inside insertions that are followed. */
const MAX_NESTING = 20;

/** Entries of a mapping in order, with those that expressions insert. */
export function entriesOf(node: YamlNode | undefined, under: readonly string[] = [], depth = 0): Entry[] {
  if (node?.kind !== 'mapping' || depth > MAX_NESTING) return [];
  const entries: Entry[] = [];
  const branches = createBranches(under);
  for (const pair of node.pairs) {
    if (pair.key.kind !== 'scalar') continue;
    const inner = branches(pair.key.text);
    if (inner === undefined) entries.push({ name: pair.key.text.trim(), key: pair.key, pair, value: pair.value, under });
    else entries.push(...entriesOf(pair.value, inner, depth + 1));
  }
  return entries;
}

/** Items of a sequence in order, with those that expressions insert. */
export function itemsOf(node: YamlNode | undefined, under: readonly string[] = [], depth = 0): Item[] {
  if (node?.kind !== 'sequence' || depth > MAX_NESTING) return [];
  const items: Item[] = [];
  const branches = createBranches(under);
  for (const { value } of node.items) {
    const inserted = insertion(value, branches);
    if (inserted === undefined) items.push({ value, under });
    else for (const one of inserted) items.push(...(one.value.kind === 'sequence' ? itemsOf(one.value, one.under, depth + 1) : one.value.kind === 'mapping' ? itemOf(one, depth) : []));
  }
  return items;
}

/** A mapping in place of a list: another insertion, or one item of its own. */
function itemOf(item: Item, depth: number): Item[] {
  const inserted = insertion(item.value, createBranches(item.under));
  if (inserted === undefined) return [item];
  return inserted.flatMap((one) => itemsOf(one.value, one.under, depth + 2));
}

/** What an item holds that is nothing but insertions; undefined for any other. */
function insertion(node: YamlNode, branches: Branches): Item[] | undefined {
  if (node.kind !== 'mapping' || node.pairs.length === 0) return undefined;
  const inserted: Item[] = [];
  for (const { key, value } of node.pairs) {
    const under = key.kind === 'scalar' ? branches(key.text) : undefined;
    if (under === undefined) return undefined;
    inserted.push({ value, under });
  }
  return inserted;
}

/** The conditions below a key that is an insertion; undefined for any other key. Remembers the `if` that an `else` belongs to. */
type Branches = (key: string) => readonly string[] | undefined;

function createBranches(under: readonly string[]): Branches {
  let failed: string[] = [];
  return (key) => {
    const match = DIRECTIVE.exec(key.trim());
    if (match === null) return undefined;
    const expression = (match[2] as string).trim();
    if (match[1] === 'each' || match[1] === 'insert') return under;
    if (match[1] === 'if') failed = [];
    const before = failed.map((text) => `not(${text})`);
    if (match[1] === 'else') return [...under, ...before];
    if (failed.length < 20) failed.push(expression);
    return [...under, ...before, expression];
  };
}

/** The first entry with a name; keys of the platform are written in one case, but read in any. */
export function find(entries: readonly Entry[], name: string): Entry | undefined {
  const lower = name.toLowerCase();
  return entries.find((entry) => entry.name.toLowerCase() === lower);
}

/** The scalar of an entry; undefined for anything else and for an empty value. */
export function scalarIn(entries: readonly Entry[], name: string): YamlScalar | undefined {
  const value = find(entries, name)?.value;
  return value?.kind === 'scalar' && !(value.style === 'plain' && value.value === null) ? value : undefined;
}

export function textIn(entries: readonly Entry[], name: string): string {
  return scalarIn(entries, name)?.text.trim() ?? '';
}

export function isTrueIn(entries: readonly Entry[], name: string): boolean {
  return /^(?:true|yes|on|1)$/i.test(textIn(entries, name));
}

/** Texts of a scalar or a list of scalars. */
export function textsOf(node: YamlNode | undefined): string[] {
  if (node?.kind === 'scalar') return node.text.trim() === '' ? [] : [node.text.trim()];
  return itemsOf(node).flatMap(({ value }) => (value.kind === 'scalar' ? [value.text.trim()] : []));
}
