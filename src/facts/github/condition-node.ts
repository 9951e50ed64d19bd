import type { YamlNode } from '../../syntax/yaml-node.js';
import type { ConditionValue, TriggerValue } from '../schema.js';
import { type ConditionScope, NO_CONDITION, readCondition } from './conditions.js';
import { scalarOf } from './tree.js';

/** Reads the node of an `if:`; a place without one always runs. */
export function conditionOf(node: YamlNode | undefined, triggers: readonly TriggerValue[], authorizes?: ConditionScope['authorizes']): ConditionValue {
  const scalar = scalarOf(node);
  if (scalar === undefined) return NO_CONDITION;
  return readCondition(scalar.text, authorizes === undefined ? { events: triggers } : { events: triggers, authorizes });
}
