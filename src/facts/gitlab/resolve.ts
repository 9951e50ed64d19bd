import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { entriesOf, isFalse, itemsOf, textsOf } from '../common/values.js';

/*
 * How GitLab puts a job together: its own keys over those of what it extends, over the defaults. Nothing is copied:
 * every value is a node of the file that it stands in.
 */

/** A value with the file that it stands in. */
export interface Located {
  readonly node: YamlNode;
  readonly path: string;
}

/** A top-level entry of a configuration. */
export interface Entry extends Located {
  readonly name: string;
  readonly key: YamlScalar;
}

/** A file of a configuration and its mapping of jobs. */
export interface Part {
  readonly path: string;
  readonly root: YamlNode;
}

/** All files of a configuration; those in front win. */
export interface Configuration {
  readonly parts: readonly Part[];
  /** The entry of a name in a file, or in the first file that has one. */
  find(name: string, path: string): Located | undefined;
}

/** Keys at the top that are no jobs. https://docs.gitlab.com/ci/yaml/ */
const KEYWORDS = new Set(['default', 'include', 'stages', 'types', 'variables', 'workflow', 'image', 'services', 'cache', 'before_script', 'after_script', 'spec', 'types']);
/** What a mapping has that is a job or a part of one. */
const JOB_KEYS = new Set(['script', 'before_script', 'after_script', 'trigger', 'extends', 'image', 'services', 'variables', 'rules', 'only', 'except', 'stage', 'run', 'artifacts', 'environment', 'release', 'needs', 'tags', 'secrets', 'id_tokens', 'cache']);

/** Puts files together. */
export function configurationOf(parts: readonly Part[]): Configuration {
  return {
    parts,
    find: (name, path) => {
      const ordered = [...parts.filter((part) => part.path === path), ...parts.filter((part) => part.path !== path)];
      for (const part of ordered) {
        const pair = get(part.root, name);
        if (pair !== undefined) return { node: pair.value, path: part.path };
      }
      return undefined;
    },
  };
}

/** Jobs and hidden jobs of a file. */
export function entriesOfFile({ path, root }: Part): Entry[] {
  const found: Entry[] = [];
  for (const { name, key, value } of entriesOf(root)) {
    if (KEYWORDS.has(name) || value.kind !== 'mapping') continue;
    if (value.pairs.some((pair) => pair.key.kind === 'scalar' && JOB_KEYS.has(pair.key.text))) found.push({ name, key, node: value, path });
  }
  return found;
}

const MAX_DEPTH = 11;
const MAX_LAYERS = 60;

/** What a job is made of, what wins first: itself, what it extends, and the defaults. */
export function layersOf(entry: Located, configuration: Configuration): Located[] {
  const layers: Located[] = [];
  const seen = new Set<YamlNode>();
  const add = (one: Located, depth: number): void => {
    if (depth > MAX_DEPTH || layers.length >= MAX_LAYERS || seen.has(one.node)) return;
    seen.add(one.node);
    layers.push(one);
    // Of several, the last one wins.
    for (const name of textsOf(get(one.node, 'extends')?.value).toReversed()) {
      const base = configuration.find(name, one.path);
      if (base !== undefined) add(base, depth + 1);
    }
  };
  add(entry, 0);
  return layers;
}

/** Names of all that an entry extends, directly or not. */
export function extendedNodes(entry: Located, configuration: Configuration): YamlNode[] {
  return layersOf(entry, configuration).slice(1).map(({ node }) => node);
}

/** The value of a keyword: the first layer that has it, or the default where the job takes defaults. */
export function valueOf(layers: readonly Located[], keyword: string, configuration: Configuration): Located | undefined {
  for (const { node, path } of layers) {
    const pair = get(node, keyword);
    if (pair !== undefined) return follow({ node: pair.value, path }, configuration);
  }
  return DEFAULTS.has(keyword) && takesDefault(layers, keyword) ? defaultOf(keyword, configuration) : undefined;
}

/** All layers' values of a keyword that are merged key by key, what wins first. */
export function mergedOf(layers: readonly Located[], keyword: string, configuration: Configuration): Located[] {
  const found: Located[] = [];
  for (const { node, path } of layers) {
    const pair = get(node, keyword);
    if (pair !== undefined) found.push(follow({ node: pair.value, path }, configuration));
  }
  return found;
}

const DEFAULTS = new Set(['after_script', 'artifacts', 'before_script', 'cache', 'hooks', 'id_tokens', 'image', 'interruptible', 'retry', 'services', 'tags', 'timeout', 'identity']);

function takesDefault(layers: readonly Located[], keyword: string): boolean {
  for (const { node } of layers) {
    const inherit = get(get(node, 'inherit')?.value, 'default')?.value;
    if (inherit === undefined) continue;
    return inherit.kind === 'sequence' ? textsOf(inherit).includes(keyword) : !isFalse(inherit);
  }
  return true;
}

/** A default, under `default` or at the top as it was written before. */
export function defaultOf(keyword: string, { parts }: Configuration): Located | undefined {
  for (const { root, path } of parts) {
    const pair = get(get(root, 'default')?.value, keyword) ?? (KEYWORDS.has(keyword) ? get(root, keyword) : undefined);
    if (pair !== undefined) return { node: pair.value, path };
  }
  return undefined;
}

/** Follows `!reference [job, keyword, …]`. */
function follow(one: Located, configuration: Configuration, depth = 0): Located {
  if (one.node.tag !== '!reference' || one.node.kind !== 'sequence' || depth > MAX_DEPTH) return one;
  const names = textsOf(one.node);
  const [first = '', ...rest] = names;
  let at = configuration.find(first, one.path);
  for (const name of rest) {
    const pair = get(at?.node, name);
    if (pair === undefined || at === undefined) return one;
    at = { node: pair.value, path: at.path };
  }
  return at === undefined ? one : follow(at, configuration, depth + 1);
}

const MAX_COMMANDS = 20_000;

/** The commands of a script: scalars of lists in lists, references followed. */
export function commandsOf(script: Located | undefined, configuration: Configuration): { readonly scalar: YamlScalar; readonly path: string }[] {
  const found: { scalar: YamlScalar; path: string }[] = [];
  const visit = (one: Located, depth: number): void => {
    if (depth > MAX_DEPTH || found.length >= MAX_COMMANDS) return;
    const { node, path } = follow(one, configuration);
    if (node.kind === 'scalar') {
      if (node.value !== null) found.push({ scalar: node, path });
    } else if (node.kind === 'sequence' && node.tag !== '!reference') {
      for (const item of itemsOf(node)) visit({ node: item, path }, depth + 1);
    }
  };
  if (script !== undefined) visit(script, 0);
  return found;
}
