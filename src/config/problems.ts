import type { z } from 'zod';
import { type Diagnostic, LineIndex, nearestHint, type SourceRange } from '../core/index.js';
import type { YamlNode } from '../syntax/yaml-node.js';
import { get } from '../syntax/yaml-query.js';

export type Path = readonly (string | number)[];

/** Where settings come from: says where a path is written, and what a setting is called there. */
export interface Source {
  /** `fail-on` in a file, `--fail-on` or `input fail-on` outside. */
  name(path: Path): string;
  /** A diagnostic at the key or value of a path. */
  diagnostic(code: string, message: string, path: Path, part: 'key' | 'value'): Diagnostic;
  /** Values are texts and lists; a mapping can't be written. */
  readonly flat?: true;
}

/** A file whose every setting has a place. */
export function fileSource(path: string, text: string, root: YamlNode | undefined): Source & { at(code: string, message: string, range: SourceRange): Diagnostic } {
  const lines = new LineIndex(text);
  const at = (code: string, message: string, range: SourceRange): Diagnostic => ({ level: 'error', code, message, path, region: lines.region(range) });
  return {
    name: (keys) => keys.join('.'),
    diagnostic: (code, message, keys, part) => at(code, message, place(root, keys, part)),
    at,
  };
}

/** Inputs of the Action or flags of the command line, which have names only. */
export function overrideSource(kind: 'input' | 'flag'): Source {
  const name = (path: Path): string => (kind === 'flag' ? `--${String(path[0])}` : `input ${String(path[0])}`);
  return { name, diagnostic: (code, message) => ({ level: 'error', code, message }), flat: true };
}

/** The range of a path's key or value, or of the nearest thing around it that is written. */
function place(root: YamlNode | undefined, path: Path, part: 'key' | 'value'): SourceRange {
  let node = root;
  let range: SourceRange = root === undefined ? { start: 0, end: 0 } : { start: root.range.start, end: root.range.start };
  for (const [index, key] of path.entries()) {
    if (node?.kind === 'sequence') {
      const item = node.items[Number(key)];
      if (item === undefined) break;
      node = item.value;
      range = item.alias ?? item.value.range;
    } else {
      const pair = get(node, String(key));
      if (pair === undefined) break;
      node = pair.value;
      const atKey = (part === 'key' && index === path.length - 1) || (pair.value.range.start === pair.value.range.end && pair.alias === undefined);
      range = pair.merged === true ? pair.range : atKey ? pair.key.range : (pair.alias ?? pair.value.range);
    }
  }
  return range;
}

/** What zod found wrong, said with the value, what is allowed and the nearest valid name. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], data: unknown, source: Source, knownKeys: (path: Path) => readonly string[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const issue of issues) collect(issue, [], data, source, knownKeys, diagnostics);
  return diagnostics;
}

function collect(issue: z.core.$ZodIssue, prefix: Path, data: unknown, source: Source, knownKeys: (path: Path) => readonly string[], out: Diagnostic[]): void {
  const path = [...prefix, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    for (const key of issue.keys) {
      const message = `There is no setting \`${shown(key)}\`; there are ${known.join(', ')}.${nearestHint(key, known)}`;
      out.push(source.diagnostic('config-key', message, [...path, key], 'key'));
    }
    return;
  }
  if (issue.code === 'invalid_union') {
    // A branch that takes this kind of value complains about something inside of it: that is what was meant.
    const inner = issue.errors.find((branch) => branch.length > 0 && branch.every((found) => found.path.length > 0));
    if (inner !== undefined) {
      for (const found of inner) collect(found, path, data, source, knownKeys, out);
      return;
    }
  }
  const value = valueAt(data, path);
  const allowed = [...new Set(allowedValues(issue))];
  const hint = typeof value === 'string' ? nearestHint(value, allowed) : '';
  const wrong = issue.code === 'too_small' ? 'must not be empty' : `is ${describe(value)}; it must be ${expectation(issue, allowed, source.flat === true)}`;
  out.push(source.diagnostic('config-value', `\`${shown(source.name(path))}\` ${wrong}.${hint}`, path, 'value'));
}

function allowedValues(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union') return issue.errors.flat().filter((found) => found.path.length === 0).flatMap(allowedValues);
  return [];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  string: 'a text',
  boolean: 'true or false',
};

function typeWords(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_type') return [TYPE_WORDS[issue.expected] ?? issue.expected];
  if (issue.code === 'invalid_union') return issue.errors.flat().filter((found) => found.path.length === 0).flatMap(typeWords);
  return [];
}

function expectation(issue: z.core.$ZodIssue, allowed: readonly string[], flat: boolean): string {
  const types = typeWords(issue).filter((word) => allowed.length === 0 || word !== TYPE_WORDS['boolean']).filter((word) => !flat || word !== TYPE_WORDS['object']);
  const words = [...allowed, ...new Set(types)];
  const last = words.pop();
  if (last === undefined) return 'written otherwise';
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`;
}

/** By place; those without one first. */
export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const line = ({ region }: Diagnostic): number => region?.startLine ?? 0;
  const column = ({ region }: Diagnostic): number => region?.startColumn ?? 0;
  return [...diagnostics].sort((a, b) => line(a) - line(b) || column(a) - column(b));
}

/** The value at a path of plain data. */
function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** A value in words: texts in backticks, collections by their kind. */
export function describe(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `\`${shown(String(value))}\``;
}

/** A text short enough for a message. */
export function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
