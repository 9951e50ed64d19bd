import generated from './empty.json' with { type: 'json' };
import type { FactKind, FactValue } from './schema.js';

/** By kind, the value with every property at its default: what `npm run generate` takes from `FACT_SCHEMAS`, so that readers do not load zod. */
export const EMPTY_VALUES: Readonly<Record<string, unknown>> = generated.empty;

/**
 * The value of a kind with every property at its default. Shared, never to be written to: readers
 * spread it (`{ ...emptyValue('step'), id }`) instead of parsing, which is much faster than running
 * zod on every fact; tests parse. Not frozen, since spreading a frozen object takes fifteen times as long.
 */
export function emptyValue<K extends FactKind>(kind: K): Readonly<FactValue<K>> {
  return EMPTY_VALUES[kind] as FactValue<K>;
}
