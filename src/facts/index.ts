import type { Diagnostic, Document } from '../core/index.js';
import { readGithub } from './github/index.js';
import { readRepository } from './github/repository.js';
import type { AnyFact } from './schema.js';

/** What the reader needs from outside. */
export interface FactTools {
  readonly shell?: unknown;
}

/** What one document states, and what of it could not be read. */
export interface DocumentFacts {
  readonly document: Document;
  readonly facts: AnyFact[];
  readonly diagnostics: Diagnostic[];
}

/**
 * States the facts of documents, one document at a time and in their order, so that neither trees
 * nor facts of others are kept. What files say about each other (who calls a reusable workflow,
 * which workflow a `workflow_run` follows) is gathered in a first pass over those that matter.
 * Never throws because of a document's content.
 *
 * @param documents gone through twice; what can be gone through once only is collected first
 */
export function* readDocuments(documents: Iterable<Document>, _tools: FactTools): Generator<DocumentFacts> {
  const repeatable = isOneShot(documents) ? [...documents] : documents;
  const repository = readRepository(repeatable);
  for (const document of repeatable) yield readGithub(document, repository);
}

function isOneShot(documents: Iterable<Document>): boolean {
  return documents[Symbol.iterator]() === (documents as unknown as Iterator<Document>);
}
