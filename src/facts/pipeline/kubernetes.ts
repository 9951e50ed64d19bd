import type { SourceRange } from '../../core/index.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentOf, isFalse, isTrue, itemsOf, pairAt, scalarOf, textOf, textsOf } from '../common/values.js';
import type { ContainerValue } from '../schema.js';
import { givesMachineAway } from './mounts.js';
import type { VariableSource } from './source.js';

/*
 * Containers as Kubernetes describes them, of which Tekton and Argo make pods.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */

/** `env` and `envFrom` of a container. */
export function environmentOf(container: YamlNode | undefined): VariableSource[] {
  return [
    ...itemsOf(get(container, 'env')?.value).flatMap((item): VariableSource[] => {
      const name = scalarOf(item, 'name');
      const value = scalarOf(item, 'value');
      if (name === undefined) return [];
      const secret = get(get(item, 'valueFrom')?.value, 'secretKeyRef');
      if (secret !== undefined) return [{ name: name.text, secret: true, range: contentOf(name) }];
      return value === undefined ? [] : [{ name: name.text, value, expands: true }];
    }),
    ...itemsOf(get(container, 'envFrom')?.value).flatMap((item): VariableSource[] => {
      const secret = scalarOf(get(item, 'secretRef')?.value, 'name');
      return secret === undefined ? [] : [{ name: secret.text, secret: true, range: contentOf(secret) }];
    }),
  ];
}

/** Folders of the node by the name of their volume. */
export function hostPaths(...owners: readonly (YamlNode | undefined)[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const owner of owners) {
    for (const volume of itemsOf(get(owner, 'volumes')?.value)) {
      const path = textOf(get(volume, 'hostPath')?.value, 'path');
      if (path !== '') paths.set(textOf(volume, 'name'), path);
    }
  }
  return paths;
}

/** Where a pod's settings stand that matter for its containers. */
export interface PodSettings {
  readonly volumes: ReadonlyMap<string, string>;
  /** Security contexts that hold where the container says nothing, nearest first. */
  readonly security: readonly (YamlNode | undefined)[];
}

/** What a container says of its rights. `root` is told where it runs as root by what is written, or where `strict` and nothing is written against it. */
export function containerSettings(container: YamlNode | undefined, pod: PodSettings, strict: boolean): Partial<ContainerValue> {
  const security = get(container, 'securityContext')?.value;
  const added = textsOf(get(get(security, 'capabilities')?.value, 'add')?.value);
  return {
    privileged: isTrue(get(security, 'privileged')?.value),
    options: added.map((name) => `--cap-add=${name}`).join(' '),
    volumes: mountsOf(container, pod.volumes).map(({ text }) => text),
    root: runsAsRoot([security, ...pod.security], strict),
  };
}

function runsAsRoot(contexts: readonly (YamlNode | undefined)[], strict: boolean): boolean {
  for (const context of contexts) {
    const user = textOf(context, 'runAsUser');
    if (user !== '') return user === '0';
    const flag = get(context, 'runAsNonRoot')?.value;
    if (flag !== undefined) return isFalse(flag);
  }
  return strict;
}

function mountsOf(container: YamlNode | undefined, volumes: ReadonlyMap<string, string>): { readonly text: string; readonly node: YamlNode }[] {
  return itemsOf(get(container, 'volumeMounts')?.value).flatMap((mount) => {
    const path = volumes.get(textOf(mount, 'name'));
    return path === undefined ? [] : [{ text: `${path}:${textOf(mount, 'mountPath')}`, node: mount }];
  });
}

/** Where a container is given the machine that it runs on, if it is. */
export function riskOf(container: YamlNode | undefined, pod: PodSettings): SourceRange | undefined {
  const security = get(container, 'securityContext')?.value;
  if (isTrue(get(security, 'privileged')?.value)) return pairAt(security, 'privileged');
  if (/\b(?:ALL|SYS_ADMIN)\b/.test(textsOf(get(get(security, 'capabilities')?.value, 'add')?.value).join(' '))) return pairAt(get(security, 'capabilities')?.value, 'add');
  const mount = mountsOf(container, pod.volumes).find(({ text }) => givesMachineAway(text));
  return mount === undefined ? undefined : contentOf(scalarOf(mount.node, 'name') ?? mount.node);
}

/** Templates of a chart are no YAML until they are rendered; what Argo, Tekton and Pipelines as Code write in braces is. */
export function isChartTemplate(text: string): boolean {
  return /\{\{-?[ \t]{0,10}(?:\.|\$|\/\*|(?:if|range|with|include|define|end|else|template|tpl|toYaml|block)\b)|-\}\}/.test(text);
}
