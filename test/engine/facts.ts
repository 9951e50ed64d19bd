import { createDocument, type Document, type Fact, type SourceRange, type TraceHop } from '../../src/core/index.js';
import { declarations } from './declarations.js';

/** A fact of the small world: properties are located where their text stands in the document. */
export function fact(
  document: Document,
  kind: string,
  value: Record<string, unknown>,
  parents: Record<string, Fact> = {},
  ranges: Record<string, SourceRange> = {},
  trace?: readonly TraceHop[],
): Fact {
  const whole: SourceRange = ranges[''] ?? { start: 0, end: document.text.length };
  return {
    kind,
    value: { ...(declarations.empty[kind] as object), ...value },
    document,
    parents,
    locate(path = '') {
      for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
        const range = ranges[at];
        if (range) return range;
      }
      return whole;
    },
    ...(trace && { trace }),
  };
}

/** One `step` for each line `run: …`, in one `job`: a stand-in for the real readers. */
export function readSteps(path: string, text: string, job: Record<string, unknown> = {}): Fact[] {
  const document = createDocument(path, 'github-workflow', text);
  const parent = fact(document, 'job', { id: 'build', ...job });
  const facts: Fact[] = [];
  for (const match of text.matchAll(/run: (.*)/g)) {
    const run = match[1] ?? '';
    const start = match.index + 'run: '.length;
    facts.push(
      fact(document, 'step', { run, words: run.split(' ') }, { job: parent }, { '': { start: match.index, end: start + run.length }, run: { start, end: start + run.length } }),
    );
  }
  return facts;
}
