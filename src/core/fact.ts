import type { Document } from './document.js';
import type { SourceRange } from './location.js';

/**
 * A statement about a document, in plain data that a policy can read.
 * Which kinds there are and what each states: `facts/schema.ts`.
 */
export interface Fact<V = unknown, K extends string = string> {
  readonly kind: K;
  readonly value: V;
  readonly document: Document;
  /** The facts that this one lies in, by kind: a `step` has its `job` and `pipeline`. */
  readonly parents: Readonly<Record<string, Fact>>;
  /**
   * The exact range of a property (`inputs.ref`, `env.TOKEN`, `condition`), or of the fact itself
   * when no path is given. A property that is not written in the file answers with the nearest
   * enclosing range that is.
   */
  locate(path?: string): SourceRange;
  /** For facts derived from several places: the hops from source to sink, in order. */
  readonly trace?: readonly TraceHop[];
}

/** One hop of a flow. */
export interface TraceHop {
  readonly document: Document;
  readonly range: SourceRange;
  readonly message: string;
}
