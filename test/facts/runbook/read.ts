import { createDocument, type Diagnostic } from '../../../src/core/index.js';
import { pathParts, recogniseByContent, recogniseByPath } from '../../../src/discover/recognise.js';
import { readDocuments } from '../../../src/facts/index.js';
import { type AnyFact, FACT_SCHEMAS, type FactKind, type FactOf } from '../../../src/facts/schema.js';
import { shellParser } from '../../syntax/shell/parser.js';

/** What one file states, with what is written at each place. */
export interface Read {
  readonly facts: readonly AnyFact[];
  readonly diagnostics: readonly Diagnostic[];
  of<K extends FactKind>(kind: K): FactOf<K>[];
  /** The text of the file at a property of a fact. */
  at(fact: AnyFact, path?: string): string;
}

const shell = await shellParser();

/** Recognises and reads a file as a scan does. Every fact's value has to be what its schema says. */
export function read(path: string, text: string): Read {
  const parts = pathParts(path);
  const recognised = recogniseByPath(parts) ?? recogniseByContent(parts, false, text.slice(0, 16_384));
  if (recognised === undefined) throw new Error(`${path} was not recognised`);
  const document = createDocument(path, recognised.format, text);
  const [one] = [...readDocuments([document], { shell })];
  if (one === undefined) throw new Error('nothing was read');
  const { facts, diagnostics } = one;
  for (const fact of facts) FACT_SCHEMAS[fact.kind].parse(fact.value, { reportInput: true });
  return {
    facts,
    diagnostics,
    of: (kind) => facts.filter((fact) => fact.kind === kind) as never,
    at: (fact, place) => {
      const { start, end } = fact.locate(place);
      return text.slice(start, end);
    },
  };
}
