import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentOf, entriesOf } from '../common/values.js';
import type { UsesValue } from '../schema.js';
import type { ReferenceSource } from '../pipeline/index.js';

/** Publishers that are the platform itself. */
const OWN = new Set(['circleci', 'circleci-public']);

/**
 * Orbs that a file takes from the registry. A published version of three numbers can not be changed; one or two numbers
 * stand for the newest below them, `volatile` for the newest at all, and versions of development can be published again.
 * https://circleci.com/docs/orbs/use/orb-concepts/#semantic-versioning
 */
export function orbReferences(root: YamlNode, depth = 0): ReferenceSource[] {
  return [...entriesOf(get(root, 'orbs')?.value)].flatMap(({ value }): ReferenceSource[] => {
    // Orbs may be written in the file, with orbs of their own.
    if (value.kind === 'mapping') return depth < 3 ? orbReferences(value, depth + 1) : [];
    return value.kind === 'scalar' ? [orbReference(value)] : [];
  });
}

function orbReference(scalar: YamlScalar): ReferenceSource {
  const uses = parseOrb(scalar.text);
  const at = scalar.text.lastIndexOf('@');
  return {
    value: uses,
    where: 'include',
    whole: contentOf(scalar),
    trusted: OWN.has(uses.owner),
    places: { name: scalar.sourceRange({ start: 0, end: at < 0 ? scalar.text.length : at }), ...(at >= 0 && { ref: scalar.sourceRange({ start: at + 1, end: scalar.text.length }) }) },
  };
}

function parseOrb(text: string): UsesValue {
  const at = text.lastIndexOf('@');
  const name = (at < 0 ? text : text.slice(0, at)).trim().toLowerCase();
  const ref = at < 0 ? '' : text.slice(at + 1).trim();
  const slash = name.indexOf('/');
  return { text: text.trim(), kind: 'orb', name, owner: slash < 0 ? '' : name.slice(0, slash), repository: name.slice(slash + 1), path: '', ref, pin: pinOf(ref), comment: '' };
}

function pinOf(ref: string): UsesValue['pin'] {
  if (ref === '') return 'none';
  if (ref.includes('<<')) return '';
  if (/^\d+\.\d+\.\d+$/.test(ref)) return 'digest';
  return /^\d+(?:\.\d+)?$/.test(ref) ? 'tag' : 'branch';
}

/** The orb of a step or job `name/command`; undefined for what the file itself defines. */
export function orbOf(called: string, root: YamlNode): UsesValue | undefined {
  const slash = called.indexOf('/');
  if (slash <= 0) return undefined;
  const orb = get(get(root, 'orbs')?.value, called.slice(0, slash))?.value;
  return orb?.kind === 'scalar' ? { ...parseOrb(orb.text), path: called.slice(slash + 1) } : undefined;
}
