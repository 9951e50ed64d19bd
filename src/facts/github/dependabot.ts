import type { YamlNode } from '../../syntax/yaml-node.js';
import { asSequence, get } from '../../syntax/yaml-query.js';
import { emptyValue } from '../empty.js';
import type { ReadContext } from './context.js';
import { state } from './context.js';
import { locator } from './locate.js';
import { structureProblem } from './problems.js';
import { contentRange, entries, integerOf, textOf, textsOf, valueOf } from './tree.js';

const NAMES = {
  ecosystem: 'package-ecosystem',
  directories: 'directories',
  cooldownDays: 'cooldown/default-days',
  externalCodeExecution: 'insecure-external-code-execution',
  interval: 'schedule/interval',
} as const;

/** States the facts of a `dependabot.yml`: one `dependency-update` per entry, and what else is set. */
export function readDependabot(root: YamlNode, context: ReadContext): void {
  const pair = get(root, 'updates');
  const updates = asSequence(pair?.value);
  if (updates === undefined) {
    structureProblem(context, pair?.value ?? root, '`updates` must be a list of package ecosystems');
    return;
  }
  const ecosystems = updates.items.flatMap(({ value }) => textOf(valueOf(value, 'package-ecosystem')) ?? []);
  for (const [index, { value: entry }] of updates.items.entries()) {
    if (entry.kind !== 'mapping') {
      structureProblem(context, entry, 'each entry of `updates` must be a mapping');
      continue;
    }
    const directory = textOf(valueOf(entry, 'directory'));
    const locate = locator(entry, entry.range, directory === undefined ? NAMES : { ...NAMES, directories: 'directory' });
    const ecosystem = textOf(valueOf(entry, 'package-ecosystem')) ?? '';
    const update = state(context, 'dependency-update', {
      ...emptyValue('dependency-update'),
      ecosystem,
      directories: directory === undefined ? textsOf(valueOf(entry, 'directories')) : [directory],
      cooldownDays: integerOf(valueOf(valueOf(entry, 'cooldown'), 'default-days')),
      externalCodeExecution: textOf(valueOf(entry, 'insecure-external-code-execution')) ?? '',
      interval: textOf(valueOf(valueOf(entry, 'schedule'), 'interval')) ?? '',
      ecosystems,
      usesActions: context.repository.usesActions,
      index,
    }, {}, locate);
    settings(entry, `updates.${ecosystem}`, context, { 'dependency-update': update }, 0);
  }
  for (const [name, value] of entries(valueOf(root, 'registries'))) settings(value, `registries.${name}`, context, {}, 0);
}

/** One `setting` per scalar, named by its path below the scope. */
function settings(node: YamlNode, scope: string, context: ReadContext, parents: Parameters<typeof state>[3], depth: number, prefix = ''): void {
  if (depth > 6) return;
  for (const [key, value] of entries(node)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (value.kind === 'scalar') {
      const range = contentRange(value);
      state(context, 'setting', { ...emptyValue('setting'), name, value: value.text, scope, file: 'dependabot' }, parents, () => range);
    } else settings(value, scope, context, parents, depth + 1, name);
  }
}
