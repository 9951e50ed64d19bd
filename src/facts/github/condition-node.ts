import type { YamlNode } from '../../syntax/yaml-node.js';
import type { ConditionValue, TriggerValue } from '../schema.js';
import { NO_CONDITION, readCondition } from './conditions.js';
import { scalarOf } from './tree.js';

/** Reads the node of an `if:`; a place without one always runs. */
export function conditionOf(node: YamlNode | undefined, triggers: readonly TriggerValue[]): ConditionValue {
  const scalar = scalarOf(node);
  return scalar === undefined ? NO_CONDITION : readCondition(scalar.text, { events: triggers });
}
