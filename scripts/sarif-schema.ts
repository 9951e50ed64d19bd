import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A function that says what a JSON schema (2020-12) has against a document, as `path: message`; nothing when it is valid. */
export function schemaChecker(schema: object): (document: unknown) => readonly string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (document) =>
    validate(document) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message ?? ''}`);
}
