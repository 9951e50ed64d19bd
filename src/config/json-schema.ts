import { z } from 'zod';
import type { KnownOption, KnownPolicy } from '../core/index.js';
import { CONFIG_FILE, configSchema, policySetting } from './schema.js';

type Json = Record<string, unknown>;

const OPTION_SCHEMAS: Readonly<Record<KnownOption['type'], Json>> = {
  string: { type: 'string' },
  strings: { type: 'array', items: { type: 'string' } },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
};

/**
 * The JSON Schema of `.bartizan.yml` for editors, draft 7, which all of them read. With the known policies and
 * scanners their names and options are completed too; other ids are allowed, since repositories have policies
 * of their own. Plain data with keys in a fixed order: `JSON.stringify(…, null, 2)` is the file.
 */
export function createJsonSchema(known: { policies: readonly KnownPolicy[]; scanners: readonly string[] }): Json {
  const schema = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }) as Json;
  const properties = schema['properties'] as Record<string, Json>;
  const policy = z.toJSONSchema(policySetting, { target: 'draft-7', io: 'input' }) as Json;
  delete policy['$schema'];
  const policies = [...known.policies].sort((a, b) => (a.id < b.id ? -1 : 1));
  properties['policies'] = {
    ...properties['policies'],
    properties: Object.fromEntries(policies.map((one) => [one.id, withOptions(policy, one)])),
  };
  const scanners = properties['scanners'] as Json;
  const scanner = scanners['additionalProperties'] as Json;
  properties['scanners'] = {
    ...scanners,
    properties: Object.fromEntries([...known.scanners].sort().map((name) => [name, scanner])),
    additionalProperties: false,
  };
  const entry = (properties['suppressions'] as { items: Json }).items;
  entry['required'] = ['reason'];
  entry['anyOf'] = ['rule', 'path', 'fingerprint', 'package'].map((key) => ({ required: [key] }));
  return { $schema: schema['$schema'], title: `Bartizan (${CONFIG_FILE})`, ...schema, properties };
}

/** The setting of one policy: its title to read, its options and no others to choose from. */
function withOptions(setting: Json, policy: KnownPolicy): Json {
  const branches = (setting['anyOf'] as Json[]).map((branch) => {
    if (branch['type'] !== 'object') return branch;
    const options = Object.entries(policy.options).map(([name, option]) => {
      const schema = OPTION_SCHEMAS[option.type];
      return [name, option.description === undefined ? schema : { ...schema, description: option.description }] as const;
    });
    return { ...branch, properties: { ...(branch['properties'] as Json), ...Object.fromEntries(options) }, additionalProperties: false };
  });
  return policy.title === undefined ? { anyOf: branches } : { description: policy.title, anyOf: branches };
}
