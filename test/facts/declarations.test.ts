import { expect, test } from 'vitest';
import { declarationsFromSchemas } from '../../src/facts/declarations.js';
import { EMPTY_VALUES } from '../../src/facts/empty.js';
import { FACT_SCHEMAS } from '../../src/facts/schema.js';

const declarations = declarationsFromSchemas();

test('every fact kind is declared, with an empty value for each property', () => {
  expect(declarations.kinds).toEqual(Object.keys(FACT_SCHEMAS));
  for (const kind of declarations.kinds) {
    const properties = Object.keys(declarations.objects[kind]?.properties ?? {});
    expect(properties).toEqual(Object.keys(declarations.empty[kind] as object));
  }
});

test('the empty values that readers are given are those of the schemas', () => {
  expect(EMPTY_VALUES, 'run npm run generate').toEqual(declarations.empty);
});

test('types, enumerated values and descriptions come from the schema', () => {
  const job = declarations.objects['job']?.properties;
  expect(job?.['timeoutMinutes']).toMatchObject({ type: 'int', description: 'time limit in minutes; -1 when none is written' });
  expect(job?.['selfHosted']).toMatchObject({ type: 'bool' });
  expect(job?.['runner']).toMatchObject({ type: 'list', item: { type: 'string' } });
  expect(job?.['env']).toMatchObject({ type: 'map', value: { type: 'object' } });
  const expansion = declarations.objects['expansion']?.properties['controlledBy'];
  expect(expansion).toMatchObject({ type: 'string', values: ['attacker', 'collaborator', 'operator', 'trusted', 'unknown'] });
});

test('one schema in several places is one type', () => {
  const uses = (kind: string) => declarations.objects[kind]?.properties['uses'];
  expect(uses('step')).toEqual(uses('job'));
});

test('every property is described', () => {
  for (const object of Object.values(declarations.objects)) {
    for (const [key, property] of Object.entries(object.properties)) {
      expect(property.description, `${object.name}.${key}`).not.toBe('');
    }
  }
});
