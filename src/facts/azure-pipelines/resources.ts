import type { SourceRange } from '../../core/index.js';
import { contentOf } from '../common/values.js';
import type { ImageSource, ReferenceSource } from '../pipeline/index.js';
import { pinOfRef } from '../pipeline/index.js';
import type { ContainerValue } from '../schema.js';
import { type Entry, entriesOf, find, isTrueIn, itemsOf, scalarIn, textIn, textsOf } from './tree.js';

/** Another repository that a pipeline takes templates or code from. */
export interface RepositoryResource {
  readonly alias: string;
  /** `project/repository` or `owner/repository`, as written. */
  readonly name: string;
  readonly ref: string;
  readonly nameRange: SourceRange;
  readonly refRange: SourceRange | undefined;
  /** Declared by a file that uses this one. */
  readonly elsewhere?: boolean;
}

/** What `resources:` declares, by alias in lower case. */
export interface Resources {
  readonly repositories: ReadonlyMap<string, RepositoryResource>;
  /** Undefined where another file declares it. */
  readonly containers: ReadonlyMap<string, ImageSource | undefined>;
}

/** https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/resources */
export function readResources(entry: Entry | undefined): Resources {
  const repositories = new Map<string, RepositoryResource>();
  const containers = new Map<string, ImageSource>();
  const resources = entriesOf(entry?.value);
  for (const { value } of itemsOf(find(resources, 'repositories')?.value)) {
    const entries = entriesOf(value);
    const alias = textIn(entries, 'repository');
    const name = scalarIn(entries, 'name');
    if (alias === '' || name === undefined) continue;
    const ref = scalarIn(entries, 'ref');
    repositories.set(alias.toLowerCase(), { alias, name: name.text.trim(), ref: ref?.text.trim() ?? '', nameRange: contentOf(name), refRange: ref === undefined ? undefined : contentOf(ref) });
  }
  for (const { value } of itemsOf(find(resources, 'containers')?.value)) {
    const entries = entriesOf(value);
    const alias = textIn(entries, 'container');
    const image = readContainer(value.kind === 'mapping' ? entries : [], 'container');
    if (alias !== '' && image !== undefined) containers.set(alias.toLowerCase(), image);
  }
  return { repositories, containers };
}

/** An image with its options, as containers of resources and of jobs write it. */
export function readContainer(entries: readonly Entry[], where: ImageSource['where']): ImageSource | undefined {
  const text = scalarIn(entries, 'image');
  if (text === undefined) return undefined;
  const options = textIn(entries, 'options');
  const container: Partial<ContainerValue> = {
    options,
    privileged: /(?:^|\s)--privileged(?:$|\s|=true)/.test(options),
    volumes: [...textsOf(find(entries, 'volumes')?.value), ...(isTrueIn(entries, 'mapDockerSocket') ? ['/var/run/docker.sock:/var/run/docker.sock'] : [])],
  };
  return { text, where, container };
}

/** What a `template:` of another repository refers to: the place of its ref is where the repository is declared. */
export function templateReference(resource: RepositoryResource, path: string): ReferenceSource {
  const { name, ref } = resource;
  const slash = name.indexOf('/');
  const short = ref.replace(/^refs\/(?:heads|tags)\//, '');
  // Without `ref` it is the default branch; commits can not be named here.
  const pin = ref === '' ? 'none' : ref.startsWith('refs/tags/') ? 'tag' : ref.startsWith('refs/heads/') ? 'branch' : pinOfRef(short);
  return {
    value: {
      text: ref === '' ? name : `${name}@${ref}`,
      kind: 'template',
      name: name.toLowerCase(),
      owner: slash < 0 ? '' : name.slice(0, slash).toLowerCase(),
      repository: name.slice(slash + 1).toLowerCase(),
      path,
      ref,
      pin: ref.includes('${{') ? '' : pin,
    },
    where: 'include',
    whole: resource.refRange ?? resource.nameRange,
    places: { name: resource.nameRange, ref: resource.refRange ?? resource.nameRange },
  };
}
