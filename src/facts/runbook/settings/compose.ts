import type { SourceRange } from '../../../core/index.js';
import type { YamlNode, YamlScalar } from '../../../syntax/yaml-node.js';
import { get } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type ReadContext, state } from '../../common/context.js';
import { contentAt, contentOf, entriesOf, isTrue, itemsOf, scalarOf, textOf, textsOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';
import { imageOf } from './image.js';
import { configuresRunbooks, isRunbookImage } from './service.js';
import { stateVariable, type Variable } from './variable.js';

/* Compose files. https://docs.docker.com/reference/compose-file/services/ */

/** States a `resource` for each service and a `setting` for each of its variables. */
export function readCompose(context: ReadContext): void {
  for (const root of readYamlDocuments(context)) {
    for (const { name, key, value } of entriesOf(get(root, 'services')?.value)) if (value.kind === 'mapping') readService(name, key, value, context);
  }
}

function readService(name: string, key: YamlScalar, service: YamlNode, context: ReadContext): void {
  const variables = variablesOf(get(service, 'environment')?.value);
  const image = scalarOf(service, 'image');
  const user = scalarOf(service, 'user');
  const volumes = volumesOf(get(service, 'volumes')?.value);
  const ports = portsOf(get(service, 'ports')?.value);
  const security = textsOf(get(service, 'security_opt')?.value);
  const deploy = get(service, 'deploy')?.value;
  const limits = get(get(deploy, 'resources')?.value, 'limits')?.value;
  const places: Record<string, SourceRange | undefined> = {
    name: key.range,
    image: image === undefined ? undefined : contentOf(image),
    user: user === undefined ? undefined : contentOf(user),
    privileged: contentAt(service, 'privileged'),
    capAdd: contentAt(service, 'cap_add'),
    root: user === undefined ? undefined : contentOf(user),
    hostNamespaces: contentAt(service, 'network_mode') ?? contentAt(service, 'pid') ?? contentAt(service, 'ipc'),
    unconfined: contentAt(service, 'security_opt'),
  };
  const hostNamespaces = (['network_mode', 'pid', 'ipc', 'userns_mode'] as const).filter((property) => textOf(service, property) === 'host').map((property) => property.replace('_mode', '').replace('userns', 'user'));
  ports.filter(({ open }) => open).forEach(({ range }, index) => (places[`published.${index}`] = range));
  volumes.forEach(({ range, text }, index) => {
    places[`volumes.${index}`] = range;
    if (SOCKET.test(text)) places['containerSocket'] ??= range;
  });
  const hostMounts = volumes.filter(({ host, readOnly }) => host && !readOnly);
  hostMounts.forEach(({ range }, index) => (places[`hostMounts.${index}`] = range));
  for (const { name: variable, valueRange } of variables) places[`environment.${variable}`] = valueRange;
  const application = isRunbookImage(image?.text ?? '') || configuresRunbooks(variables.map((variable) => variable.name)) ? 'runbook-service' : '';
  const replicas = Number(textOf(deploy, 'replicas') || textOf(service, 'scale') || '-1');
  const value: FactValue<'resource'> = {
    ...emptyValue('resource'),
    platform: 'compose',
    kind: 'service',
    name,
    image: imageOf(image?.text ?? ''),
    user: user?.text ?? '',
    root: user === undefined ? true : /^(?:root|0)(?::|$)/.test(user.text),
    privileged: isTrue(get(service, 'privileged')?.value),
    hostNamespaces,
    capAdd: textsOf(get(service, 'cap_add')?.value),
    capDrop: textsOf(get(service, 'cap_drop')?.value),
    unconfined: security.some((option) => /(?:seccomp|apparmor|label|systempaths)[=:](?:unconfined|disable)/.test(option)),
    published: ports.filter(({ open }) => open).map(({ text }) => text),
    volumes: volumes.map(({ text }) => text),
    hostMounts: hostMounts.map(({ text }) => text),
    containerSocket: volumes.some(({ text }) => SOCKET.test(text)),
    environment: Object.fromEntries(variables.filter((variable) => variable.name !== '__proto__').map((variable) => [variable.name, variable.value])),
    readOnly: isTrue(get(service, 'read_only')?.value),
    noNewPrivileges: security.some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option)),
    limited: limits !== undefined || get(service, 'mem_limit') !== undefined || get(service, 'cpus') !== undefined,
    replicas: Number.isInteger(replicas) ? replicas : -1,
    profiles: textsOf(get(service, 'profiles')?.value),
    application,
  };
  const resource = state(context, 'resource', value, key.range, places);
  for (const variable of variables) stateVariable(variable, { scope: name, file: 'compose', application }, { resource }, context);
}

const SOCKET = /(?:docker|containerd|podman|crio)\.sock\b/;

/** A mapping, or a list of `NAME=value`. */
function variablesOf(node: YamlNode | undefined): Variable[] {
  if (node?.kind === 'mapping') {
    return [...entriesOf(node)].filter(({ value }) => value.kind === 'scalar').map(({ name, key, value }) => ({ name, value: value.kind === 'scalar' && value.value !== null ? value.text : '', nameRange: key.range, valueRange: contentOf(value) }));
  }
  return itemsOf(node).flatMap((item) => {
    if (item.kind !== 'scalar') return [];
    const at = item.text.indexOf('=');
    const name = at === -1 ? item.text : item.text.slice(0, at);
    const end = item.text.length;
    return [{ name, value: at === -1 ? '' : item.text.slice(at + 1), nameRange: item.sourceRange({ start: 0, end: name.length }), valueRange: item.sourceRange({ start: at === -1 ? end : at + 1, end }) }];
  });
}

function volumesOf(node: YamlNode | undefined): { readonly text: string; readonly range: SourceRange; readonly host: boolean; readonly readOnly: boolean }[] {
  return itemsOf(node).map((item) => {
    if (item.kind === 'scalar') {
      const [source = '', , mode = ''] = item.text.split(':');
      return { text: item.text, range: contentOf(item), host: /^(?:[./~]|\$\{?(?:PWD|HOME))/.test(source) && item.text.includes(':'), readOnly: /\bro\b/.test(mode) };
    }
    const source = textOf(item, 'source');
    return { text: `${source}:${textOf(item, 'target')}`, range: contentAt(item, 'source') ?? item.range, host: textOf(item, 'type') === 'bind', readOnly: isTrue(get(item, 'read_only')?.value) };
  });
}

/** Ports, and whether every interface of the host offers them. */
function portsOf(node: YamlNode | undefined): { readonly text: string; readonly range: SourceRange; readonly open: boolean }[] {
  return itemsOf(node).map((item) => {
    if (item.kind === 'scalar') return { text: item.text, range: contentOf(item), open: item.text.includes(':') && !/^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|localhost):/.test(item.text) };
    const host = textOf(item, 'host_ip');
    return { text: `${textOf(item, 'published')}:${textOf(item, 'target')}`, range: item.range, open: textOf(item, 'published') !== '' && (host === '' || host === '0.0.0.0' || host === '::') };
  });
}
