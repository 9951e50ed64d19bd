export { parseExpression, parseGroovy } from './parser.js';
export { flowingNames } from './flow.js';
export * from './types.js';
