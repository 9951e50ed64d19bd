import type { SourceRange } from '../../../core/index.js';
import type { YamlNode } from '../../../syntax/yaml-node.js';
import { get } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactOf, type FactValue } from '../fact-types.js';
import { type ReadContext, state } from '../../common/context.js';
import { DeclaredInputs } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { contentAt, contentOf, entriesOf, itemsOf, pairAt, scalarOf, textOf, textsOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';
import { imageOf } from '../settings/image.js';

/** States a setting for each scalar of a mapping. */
function stateSettings(node: YamlNode | undefined, names: readonly string[], scope: string, runbook: FactOf<'runbook'>, file: string, context: ReadContext): void {
  for (const { name, key, value } of entriesOf(node)) {
    if (!names.includes(name)) continue;
    const text = value.kind === 'scalar' ? value.text : textsOf(value).join(',');
    state(context, 'setting', { ...emptyValue('setting'), name, value: text, scope, file }, { start: key.range.start, end: value.range.end }, { name: key.range, value: contentOf(value) }, { runbook });
  }
}

function readStep(id: string, index: number, module: string, command: YamlNode | undefined, runbook: FactOf<'runbook'>, context: ReadContext): void {
  const text = command?.kind === 'scalar' ? command : (scalarOf(command, 'command') ?? scalarOf(command, 'run'));
  if (text === undefined || text.value === null) return;
  const value: FactValue<'runbook-step'> = { ...emptyValue('runbook-step'), id, name: id, index, module, run: text.text, shell: 'sh' };
  const step = state(context, 'runbook-step', value, contentOf(text), { run: contentOf(text) }, { runbook });
  readScript(context, { text, shell: 'sh', grammar: 'none', inputs: new DeclaredInputs(), parents: { runbook, 'runbook-step': step } });
}

const ATLANTIS_SETTINGS = ['apply_requirements', 'plan_requirements', 'import_requirements', 'automerge', 'parallel_apply', 'autoplan', 'allowed_overrides', 'allow_custom_workflows', 'delete_source_branch_on_merge'];

/** States the facts of `atlantis.yaml`. https://www.runatlantis.io/docs/repo-level-atlantis-yaml.html */
export function readAtlantis(context: ReadContext): void {
  const [root] = readYamlDocuments(context);
  if (root?.kind !== 'mapping') return;
  const projects = itemsOf(get(root, 'projects')?.value);
  const requirements = projects.flatMap((project) => textsOf(get(project, 'apply_requirements')?.value));
  const places: Record<string, SourceRange | undefined> = { approvals: projects.map((project) => pairAt(project, 'apply_requirements')).find((range) => range !== undefined) };
  const value: FactValue<'runbook'> = { ...emptyValue('runbook'), format: 'atlantis', kind: 'workflow', name: 'atlantis', titleMatches: true, roleControlledBy: 'trusted', approvals: requirements.filter((name) => name === 'approved'), uses: ['terraform'] };
  const runbook = state(context, 'runbook', value, contentAt(root, 'version') ?? { start: root.range.start, end: root.range.start }, places);
  stateSettings(root, ATLANTIS_SETTINGS, '', runbook, 'atlantis', context);
  for (const project of projects) stateSettings(project, ATLANTIS_SETTINGS, textOf(project, 'name') || textOf(project, 'dir'), runbook, 'atlantis', context);
  let index = 0;
  for (const { name, value: workflow } of entriesOf(get(root, 'workflows')?.value)) {
    for (const { name: stage, value: one } of entriesOf(workflow)) {
      for (const step of itemsOf(get(one, 'steps')?.value)) {
        const run = get(step, 'run')?.value ?? get(get(step, 'env')?.value, 'command')?.value;
        if (run !== undefined) readStep(`${name}.${stage}`, index++, 'run', run, runbook, context);
      }
    }
  }
  value.scripts = index;
}

/** States the facts of `.spacelift/config.yml`. https://docs.spacelift.io/concepts/configuration/runtime-configuration */
export function readSpacelift(context: ReadContext): void {
  const [root] = readYamlDocuments(context);
  if (root?.kind !== 'mapping') return;
  const value: FactValue<'runbook'> = { ...emptyValue('runbook'), format: 'spacelift', kind: 'workflow', name: 'spacelift', titleMatches: true, roleControlledBy: 'trusted', uses: ['terraform'] };
  const runbook = state(context, 'runbook', value, contentAt(root, 'version') ?? { start: root.range.start, end: root.range.start });
  let index = 0;
  const stack = (node: YamlNode | undefined, scope: string): void => {
    stateSettings(node, ['autodeploy', 'autoretry', 'local_preview_enabled', 'protect_from_deletion', 'terraform_version'], scope, runbook, 'spacelift', context);
    const image = scalarOf(node, 'runner_image');
    if (image !== undefined) state(context, 'reference', { ...emptyValue('reference'), ...imageOf(image.text), where: 'container' }, contentOf(image), {}, { runbook });
    for (const { name, value: steps } of entriesOf(node)) if (/^(?:before|after)_\w+$/.test(name)) for (const step of itemsOf(steps)) readStep(`${scope}${name}`, index++, name, step, runbook, context);
  };
  stack(get(root, 'stack_defaults')?.value, '');
  for (const { name, value: one } of entriesOf(get(root, 'stacks')?.value)) stack(one, `${name}.`);
  value.scripts = index;
}
