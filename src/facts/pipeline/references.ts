import { state } from '../common/context.js';
import { knowledgeOf } from '../github/reference-knowledge.js';
import { emptyValue } from '../empty.js';
import type { ContainerValue, UsesValue } from '../schema.js';
import { readImage } from './images.js';
import { originOfText, plainTextOf, referencesOf } from './scope.js';
import type { ImageSource, ReferenceSource } from './source.js';
import { stateText, type TextPlace } from './texts.js';

/** A reference of which the reader gives what it knows. */
export function usesValue(value: Partial<UsesValue>): UsesValue {
  return { ...emptyValue('step').uses, ...value };
}

/** States one `reference`. */
export function stateReference(source: ReferenceSource, place: TextPlace): void {
  const uses = usesValue(source.value);
  state(
    place.context,
    'reference',
    { ...emptyValue('reference'), ...uses, ...knowledgeOf(uses), where: source.where, trusted: source.trusted ?? false, controlledBy: source.controlledBy ?? 'trusted' },
    source.whole,
    source.places,
    place.parents,
  );
}

/** States the `reference` of an image, and what its templates and variables choose; answers with the container. */
export function stateImage(source: ImageSource, place: TextPlace): ContainerValue {
  const empty = emptyValue('job').container;
  if (source.text.text.trim() === '') return { ...empty, ...source.container };
  // `image: $IMAGE` is what the file says of the variable.
  const named = plainTextOf(source.text.text, place.scope);
  if (named !== undefined) return stateImage({ ...source, text: named }, place);
  const { value, places } = readImage(source.text, place.scope);
  const open = referencesOf(source.text.text, place.scope).length > 0;
  stateText({ name: 'image', text: source.text, sink: 'image', handover: 'image' }, place);
  const whole = source.text.sourceRange({ start: 0, end: source.text.text.length });
  stateReference({ value, where: source.where, whole, places, trusted: source.trusted ?? false, controlledBy: open ? originOfText(source.text.text, place.scope).controlledBy : 'trusted' }, place);
  const literal = source.password !== undefined && source.password.text.trim() !== '' && referencesOf(source.password.text, place.scope).length === 0;
  if (source.password !== undefined && literal) state(place.context, 'literal-secret', { ...emptyValue('literal-secret'), name: 'password', detector: 'container-password', where: source.where === 'service' ? 'service' : 'container' }, source.password.sourceRange({ start: 0, end: source.password.text.length }), {}, place.parents);
  return { ...empty, image: value, literalPassword: literal, ...source.container };
}
