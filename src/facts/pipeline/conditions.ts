import { state } from '../common/context.js';
import { emptyValue } from '../empty.js';
import type { ConditionValue, FactValue } from '../schema.js';
import type { TextPlace } from './texts.js';

/** A condition of which the reader gives what it knows; `text` makes it present. */
export function readCondition(source: Partial<ConditionValue> | undefined): ConditionValue {
  const empty = emptyValue('step').condition;
  return source === undefined ? empty : { ...empty, present: source.text !== undefined && source.text !== '', ...source };
}

/** States the `condition` fact of a job or step that has one. */
export function stateCondition(source: Partial<ConditionValue> | undefined, condition: ConditionValue, where: FactValue<'condition'>['where'], place: TextPlace): void {
  if (source === undefined || !condition.present) return;
  const parent = place.parents[where];
  if (parent !== undefined) state(place.context, 'condition', { ...emptyValue('condition'), ...condition, where }, parent.locate('condition'), {}, place.parents);
}
