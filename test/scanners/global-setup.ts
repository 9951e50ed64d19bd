import { provideTools } from './tools.js';

/** Before `npm run test:scanners`: every tool of the lock, installed by the product itself where it is missing; a line for each. */
export async function setup(): Promise<void> {
  await provideTools(true, (line) => process.stderr.write(`${line}\n`));
}
