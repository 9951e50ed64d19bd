/**
 * `npm run check:sarif -- [--no-multitool] FILE…`: would GitHub take these files? By the official schema, by
 * GitHub's limits, and by Microsoft's validator with its GitHub rules. Exit code 1 when anything is wrong or
 * a check could not be made.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Log } from 'sarif';
import { githubErrors } from './sarif-github-rules.js';
import { multitoolErrors, multitoolObstacle } from './sarif-multitool.js';
import { schemaChecker } from './sarif-schema.js';

const SHOWN = 20;

const args = process.argv.slice(2);
const files = args.filter((arg) => !arg.startsWith('--'));
const unknown = args.filter((arg) => arg.startsWith('--') && arg !== '--no-multitool');
if (files.length === 0 || unknown.length > 0) {
  console.error(`usage: npm run check:sarif -- [--no-multitool] FILE…${unknown.length > 0 ? ` (unknown: ${unknown.join(' ')})` : ''}`);
  process.exit(3);
}
const schemaErrors = schemaChecker(JSON.parse(readFileSync(resolve('test/sarif/sarif-2.1.0.schema.json'), 'utf8')) as object);
const results = files.map(check);
process.exitCode = results.every(Boolean) ? 0 : 1;

function check(file: string): boolean {
  const text = readFileSync(file, 'utf8');
  const log = JSON.parse(text) as Log;
  const schema = report(file, 'schema', () => schemaErrors(log));
  if (!schema) return false;
  const github = report(file, 'GitHub limits', () => githubErrors(log));
  if (args.includes('--no-multitool')) {
    console.log(`${file}: validator: not run (--no-multitool)`);
    return github;
  }
  const obstacle = multitoolObstacle();
  if (obstacle !== undefined) {
    console.error(`${file}: validator: not run, ${obstacle}; use --no-multitool to accept that`);
    return false;
  }
  return report(file, 'validator', () => multitoolErrors(resolve(file))) && github;
}

function report(file: string, name: string, run: () => readonly string[]): boolean {
  try {
    const errors = run();
    console.log(`${file}: ${name}: ${errors.length === 0 ? 'accepted' : `${errors.length} errors`}`);
    for (const error of errors.slice(0, SHOWN)) console.error(`  ${error}`);
    return errors.length === 0;
  } catch (error) {
    console.error(`${file}: ${name}: could not be checked: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
