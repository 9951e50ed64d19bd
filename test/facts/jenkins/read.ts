import { createDocument, type Diagnostic, type Format } from '../../../src/core/index.js';
import { readDocuments } from '../../../src/facts/index.js';
import type { AnyFact, FactKind, FactOf } from '../../../src/facts/schema.js';
import { shellParser } from '../../syntax/shell/parser.js';

const shell = await shellParser();

/** Facts and diagnostics of one file. */
export interface Read {
  readonly facts: readonly AnyFact[];
  readonly diagnostics: readonly Diagnostic[];
  all<K extends FactKind>(kind: K): FactOf<K>[];
}

/** Reads one file as a format. */
export function readAs(format: Format, path: string, text: string): Read {
  const [result] = [...readDocuments([createDocument(path, format, text)], { shell })];
  if (result === undefined) throw new Error('nothing was read');
  return { facts: result.facts, diagnostics: result.diagnostics, all: (kind) => result.facts.filter((fact) => fact.kind === kind) as unknown as FactOf<typeof kind>[] };
}

/** The text at a property of a fact. */
export function cut(fact: { readonly document: { readonly text: string }; locate(path?: string): { start: number; end: number } }, path?: string): string {
  const { start, end } = fact.locate(path);
  return fact.document.text.slice(start, end);
}
