import type { Diagnostic, Document, Fact, SourceRange } from '../../core/index.js';
import type { ShellParser } from '../../syntax/shell/index.js';
import type { AnyFact, FactKind, FactOf, FactValue } from '../schema.js';

/** What the reading of one document works with and adds to. */
export interface ReadContext {
  readonly document: Document;
  /** Absent: scripts are not read. */
  readonly shell: ShellParser | undefined;
  readonly facts: AnyFact[];
  readonly diagnostics: Diagnostic[];
}

/** Facts that a fact lies in, by kind. */
export type Parents = Readonly<Record<string, Fact>>;

/** Places of the properties of a fact, by path; those that are not written are undefined. */
export type Places = Readonly<Record<string, SourceRange | undefined>>;

/**
 * Adds a fact. `locate` answers with the place of the property, of the nearest one that encloses it, or of the whole.
 */
export function state<K extends FactKind>(context: ReadContext, kind: K, value: FactValue<K>, whole: SourceRange, places: Places = {}, parents: Parents = {}): FactOf<K> {
  const locate = (path?: string): SourceRange => {
    for (let part = path ?? ''; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('.')))) {
      const range = places[part];
      if (range !== undefined) return range;
    }
    return whole;
  };
  const fact: FactOf<K> = { kind, value, document: context.document, parents, locate };
  context.facts.push(fact as unknown as AnyFact);
  return fact;
}

/** Something of the document that could not be read: a message with its line, and nothing else is lost. */
export function problem(context: ReadContext, code: string, message: string, range: SourceRange, level: Diagnostic['level'] = 'error'): void {
  const { document } = context;
  context.diagnostics.push({ level, code, message, path: document.path, region: document.lines.region(range) });
}

/** File name without folder and extension. */
export function stemOf(path: string): string {
  return (path.split('/').at(-1) as string).replace(/\.[^.]+$/, '');
}
