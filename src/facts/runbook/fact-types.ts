/** What readers in the folders below state facts with. */
export { emptyValue } from '../empty.js';
export type { AnyFact, FactOf, FactValue, UsesValue } from '../schema.js';
