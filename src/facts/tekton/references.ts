import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentOf, itemsOf, scalarOf, textOf } from '../common/values.js';
import { parseImage } from '../github/uses.js';
import { pinOfRef, type ReferenceSource } from '../pipeline/index.js';
import type { UsesValue } from '../schema.js';
import { templatesOf } from './templates.js';

/**
 * Tasks and pipelines that are fetched: by resolvers, as bundles, or by annotations of Pipelines as Code. Names of the
 * cluster alone are no references. https://tekton.dev/docs/pipelines/resolution-getting-started/
 */
export function referenceOf(node: YamlNode | undefined, where: ReferenceSource['where']): ReferenceSource[] {
  const bundle = scalarOf(node, 'bundle');
  if (bundle !== undefined) return [bundleReference(bundle, where)];
  const resolver = textOf(node, 'resolver');
  const params = new Map(itemsOf(get(node, 'params')?.value).map((param) => [textOf(param, 'name'), scalarOf(param, 'value')]));
  const [url, revision] = [params.get('url') ?? params.get('repo'), params.get('revision')];
  switch (resolver) {
    case 'git': {
      const version = revision?.text ?? '';
      return url === undefined ? [] : [{ value: { ...gitValue(url.text), ref: version, pin: open(version) ? '' : pinOfRef(version) }, where, whole: contentOf(url), places: { ref: contentOf(revision ?? url) } }];
    }
    case 'bundles': {
      const image = params.get('bundle');
      return image === undefined ? [] : [bundleReference(image, where)];
    }
    case 'hub': {
      const name = params.get('name');
      const version = params.get('version');
      return name === undefined ? [] : [hubReference(name, version?.text ?? '', where, version)];
    }
    case 'http':
      return url === undefined ? [] : [{ value: urlValue(url.text), where, whole: contentOf(url) }];
    default:
      return [];
  }
}

/** `pipelinesascode.tekton.dev/task: "git-clone, [https://…]"`: names of the hub and addresses. */
export function annotationReferences(annotations: ReadonlyMap<string, YamlNode>): ReferenceSource[] {
  return [...annotations].flatMap(([name, node]) => {
    if (!/^(?:task|pipeline)(?:-\d{1,3})?$/.test(name) || node.kind !== 'scalar') return [];
    return [...node.text.matchAll(/[^\s,[\]"']{1,500}/g)].flatMap((match): ReferenceSource[] => {
      const [text] = match;
      const whole = node.sourceRange({ start: match.index, end: match.index + text.length });
      if (/^https?:\/\//.test(text)) return [{ value: urlValue(text), where: 'include', whole }];
      // Files of the repository.
      if (text.includes('/') && !text.includes('://')) return [];
      const hub = text.replace(/^\w{1,50}:\/\//, '');
      const [task = '', version = ''] = hub.split(':', 2);
      return [{ value: { text, kind: 'template', name: task.toLowerCase(), repository: task.toLowerCase(), ref: version, pin: version === '' ? 'none' : 'tag' }, where: 'include', whole }];
    });
  });
}

function open(text: string): boolean {
  return templatesOf(text).length > 0;
}

function bundleReference(scalar: YamlScalar, where: ReferenceSource['where']): ReferenceSource {
  const { value, parts } = parseImage(scalar.text);
  return { value: { ...value, kind: 'template', pin: open(scalar.text) ? '' : value.pin }, where, whole: contentOf(scalar), places: parts.ref === undefined ? {} : { ref: scalar.sourceRange(parts.ref) } };
}

function hubReference(scalar: YamlScalar, version: string, where: ReferenceSource['where'], at: YamlScalar | undefined): ReferenceSource {
  const name = scalar.text.toLowerCase();
  return { value: { text: version === '' ? scalar.text : `${scalar.text} ${version}`, kind: 'template', name, repository: name, ref: version, pin: open(version) ? '' : version === '' ? 'none' : 'tag' }, where, whole: contentOf(scalar), places: { ref: contentOf(at ?? scalar) } };
}

function gitValue(url: string): Pick<UsesValue, 'text' | 'kind'> & Partial<UsesValue> {
  const path = url.replace(/^[a-z+]{1,10}:\/\/[^/]{1,200}\//i, '').replace(/\.git$/, '');
  const [owner = '', repository = ''] = path.split('/');
  return { text: url, kind: 'template', name: `${owner}/${repository}`.toLowerCase(), owner: owner.toLowerCase(), repository: repository.toLowerCase() };
}

/** A file at an address: fixed where a commit stands in it. */
function urlValue(url: string): Pick<UsesValue, 'text' | 'kind'> & Partial<UsesValue> {
  const commit = /\/([\da-f]{40})\//.exec(url)?.[1] ?? '';
  const value = gitValue(url);
  return { ...value, ref: commit, pin: open(url) ? '' : commit === '' ? 'branch' : 'digest' };
}
