import type { SourceRange } from '../../core/index.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentOf, isTrue, itemsOf, pairAt, textOf } from '../common/values.js';
import { givesMachineAway } from '../pipeline/mounts.js';
import type { ContainerValue } from '../schema.js';

/** Folders of the host by the names that steps have for them. */
export function hostVolumes(root: YamlNode): ReadonlyMap<string, string> {
  return new Map(
    itemsOf(get(root, 'volumes')?.value).flatMap((volume) => {
      const path = textOf(get(volume, 'host')?.value, 'path');
      return path === '' ? [] : [[textOf(volume, 'name'), path] as const];
    }),
  );
}

interface Mount {
  readonly text: string;
  readonly node: YamlNode;
}

/** Mounts as `host:container`, those of named volumes looked up. */
function mountsOf(node: YamlNode, volumes: ReadonlyMap<string, string>): Mount[] {
  return itemsOf(get(node, 'volumes')?.value).flatMap((volume): Mount[] => {
    if (volume.kind === 'scalar') return [{ text: volume.text, node: volume }];
    const host = volumes.get(textOf(volume, 'name'));
    return host === undefined ? [] : [{ text: `${host}:${textOf(volume, 'path')}`, node: volume }];
  });
}

/** What a step or service says of its container. */
export function containerOf(node: YamlNode, volumes: ReadonlyMap<string, string>): Partial<ContainerValue> {
  return { privileged: isTrue(get(node, 'privileged')?.value), volumes: mountsOf(node, volumes).map(({ text }) => text) };
}

/** Where a container is given the machine, if it is. */
export function riskOf(node: YamlNode, volumes: ReadonlyMap<string, string>): SourceRange | undefined {
  if (isTrue(get(node, 'privileged')?.value)) return pairAt(node, 'privileged');
  const mount = mountsOf(node, volumes).find(({ text }) => givesMachineAway(text));
  return mount === undefined ? undefined : contentOf(mount.node);
}
