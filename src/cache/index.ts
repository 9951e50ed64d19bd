export { resultsDirectory } from './directory.js';
export { openResults, type ResultCache } from './results.js';
