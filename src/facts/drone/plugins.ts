import type { YamlNode } from '../../syntax/yaml-node.js';
import { contentOf, entriesOf, itemsOf, scalarOf, scalarsOf, textOf } from '../common/values.js';
import type { TextSource, VariableSource } from '../pipeline/index.js';
import { sliceOf } from '../pipeline/pairs.js';

/** What images of plugins publish, by the end of their names. */
const PUBLISHERS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:plugins\/(?:docker|ecr|gcr|acr|kaniko(?:-\w+)?|buildx(?:-\w+)?)|plugin-docker-buildx|plugin-kaniko)$/, 'container'],
  [/(?:^|\/)(?:plugins\/npm|drone-npm)$/, 'npm'],
  [/(?:^|\/)(?:plugins\/pypi|drone-pypi)$/, 'pypi'],
  [/(?:^|\/)(?:plugins\/(?:github|gitea|gitlab)-release|plugin-(?:(?:github|gitea|forgejo)-)?release|drone-(?:github|gitea)-release)$/, 'release'],
];

/** What a plugin publishes, by its image; empty when nothing. */
export function publishedByPlugin(image: string): string {
  const name = image.trim().toLowerCase().replace(/@.*$/, '').replace(/:[^/]*$/, '');
  return PUBLISHERS.find(([pattern]) => pattern.test(name))?.[1] ?? '';
}

/** `environment` as a mapping, with `from_secret` for secrets, or as a list of `NAME=value`. */
export function environmentOf(node: YamlNode | undefined): VariableSource[] {
  if (node?.kind === 'sequence') return itemsOf(node).flatMap((item) => sliceOf(item, '='));
  return [...entriesOf(node)].flatMap(({ name, value }): VariableSource[] => {
    const secret = scalarOf(value, 'from_secret');
    if (secret !== undefined) return [{ name, secret: true, range: contentOf(secret) }];
    return value.kind === 'scalar' && value.value !== null ? [{ name, value }] : [];
  });
}

/** `secrets: [a, {source: b, target: C}]` of older versions: each becomes a variable. */
export function listedSecrets(node: YamlNode | undefined): VariableSource[] {
  return itemsOf(node).flatMap((item): VariableSource[] => {
    const source = item.kind === 'scalar' ? item : scalarOf(item, 'source');
    return source === undefined ? [] : [{ name: item.kind === 'scalar' ? item.text : textOf(item, 'target').toUpperCase() || source.text, secret: true, range: contentOf(source) }];
  });
}

/** Settings of plugins that hold commands, such as those of `appleboy/drone-ssh`. */
const COMMANDS = /^(?:scripts?|commands?|cmd|run)$/i;

/** Settings of a plugin, whose values are texts of the file. */
export function settingsOf(node: YamlNode | undefined): TextSource[] {
  return [...entriesOf(node)].flatMap(({ name, value }) =>
    scalarsOf(value).flatMap((text): TextSource[] => (text.value === null ? [] : [{ name, text, sink: COMMANDS.test(name) ? 'command-input' : 'input' }])),
  );
}

/** Settings that come from a secret: the plugin finds them in its environment. */
export function secretSettings(node: YamlNode | undefined): VariableSource[] {
  return [...entriesOf(node)].flatMap(({ name, value }): VariableSource[] => {
    const secret = scalarOf(value, 'from_secret');
    return secret === undefined ? [] : [{ name: `PLUGIN_${name.toUpperCase()}`, secret: true, range: contentOf(secret) }];
  });
}
