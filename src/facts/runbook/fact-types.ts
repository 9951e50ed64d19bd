/** What readers in the folders below state facts with. */
export { emptyValue } from '../empty.js';
export type { FactOf, FactValue, UsesValue } from '../schema.js';
