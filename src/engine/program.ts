import { compileExact, compileFast, type Closure } from './closures.js';
import { CelEvaluationError, type CelContext, type CelProgram } from './context.js';
import type { LoweredProgram } from './expression.js';
import { isOverdrawn, LIMIT_ERROR, spent, startMeter } from './meter.js';

/** A lowered expression that runs; closures are made on first use. */
export function loweredProgram({ type, expression }: LoweredProgram): CelProgram {
  let fast: Closure | undefined;
  let exact: Closure | undefined;
  let cost = 0;
  return {
    type,
    run(context, rest) {
      const quick = rest ?? (fast ??= compileFast(expression));
      startMeter();
      try {
        const value = quick(context);
        cost = spent();
        return plain(value);
      } catch {
        // Whether that matters is CEL's to say.
        exact ??= compileExact(expression);
        startMeter();
        try {
          return plain(runExactly(exact, context));
        } finally {
          cost = spent();
        }
      }
    },
    cost: () => cost,
  };
}

function runExactly(exact: Closure, context: CelContext): unknown {
  let value: unknown;
  try {
    value = exact(context);
  } catch (error) {
    throw new CelEvaluationError(error instanceof Error ? error.message : String(error), isOverdrawn());
  }
  // `||`, `&&` and `exists` swallow errors of one side, but what was cut short has no answer.
  if (isOverdrawn()) throw new CelEvaluationError(LIMIT_ERROR.message, true);
  return value;
}

function plain(value: unknown): string | number | boolean {
  return typeof value === 'bigint' ? Number(value) : (value as string | number | boolean);
}
