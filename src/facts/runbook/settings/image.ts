import { emptyValue, type UsesValue } from '../fact-types.js';

/** The parts of an image's name. https://pkg.go.dev/github.com/distribution/reference */
export function imageOf(text: string): UsesValue {
  const empty = emptyValue('resource').image;
  const written = text.trim();
  if (written === '') return empty;
  const at = written.indexOf('@');
  const digest = at === -1 ? '' : written.slice(at + 1);
  const rest = at === -1 ? written : written.slice(0, at);
  const slash = rest.lastIndexOf('/');
  const colon = rest.indexOf(':', slash + 1);
  const name = (colon === -1 ? rest : rest.slice(0, colon)).toLowerCase();
  const tag = colon === -1 ? '' : rest.slice(colon + 1);
  const last = name.lastIndexOf('/');
  return {
    ...empty,
    text: written,
    kind: 'image',
    name,
    owner: last === -1 ? '' : name.slice(0, last),
    repository: name.slice(last + 1),
    ref: digest || tag,
    pin: digest !== '' ? 'digest' : tag === '' || tag === 'latest' ? 'none' : 'tag',
  };
}
