import { createDocument, type Diagnostic } from '../../../src/core/index.js';
import { readDocuments } from '../../../src/facts/index.js';
import type { AnyFact, FactKind, FactOf } from '../../../src/facts/schema.js';
import { shellParser } from '../../syntax/shell/parser.js';

/** Facts of files of Azure Pipelines, by path. */
export async function readFacts(files: Readonly<Record<string, string>>, diagnostics: Diagnostic[] = []): Promise<AnyFact[]> {
  const documents = Object.entries(files).map(([path, text]) => createDocument(path, 'azure-pipelines', text));
  const shell = await shellParser();
  return [...readDocuments(documents, { shell })].flatMap((read) => {
    diagnostics.push(...read.diagnostics);
    return read.facts;
  });
}

/** Those of a kind. */
export function ofKind<K extends FactKind>(facts: readonly AnyFact[], kind: K): FactOf<K>[] {
  return facts.filter((fact) => fact.kind === kind) as unknown as FactOf<K>[];
}

/** The text of the file at a place of a fact. */
export function textAt(fact: Pick<AnyFact, 'locate' | 'document'>, path?: string): string {
  const { start, end } = fact.locate(path);
  return fact.document.text.slice(start, end);
}
