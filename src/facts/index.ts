import type { Diagnostic, Document, Format } from '../core/index.js';
import type { ShellParser } from '../syntax/shell/index.js';
import { readGithub } from './github/index.js';
import { gatherKnowledge } from './github/knowledge.js';
import { repositoryOf, type RepositoryKnowledge } from './github/repository.js';
import { readDispatchInputs, readRunbook, RUNBOOK_FORMATS } from './runbook/index.js';
import type { AnyFact } from './schema.js';
import { readShell } from './shell/index.js';

/** Formats that have a reader here. */
export const READ_FORMATS: ReadonlySet<Format> = new Set<Format>(['github-workflow', 'github-action', 'dependabot', 'shell', ...RUNBOOK_FORMATS]);
const RUNBOOKS: ReadonlySet<Format> = new Set(RUNBOOK_FORMATS);

/** What the reader needs from outside. */
export interface FactTools {
  /** Without it scripts are not read: no commands, and less is known of what steps do. */
  readonly shell?: ShellParser;
}

/** What one document states, and what of it could not be read. */
export interface DocumentFacts {
  readonly document: Document;
  readonly facts: AnyFact[];
  readonly diagnostics: Diagnostic[];
}

/** What the files of a repository say about each other: plain data, gathered before any of them is read. */
export type { RepositoryKnowledge } from './github/repository.js';
export { gatherKnowledge, gatherStepwise } from './github/knowledge.js';

/** Formats whose documents tell something about others. */
export const LINKED_FORMATS: ReadonlySet<Format> = new Set<Format>(['github-workflow', 'github-action']);

/** Reads documents one by one with what is known of the others. Never throws because of a document's content. */
export function createReader(knowledge: RepositoryKnowledge, tools: FactTools): (document: Document) => DocumentFacts {
  const repository = repositoryOf(knowledge);
  return (document) => {
    if (RUNBOOKS.has(document.format)) return readRunbook(document, tools.shell);
    if (document.format !== 'shell') {
      const read = readGithub(document, repository, tools.shell);
      if (document.format === 'github-workflow') readDispatchInputs(document, read.facts);
      return read;
    }
    return { document, facts: tools.shell === undefined ? [] : readShell(document, tools.shell), diagnostics: [] };
  };
}

/**
 * States the facts of documents, one document at a time and in their order, so that neither trees
 * nor facts of others are kept. What files say about each other (who calls a reusable workflow,
 * which workflow a `workflow_run` follows) is gathered in a first pass over those that matter.
 *
 * @param documents gone through more than once; what can be gone through once only is collected first
 */
export function* readDocuments(documents: Iterable<Document>, tools: FactTools): Generator<DocumentFacts> {
  const repeatable = isOneShot(documents) ? [...documents] : documents;
  const read = createReader(gatherKnowledge(repeatable), tools);
  for (const document of repeatable) yield read(document);
}

function isOneShot(documents: Iterable<Document>): boolean {
  return documents[Symbol.iterator]() === (documents as unknown as Iterator<Document>);
}
