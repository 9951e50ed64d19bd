import { createDocument, type Diagnostic, type Format } from '../../../src/core/index.js';
import { readDocuments } from '../../../src/facts/index.js';
import { shellParser } from '../../syntax/shell/parser.js';
import type { AnyFact, FactKind, FactOf } from '../../../src/facts/schema.js';

/** The parser of all tests of this folder. */
export const shell = await shellParser();

/** Facts and diagnostics of one file among others, by path. */
export interface Read {
  readonly facts: readonly AnyFact[];
  readonly diagnostics: readonly Diagnostic[];
  all<K extends FactKind>(kind: K): FactOf<K>[];
  one<K extends FactKind>(kind: K, where?: (value: FactOf<K>['value']) => boolean): FactOf<K>;
  job(id: string): FactOf<'job'>;
}

export function formatOf(path: string): Format {
  if (path.endsWith('dependabot.yml')) return 'dependabot';
  return path.includes('workflows/') ? 'github-workflow' : 'github-action';
}

/** Reads files as one repository; answers by path. */
export function readFiles(files: Readonly<Record<string, string>>): (path: string) => Read {
  const documents = Object.entries(files).map(([path, text]) => createDocument(path, formatOf(path), text));
  const results = new Map([...readDocuments(documents, { shell })].map((result) => [result.document.path, result]));
  return (path) => {
    const result = results.get(path);
    if (result === undefined) throw new Error(`no facts of ${path}`);
    const all = <K extends FactKind>(kind: K): FactOf<K>[] => result.facts.filter((fact) => fact.kind === kind) as unknown as FactOf<K>[];
    const one = <K extends FactKind>(kind: K, where: (value: FactOf<K>['value']) => boolean = () => true): FactOf<K> => {
      const found = all(kind).filter((fact) => where(fact.value as FactOf<K>['value']));
      if (found.length !== 1) throw new Error(`${found.length} facts of kind ${kind}, expected 1`);
      return found[0] as FactOf<K>;
    };
    return { facts: result.facts, diagnostics: result.diagnostics, all, one, job: (id) => one('job', (value) => (value as FactOf<'job'>['value']).id === id) };
  };
}

/** Reads one workflow. */
export function readOne(text: string, path = '.github/workflows/ci.yml'): Read {
  return readFiles({ [path]: text })(path);
}

/** The text at a property of a fact. */
export function cut(fact: AnyFact | FactOf<FactKind>, path?: string): string {
  const { start, end } = fact.locate(path);
  return fact.document.text.slice(start, end);
}
