import type { Diagnostic, Document, Fact, SourceRange, TraceHop } from '../../core/index.js';
import type { ShellParser } from '../../syntax/shell/index.js';
import type { AnyFact, FactKind, FactOf, FactValue } from '../schema.js';
import type { Repository } from './repository.js';

/** Facts that a fact lies in, by kind. */
export type Parents = Readonly<Record<string, Fact>>;

/** What the reading of one document works with and adds to. */
export interface ReadContext {
  readonly document: Document;
  /** What other files of the repository say about this one. */
  readonly repository: Repository;
  /** Absent: scripts are not read. */
  readonly shell: ShellParser | undefined;
  readonly facts: AnyFact[];
  readonly diagnostics: Diagnostic[];
}

/** Adds a fact to the document's facts. */
export function state<K extends FactKind>(
  context: ReadContext,
  kind: K,
  value: FactValue<K>,
  parents: Parents,
  locate: (path?: string) => SourceRange,
  trace?: readonly TraceHop[],
): FactOf<K> {
  const base = { kind, value, document: context.document, parents, locate };
  const fact: FactOf<K> = trace === undefined ? base : { ...base, trace };
  context.facts.push(fact as unknown as AnyFact);
  return fact;
}
