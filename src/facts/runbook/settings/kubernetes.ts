import type { SourceRange } from '../../../core/index.js';
import type { YamlNode } from '../../../syntax/yaml-node.js';
import { get } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type ReadContext, state } from '../../common/context.js';
import { contentAt, contentOf, entriesOf, isFalse, isTrue, itemsOf, scalarOf, textOf, textsOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';
import { imageOf } from './image.js';
import { configuresRunbooks, isRunbookImage } from './service.js';
import { stateVariable, type Variable } from './variable.js';

/**
 * States a `resource` for each container of a workload, and the variables of services that run runbooks.
 * All other objects are the business of scanners of infrastructure. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
 */
export function readKubernetes(context: ReadContext): void {
  const { text } = context.document;
  // Charts' templates are no YAML until they are rendered.
  if (/\{\{-?[ \t]/.test(text)) return;
  for (const root of readYamlDocuments(context)) readObject(root, context);
}

function readObject(root: YamlNode, context: ReadContext): void {
  const kind = textOf(root, 'kind');
  const name = textOf(get(root, 'metadata')?.value, 'name');
  if (kind === 'ConfigMap' || kind === 'Secret') {
    const data = get(root, 'data')?.value ?? get(root, 'stringData')?.value;
    const variables = [...entriesOf(data)].filter(({ value }) => value.kind === 'scalar').map(({ name: key, key: node, value }): Variable => ({ name: key, value: value.kind === 'scalar' ? value.text : '', nameRange: node.range, valueRange: contentOf(value) }));
    if (configuresRunbooks(variables.map((variable) => variable.name))) for (const variable of variables) stateVariable(variable, { scope: name, file: 'kubernetes', application: 'runbook-service' }, {}, context);
    return;
  }
  const spec = get(root, 'spec')?.value;
  const job = get(get(spec, 'jobTemplate')?.value, 'spec')?.value;
  const pod = kind === 'Pod' ? spec : get(get(job ?? spec, 'template')?.value, 'spec')?.value;
  if (pod === undefined) return;
  const replicas = Number(textOf(spec, 'replicas') || '-1');
  for (const list of ['initContainers', 'containers']) {
    for (const container of itemsOf(get(pod, list)?.value)) readContainer(container, pod, kind, name, Number.isInteger(replicas) ? replicas : -1, context);
  }
}

function readContainer(container: YamlNode, pod: YamlNode, kind: string, object: string, replicas: number, context: ReadContext): void {
  const image = scalarOf(container, 'image');
  const security = get(container, 'securityContext')?.value;
  const podSecurity = get(pod, 'securityContext')?.value;
  const capabilities = get(security, 'capabilities')?.value;
  const user = scalarOf(security, 'runAsUser') ?? scalarOf(podSecurity, 'runAsUser');
  const nonRoot = isTrue(get(security, 'runAsNonRoot')?.value) || (get(security, 'runAsNonRoot') === undefined && isTrue(get(podSecurity, 'runAsNonRoot')?.value));
  const hosts = itemsOf(get(pod, 'volumes')?.value).filter((volume) => get(volume, 'hostPath') !== undefined);
  const paths = new Map(hosts.map((volume) => [textOf(volume, 'name'), volume]));
  const mounts = itemsOf(get(container, 'volumeMounts')?.value).filter((mount) => paths.has(textOf(mount, 'name')));
  const pathOf = (mount: YamlNode): string => textOf(get(paths.get(textOf(mount, 'name')), 'hostPath')?.value, 'path');
  const writable = mounts.filter((mount) => !isTrue(get(mount, 'readOnly')?.value));
  const variables = itemsOf(get(container, 'env')?.value).filter((one) => scalarOf(one, 'value') !== undefined);
  const names = itemsOf(get(container, 'env')?.value).map((one) => textOf(one, 'name'));
  const application = isRunbookImage(image?.text ?? '') || configuresRunbooks(names) ? 'runbook-service' : '';
  const places: Record<string, SourceRange | undefined> = {
    image: image === undefined ? undefined : contentOf(image),
    user: user === undefined ? undefined : contentOf(user),
    root: user === undefined ? undefined : contentOf(user),
    privileged: contentAt(security, 'privileged'),
    capAdd: contentAt(capabilities, 'add'),
    hostNamespaces: contentAt(pod, 'hostNetwork') ?? contentAt(pod, 'hostPID') ?? contentAt(pod, 'hostIPC'),
    containerSocket: mounts.find((mount) => /\.sock$/.test(pathOf(mount)))?.range,
  };
  writable.forEach((mount, index) => (places[`hostMounts.${index}`] = mount.range));
  const value: FactValue<'resource'> = {
    ...emptyValue('resource'),
    platform: 'kubernetes',
    kind,
    name: object === '' ? textOf(container, 'name') : `${object}/${textOf(container, 'name')}`,
    image: imageOf(image?.text ?? ''),
    user: user?.text ?? '',
    root: user === undefined ? !nonRoot : user.text === '0',
    privileged: isTrue(get(security, 'privileged')?.value),
    hostNamespaces: [['hostNetwork', 'network'], ['hostPID', 'pid'], ['hostIPC', 'ipc']].filter(([property]) => isTrue(get(pod, property as string)?.value)).map(([, namespace]) => namespace as string),
    capAdd: textsOf(get(capabilities, 'add')?.value),
    capDrop: textsOf(get(capabilities, 'drop')?.value),
    unconfined: textOf(get(security, 'seccompProfile')?.value, 'type') === 'Unconfined' || textOf(get(podSecurity, 'seccompProfile')?.value, 'type') === 'Unconfined',
    volumes: mounts.map((mount) => `${pathOf(mount)}:${textOf(mount, 'mountPath')}`),
    hostMounts: writable.map(pathOf),
    containerSocket: mounts.some((mount) => /\.sock$/.test(pathOf(mount))),
    environment: Object.fromEntries(variables.map((one) => [textOf(one, 'name'), textOf(one, 'value')]).filter(([name]) => name !== '__proto__')),
    readOnly: isTrue(get(security, 'readOnlyRootFilesystem')?.value),
    noNewPrivileges: isFalse(get(security, 'allowPrivilegeEscalation')?.value),
    limited: get(get(container, 'resources')?.value, 'limits') !== undefined,
    replicas,
    application,
  };
  const resource = state(context, 'resource', value, contentAt(container, 'name') ?? container.range, places);
  for (const one of variables) {
    const given = scalarOf(one, 'value');
    if (given === undefined) continue;
    stateVariable({ name: textOf(one, 'name'), value: given.text, nameRange: contentAt(one, 'name') ?? one.range, valueRange: contentOf(given) }, { scope: value.name, file: 'kubernetes', application }, { resource }, context);
  }
}
