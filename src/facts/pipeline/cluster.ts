import type { YamlNode } from '../../syntax/yaml-node.js';
import type { PipelineFiles } from './files.js';
import type { TriggerSource } from './source.js';

/** Started by an event that a source or listener of the cluster gets. */
export const EVENT: TriggerSource = { event: 'webhook', by: 'attacker', privileged: true };

/**
 * An index over the objects of an API group, made once for the files of a repository.
 * Asked with the documents of the file that is read: they stand for the repository when no file of it is known.
 *
 * @param group part of the `apiVersion` that tells its files, such as `tekton.dev`
 */
export function objectIndex<T>(group: string, build: (documents: readonly YamlNode[]) => T): (files: PipelineFiles, own: readonly YamlNode[]) => T {
  const indexes = new WeakMap<PipelineFiles, { readonly index: T }>();
  return (files, own) => {
    const linked = files.paths.filter((path) => files.text(path)?.includes(group) === true);
    if (linked.length === 0) return build(own);
    let known = indexes.get(files);
    if (known === undefined) {
      known = { index: build(linked.flatMap((path) => [...files.documents(path)])) };
      indexes.set(files, known);
    }
    return known.index;
  };
}
