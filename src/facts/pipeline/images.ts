import type { SourceRange } from '../../core/index.js';
import type { LocatedText } from '../../syntax/located-text.js';
import { mask } from '../../syntax/shell/index.js';
import type { Places } from '../common/context.js';
import { parseImage } from '../github/uses.js';
import type { UsesValue } from '../schema.js';
import { referencesOf, type PipelineScope } from './scope.js';

/**
 * The name, tag and digest of an image. What a variable or template chooses counts as not told: `pin` is empty
 * where the version, or the whole name, is one.
 */
export function readImage(text: LocatedText, scope: PipelineScope): { readonly value: UsesValue; readonly places: Places } {
  const uses = referencesOf(text.text, scope);
  // Templates may hold colons and slashes of their own.
  const { value, parts } = parseImage(mask(text.text, uses.map(({ range }) => range)));
  const cut = (part: SourceRange | undefined): string => (part === undefined ? '' : text.text.slice(part.start, part.end));
  const within = (part: SourceRange | undefined): boolean => part !== undefined && uses.some(({ range }) => range.start < part.end && part.start < range.end);
  const { name, owner, repository, ref } = parts;
  const open = value.pin === 'digest' ? false : ref === undefined ? within(name) : within(ref);
  const places: Record<string, SourceRange> = {};
  for (const [part, range] of Object.entries(parts)) if (range !== undefined) places[part] = text.sourceRange(range);
  return {
    value: { ...value, text: text.text.trim(), name: cut(name).toLowerCase(), owner: cut(owner).toLowerCase(), repository: cut(repository).toLowerCase(), ref: cut(ref), pin: open ? '' : value.pin },
    places,
  };
}
