import { z } from 'zod';
import type { DeclaredObject, DeclaredProperty, DeclaredType, FactDeclarations } from '../core/index.js';
import { FACT_SCHEMAS, type FactKind } from './schema.js';

let declarations: FactDeclarations | undefined;

/**
 * What policies may read, from `FACT_SCHEMAS`. Computed once, and only where policies are checked: judging needs no more than `EMPTY_VALUES`.
 * Throws on a schema construct that policies can't read: a programming error in `schema.ts`.
 */
export function declarationsFromSchemas(): FactDeclarations {
  return (declarations ??= build());
}

function build(): FactDeclarations {
  const objects: Record<string, DeclaredObject> = {};
  // One schema used in several places is one type, so that a policy can put `step.uses` and `job.uses` in a list.
  const names = new Map<z.core.$ZodType, string>();

  function declareObject(schema: z.core.$ZodType, name: string, description: string): string {
    const known = names.get(schema);
    if (known !== undefined) return known;
    names.set(schema, name);
    if (!(schema instanceof z.ZodObject)) throw new Error(`${name}: not an object schema`);
    const properties: Record<string, DeclaredProperty> = {};
    objects[name] = { name, description, properties };
    for (const [key, property] of Object.entries(schema.shape as Record<string, z.core.$ZodType>)) {
      properties[key] = { ...declareType(property, `${name}.${key}`), description: describe(property) };
    }
    return name;
  }

  function declareType(wrapped: z.core.$ZodType, path: string): DeclaredType {
    const schema = unwrap(wrapped);
    if (schema instanceof z.ZodString) return { type: 'string' };
    if (schema instanceof z.ZodEnum) return { type: 'string', values: schema.options.map(String) };
    if (schema instanceof z.ZodBoolean) return { type: 'bool' };
    if (schema instanceof z.ZodNumber) return { type: 'int' };
    if (schema instanceof z.ZodArray) return { type: 'list', item: declareType(schema.element, path) };
    if (schema instanceof z.ZodRecord) return { type: 'map', value: declareType(schema.valueType, path) };
    if (schema instanceof z.ZodObject) return { type: 'object', name: declareObject(schema, path, describe(wrapped)) };
    throw new Error(`${path}: policies can't read a ${schema._zod.def.type}`);
  }

  const kinds = Object.keys(FACT_SCHEMAS) as FactKind[];
  for (const kind of kinds) declareObject(FACT_SCHEMAS[kind], kind, describe(FACT_SCHEMAS[kind]));
  return { kinds, objects, empty: Object.fromEntries(kinds.map((kind) => [kind, FACT_SCHEMAS[kind].parse({})])) };
}

/** The schema inside defaults. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) inner = inner.unwrap();
  return inner;
}

/** The description of a schema or, where `describe()` was called before a default was put around it, of what is inside. */
function describe(schema: z.core.$ZodType): string {
  let inner = schema;
  for (;;) {
    const description = z.globalRegistry.get(inner)?.description;
    if (description !== undefined) return description;
    if (!(inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)) return '';
    inner = inner.unwrap();
  }
}
