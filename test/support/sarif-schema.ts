import { readFileSync } from 'node:fs';
import { schemaChecker } from '../../scripts/sarif-schema.js';

const schema = JSON.parse(
  readFileSync(new URL('../sarif/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
) as object;

/** What the official schema has against a log. */
export const schemaErrors = schemaChecker(schema);
