import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { commentAfter, get } from '../../syntax/yaml-query.js';
import { contentOf, entriesOf, isTrue, itemsOf, scalarOf, scalarsOf, textOf } from '../common/values.js';
import { type ImageSource, pinOfRef, type ReferenceSource, type VariableSource } from '../pipeline/index.js';
import { sliceOf } from '../pipeline/pairs.js';
import type { ContainerValue } from '../schema.js';

/** One plugin of a step and its settings. */
export interface Plugin {
  readonly reference: ReferenceSource;
  readonly name: string;
  readonly settings: YamlNode | undefined;
}

/** Plugins in all ways to write them: a list of names, of mappings from one name, or a mapping. */
export function pluginsOf(node: YamlNode | undefined, source: string): Plugin[] {
  const items = node?.kind === 'mapping' ? [node] : itemsOf(node);
  return items.flatMap((item): Plugin[] => {
    if (item.kind === 'scalar') return [{ ...pluginOf(item, source), settings: undefined }];
    return [...entriesOf(item)].map(({ key, value }) => ({ ...pluginOf(key, source), settings: value }));
  });
}

/** https://buildkite.com/docs/pipelines/integrations/plugins/using#plugin-sources */
function pluginOf(scalar: YamlScalar, source: string): Omit<Plugin, 'settings'> {
  const text = scalar.text.trim();
  const hash = text.lastIndexOf('#');
  const location = hash < 0 ? text : text.slice(0, hash);
  const ref = hash < 0 ? '' : text.slice(hash + 1);
  const local = location.startsWith('.') || location.startsWith('/') || location.startsWith('file:');
  const slug = location.replace(/^(?:https?|ssh|git|file):\/\//, '').replace(/^[^/@]{0,100}@/, '').replace(/\.git$/, '');
  const parts = slug.split(/[/:]/).filter((part) => part !== '');
  const repository = parts.at(-1) ?? '';
  // A bare name is of Buildkite's own organisation.
  const owner = parts.length === 1 ? 'buildkite-plugins' : (parts.at(-2) ?? '');
  const short = repository.replace(/-buildkite-plugin$/, '').toLowerCase();
  const start = scalar.text.indexOf(text);
  return {
    name: `${owner}/${short}`.toLowerCase(),
    reference: {
      value: {
        text,
        kind: local ? 'local' : 'plugin',
        name: (local ? location : `${owner}/${repository}`).toLowerCase(),
        owner: local ? '' : owner.toLowerCase(),
        repository: repository.toLowerCase(),
        ref,
        pin: local ? '' : pinOfRef(ref),
        comment: commentAfter(source, scalar.range.end) ?? '',
      },
      where: 'step',
      whole: contentOf(scalar),
      places: hash < 0 ? {} : { ref: scalar.sourceRange({ start: start + hash + 1, end: start + text.length }), name: scalar.sourceRange({ start, end: start + hash }) },
      trusted: owner === 'buildkite-plugins' || owner === 'buildkite',
    },
  };
}

/** The image that a step runs in by the plugins `docker` and the like, with what they say of the container. */
export function imageOf(plugins: readonly Plugin[]): ImageSource | undefined {
  for (const { name, settings } of plugins) {
    const image = scalarOf(settings, 'image');
    if (image === undefined || !/\/(?:docker|kubernetes|podman)$/.test(name)) continue;
    const container: Partial<ContainerValue> = { privileged: isTrue(get(settings, 'privileged')?.value), volumes: scalarsOf(get(settings, 'volumes')?.value).map(({ text }) => text), options: textOf(settings, 'pid') === 'host' ? '--pid=host' : '' };
    return { text: image, where: 'container', container };
  }
  return undefined;
}

/** Secrets that plugins fetch for the step, as variables. */
export function pluginSecrets(plugins: readonly Plugin[]): VariableSource[] {
  return plugins.flatMap(({ name, settings }) => {
    if (!/\/(?:secrets|vault-secrets|aws-sm|aws-ssm|gcp-secret-manager|azure-key-vault|s3-secrets|cultureamp\/aws-sm|seek-oss\/aws-sm)$/.test(name)) return [];
    const env = get(settings, 'env')?.value ?? get(settings, 'variables')?.value ?? get(settings, 'parameters')?.value;
    return [...entriesOf(env)].map(({ name: variable, key }): VariableSource => ({ name: variable, secret: true, range: contentOf(key) }));
  });
}

/** Variables that the plugin `docker` sets inside the container. */
export function pluginVariables(plugins: readonly Plugin[]): VariableSource[] {
  return plugins.flatMap(({ name, settings }) => (/\/docker(?:-compose)?$/.test(name) ? itemsOf(get(settings, 'environment')?.value).flatMap((item) => sliceOf(item, '=')) : []));
}
