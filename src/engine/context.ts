/** Values by variable name: every fact kind (`-` as `_`), and `options`. */
export type CelContext = Record<string, unknown>;

/** An expression that could not be evaluated. `limit`: it was stopped because it costs too much. */
export class CelEvaluationError extends Error {
  override readonly name = 'CelEvaluationError';

  constructor(
    message: string,
    readonly limit: boolean,
  ) {
    super(message);
  }
}

/** A checked expression. */
export interface CelProgram {
  /** `bool`, `int`, `double` or `string`. */
  readonly type: string;
  /**
   * The value, integers as numbers. Throws `CelEvaluationError`.
   * @param rest gives the same value for this context, or throws, and then all is evaluated
   */
  run(context: CelContext, rest?: (context: CelContext) => unknown): string | number | boolean;
  /** What the loops of the last `run` cost, in elements visited. */
  cost(): number;
}

/** Name of a fact kind as a variable. */
export function variableName(kind: string): string {
  return kind.replaceAll('-', '_');
}
