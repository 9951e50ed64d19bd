import type { Diagnostic, Document, Format } from '../core/index.js';
import type { ShellParser } from '../syntax/shell/index.js';
import type { ReadContext } from './common/context.js';
import { readGithub } from './github/index.js';
import { gatherStepwise as gatherGithub } from './github/knowledge.js';
import { repositoryOf, type RepositoryKnowledge as GithubKnowledge } from './github/repository.js';
import { LINKED_PIPELINE_FORMATS, PIPELINE_READERS } from './pipeline-readers.js';
import { MAX_LINKED_TEXT, pipelineFiles, type PipelineTexts } from './pipeline/index.js';
import { readDispatchInputs, readRunbook, RUNBOOK_FORMATS } from './runbook/index.js';
import type { AnyFact } from './schema.js';
import { readShell } from './shell/index.js';

/** Formats that have a reader here. */
export const READ_FORMATS: ReadonlySet<Format> = new Set<Format>(['github-workflow', 'github-action', 'dependabot', 'shell', ...RUNBOOK_FORMATS, ...(Object.keys(PIPELINE_READERS) as Format[])]);
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
export interface RepositoryKnowledge extends GithubKnowledge {
  /** Texts of pipelines of other platforms that may take parts from each other, by path. */
  readonly pipelines: PipelineTexts;
}

/** Formats whose documents tell something about others. */
export const LINKED_FORMATS: ReadonlySet<Format> = new Set<Format>(['github-workflow', 'github-action', ...LINKED_PIPELINE_FORMATS]);
const LINKED_PIPELINES: ReadonlySet<Format> = new Set(LINKED_PIPELINE_FORMATS);

/** First pass over the documents, in steps of one, so that a caller can do other things in between. */
export function* gatherStepwise(documents: Iterable<Document>): Generator<void, RepositoryKnowledge> {
  const github = yield* gatherGithub(documents);
  const pipelines = new Map<string, string>();
  let kept = 0;
  for (const { path, format, text } of documents) {
    if (!LINKED_PIPELINES.has(format)) continue;
    kept += text.length;
    if (kept > MAX_LINKED_TEXT) break;
    pipelines.set(path, text);
    yield;
  }
  return { ...github, pipelines };
}

/** The same at once. */
export function gatherKnowledge(documents: Iterable<Document>): RepositoryKnowledge {
  const gathering = gatherStepwise(documents);
  for (;;) {
    const step = gathering.next();
    if (step.done === true) return step.value;
  }
}

/** Reads documents one by one with what is known of the others. Never throws because of a document's content. */
export function createReader(knowledge: RepositoryKnowledge, tools: FactTools): (document: Document) => DocumentFacts {
  const repository = repositoryOf(knowledge);
  const files = pipelineFiles(knowledge.pipelines);
  return (document) => {
    if (RUNBOOKS.has(document.format)) return readRunbook(document, tools.shell);
    const readPipeline = PIPELINE_READERS[document.format];
    if (readPipeline !== undefined) {
      const context: ReadContext = { document, shell: tools.shell, facts: [], diagnostics: [] };
      readPipeline(context, files);
      return { document, facts: context.facts, diagnostics: context.diagnostics };
    }
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
