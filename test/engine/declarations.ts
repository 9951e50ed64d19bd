import type { DeclaredProperty, FactDeclarations } from '../../src/core/index.js';

const text: DeclaredProperty = { type: 'string', description: 'text' };
const texts: DeclaredProperty = { type: 'list', item: { type: 'string' }, description: 'texts' };
const flag: DeclaredProperty = { type: 'bool', description: 'flag' };

/** A small world of facts, so that the engine's tests do not depend on the product's. */
export const declarations: FactDeclarations = {
  kinds: ['job', 'step', 'secret-use'],
  objects: {
    job: {
      name: 'job',
      description: '',
      properties: {
        id: text,
        minutes: { type: 'int', description: 'time limit' },
        triggers: { type: 'list', item: { type: 'object', name: 'job.triggers' }, description: 'triggers' },
        level: { type: 'string', values: ['critical', 'high', 'low'], description: 'level' },
        reach: { type: 'object', name: 'job.reach', description: 'reach' },
      },
    },
    'job.triggers': { name: 'job.triggers', description: '', properties: { event: text, privileged: flag } },
    'job.reach': { name: 'job.reach', description: '', properties: { reasons: texts } },
    step: {
      name: 'step',
      description: '',
      properties: { run: text, words: texts, inputs: { type: 'map', value: { type: 'object', name: 'step.inputs' }, description: 'inputs' } },
    },
    'step.inputs': {
      name: 'step.inputs',
      description: '',
      properties: { text, by: { type: 'string', values: ['attacker', 'unknown'], description: 'by' } },
    },
    'secret-use': { name: 'secret-use', description: '', properties: { name: text } },
  },
  empty: {
    job: { id: '', minutes: -1, triggers: [], level: 'low', reach: { reasons: [] } },
    step: { run: '', words: [], inputs: {} },
    'secret-use': { name: '' },
  },
};
