import type { SourceRange } from '../../core/index.js';
import { matcher, patternProblem } from '../../syntax/name-pattern.js';
import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentOf, entriesOf, itemsOf, scalarOf, scalarsOf, textOf } from '../common/values.js';
import { pinOfRef, type PipelineFiles, type ReferenceSource } from '../pipeline/index.js';

/** One entry of `include:`. https://docs.gitlab.com/ci/yaml/#include */
export interface Include {
  readonly kind: 'local' | 'project' | 'remote' | 'template' | 'component' | 'other';
  readonly text: YamlScalar;
  readonly node: YamlNode;
}

/** The includes of a file or of a `trigger`. */
export function includesOf(root: YamlNode | undefined): Include[] {
  return itemsOf(get(root, 'include')?.value).flatMap((node): Include[] => {
    if (node.kind === 'scalar') return [{ kind: /^https?:\/\//.test(node.text) ? 'remote' : 'local', text: node, node }];
    for (const kind of ['local', 'project', 'remote', 'template', 'component'] as const) {
      const text = scalarOf(node, kind);
      if (text !== undefined) return [{ kind, text, node }];
    }
    return [];
  });
}

/** The `reference` of an include, with how exactly its version is fixed. */
export function referenceOf(include: Include): ReferenceSource[] {
  const { kind, text, node } = include;
  const written = text.text.trim();
  const whole = contentOf(text);
  const part = (start: number, end: number): SourceRange => text.sourceRange({ start, end });
  switch (kind) {
    case 'local':
      return [{ value: { text: written, kind: 'local', name: written.toLowerCase(), path: written }, where: 'include', whole }];
    case 'template':
      return [{ value: { text: written, kind: 'template', name: written.toLowerCase(), owner: 'gitlab' }, where: 'include', whole, trusted: true }];
    case 'remote': {
      const pinned = textOf(node, 'integrity') !== '' || /[/=@][\da-f]{40}(?:[/?&]|$)/i.test(written);
      const host = /^https?:\/\/([^/]{1,253})/i.exec(written)?.[1]?.toLowerCase() ?? '';
      return [{ value: { text: written, kind: 'include', name: written.replace(/^https?:\/\//i, '').toLowerCase(), owner: host, pin: written.includes('$') ? '' : pinned ? 'digest' : 'none' }, where: 'include', whole }];
    }
    case 'project': {
      const ref = scalarOf(node, 'ref');
      const slash = written.lastIndexOf('/');
      const version = ref?.text ?? '';
      return [
        {
          value: { text: version === '' ? written : `${written}@${version}`, kind: 'include', name: written.toLowerCase(), owner: written.slice(0, Math.max(0, slash)).toLowerCase(), repository: written.slice(slash + 1).toLowerCase(), path: scalarsOf(get(node, 'file')?.value)[0]?.text ?? '', ref: version, pin: version.includes('$') ? '' : pinOfRef(version) },
          where: 'include',
          whole,
          places: { name: whole, ref: ref === undefined ? undefined : contentOf(ref) },
        },
      ];
    }
    case 'component': {
      const at = written.lastIndexOf('@');
      const lead = text.text.indexOf(written);
      const slug = at < 0 ? written : written.slice(0, at);
      const version = at < 0 ? '' : written.slice(at + 1);
      // The host is a variable of the platform as a rule; behind it stand groups, project and component.
      const path = slug.replace(/^(?:\$\{?\w{1,100}\}?|[\w.-]{1,253}\.[a-z]{2,20}(?::\d{1,5})?)\//i, '');
      const own = /^\$\{?CI_PROJECT_(?:PATH|NAMESPACE)/.test(path) || version.includes('$');
      const parts = path.split('/');
      return [
        {
          value: { text: written, kind: 'include', name: path.toLowerCase(), owner: parts.slice(0, -2).join('/').toLowerCase(), repository: (parts.at(-2) ?? '').toLowerCase(), path: parts.at(-1) ?? '', ref: version, pin: own ? '' : componentPin(version) },
          where: 'include',
          whole,
          places: at < 0 ? { name: whole } : { name: part(lead, lead + at), ref: part(lead + at + 1, lead + written.length) },
        },
      ];
    }
    default:
      return [];
  }
}

/** A component's version: a commit, a release, a part of a release's number, or `~latest`. */
function componentPin(version: string): 'digest' | 'tag' | 'branch' | 'none' {
  if (version === '~latest') return 'branch';
  const pin = pinOfRef(version);
  return pin === '' ? 'none' : pin;
}

/** What the files of the repository include of each other. */
export interface IncludeGraph {
  /** Files that a file takes part with: the pipelines that include it, and all that these include, itself included; those in front win. */
  members(path: string): readonly string[];
  /** Includes of a file by others of the repository. */
  includers(path: string): readonly { readonly path: string; readonly include: Include }[];
}

const MAX_MEMBERS = 100;
/** Includes of one file that are followed, and comparisons of patterns with paths in all; people write far fewer. */
const MAX_INCLUDES = 200;
const MAX_COMPARISONS = 2_000_000;
const graphs = new WeakMap<PipelineFiles, IncludeGraph>();

/** The graph of a repository, made once. */
export function includeGraph(files: PipelineFiles): IncludeGraph {
  const known = graphs.get(files);
  if (known !== undefined) return known;
  const made = createGraph(files);
  graphs.set(files, made);
  return made;
}

function createGraph(files: PipelineFiles): IncludeGraph {
  const down = new Map<string, string[]>();
  const up = new Map<string, { path: string; include: Include }[]>();
  const linked = files.paths.filter((path) => /\.ya?ml$/i.test(path));
  const known = new Set(linked);
  let comparisons = 0;
  for (const path of linked) {
    if (files.text(path)?.includes('include') !== true) continue;
    for (const document of files.documents(path)) {
      for (const include of includesOf(document).slice(0, MAX_INCLUDES)) {
        if (include.kind !== 'local') continue;
        const pattern = include.text.text.includes('*');
        if (pattern) comparisons += linked.length;
        if (pattern && comparisons > MAX_COMPARISONS) continue;
        for (const target of targets(include.text.text, path, linked, known)) {
          if (target === path) continue;
          (down.get(path) ?? down.set(path, []).get(path))?.push(target);
          (up.get(target) ?? up.set(target, []).get(target))?.push({ path, include });
        }
      }
    }
  }
  const reach = (start: string, next: (path: string) => readonly string[]): string[] => {
    const seen = new Set([start]);
    for (const path of seen) for (const other of next(path)) if (seen.size < MAX_MEMBERS) seen.add(other);
    return [...seen];
  };
  return {
    members: (path) => {
      const above = reach(path, (one) => (up.get(one) ?? []).map((caller) => caller.path));
      const all = new Set<string>();
      for (const one of above.toReversed()) for (const member of reach(one, (at) => down.get(at) ?? [])) if (all.size < MAX_MEMBERS) all.add(member);
      return [...all];
    },
    includers: (path) => up.get(path) ?? [],
  };
}

/** Files that a local include means: from the root of the repository, which is that of the including pipeline or of the workspace. */
function targets(text: string, caller: string, paths: readonly string[], known: ReadonlySet<string>): string[] {
  const wanted = text.trim().replace(/^\.?\//, '');
  if (wanted === '' || wanted.includes('$')) return [];
  const folder = caller.includes('/') ? caller.slice(0, caller.lastIndexOf('/') + 1) : '';
  if (!wanted.includes('*')) return [wanted, `${folder}${wanted}`].filter((path, index, all) => all.indexOf(path) === index && known.has(path));
  if (patternProblem(wanted) !== undefined) return [];
  const matches = matcher(wanted);
  return paths.filter((path) => matches(path)).slice(0, MAX_MEMBERS);
}

/** Texts that includers of the repository hand to an input. */
export function handedInputs(graph: IncludeGraph, path: string): Map<string, string[]> {
  const handed = new Map<string, string[]>();
  for (const { include } of graph.includers(path)) {
    for (const { name, value } of entriesOf(get(include.node, 'inputs')?.value)) {
      if (value.kind === 'scalar') (handed.get(name) ?? handed.set(name, []).get(name))?.push(value.text);
    }
  }
  return handed;
}
