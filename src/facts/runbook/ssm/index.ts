import type { SourceRange } from '../../../core/index.js';
import { joinTexts, type LocatedText } from '../../../syntax/located-text.js';
import type { YamlNode } from '../../../syntax/yaml-node.js';
import { get } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type Parents, type ReadContext, state, stemOf } from '../../common/context.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { contentAt, contentOf, entriesOf, isFalse, isTrue, itemsOf, mentions, pairAt, placesOf, recordOf, scalarOf, scalarsOf, secondsOf, textOf, textsOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';

/*
 * AWS Systems Manager documents.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */

type RunbookValue = FactValue<'runbook'>;

/** States the facts of an Automation (schema 0.3) or Command (1.2, 2.0, 2.2) document. */
export function readSsm(context: ReadContext): void {
  for (const root of readYamlDocuments(context)) if (root.kind === 'mapping' && get(root, 'schemaVersion') !== undefined) readDocument(root, context);
}

interface Step {
  readonly node: YamlNode;
  readonly id: string;
  readonly action: string;
  readonly inputs: YamlNode | undefined;
}

function readDocument(root: YamlNode, context: ReadContext): void {
  const version = textOf(root, 'schemaVersion');
  const automation = version === '0.3';
  const steps = stepsOf(root, version);
  const role = scalarOf(root, 'assumeRole');
  const roleParameter = /^\s*\{\{\s*([\w.:-]+)\s*\}\}\s*$/.exec(role?.text ?? '')?.[1];
  const places: Record<string, SourceRange | undefined> = { description: contentAt(root, 'description'), role: role === undefined ? undefined : contentOf(role), name: contentAt(root, 'description') };
  const value: RunbookValue = {
    ...emptyValue('runbook'),
    format: automation ? 'ssm-automation' : 'ssm-command',
    kind: 'runbook',
    name: stemOf(context.document.path),
    description: textOf(root, 'description'),
    titleMatches: true,
    role: role?.text ?? '',
    roleControlledBy: role === undefined ? 'unknown' : roleParameter === undefined ? 'trusted' : 'operator',
    // The agent runs commands as root, or as SYSTEM.
    root: !automation,
    approvals: steps.filter(({ action }) => action === 'aws:approve' || action === 'aws:pause').map(({ action }) => action),
    rollback: steps.some(({ id, node }) => /roll_?back|revert|restore/i.test(id) || /^step:/i.test(textOf(node, 'onFailure'))),
    uses: [...new Set(steps.map(({ action }) => action))],
    scripts: steps.filter(({ inputs }) => scriptsOf(inputs).length > 0).length,
  };
  const runbook = state(context, 'runbook', value, contentAt(root, 'schemaVersion') ?? root.range, places);
  const parents = { runbook };
  const inputs = new DeclaredInputs();
  for (const { name, key, value: node } of entriesOf(get(root, 'parameters')?.value)) {
    const environment = textOf(node, 'interpolationType') === 'ENV_VAR';
    const values = textsOf(get(node, 'allowedValues')?.value);
    const type = textOf(node, 'type');
    const fallback = get(node, 'default')?.value;
    const declared = stateParameter(context, {
      value: {
        name,
        type,
        description: textOf(node, 'description'),
        required: fallback === undefined,
        hasDefault: fallback !== undefined,
        default: fallback?.kind === 'scalar' ? fallback.text : '',
        pattern: textOf(node, 'allowedPattern'),
        values,
        restricted: values.length > 0,
        delivery: environment ? 'environment' : 'text',
      },
      whole: contentOf(key),
      places: { pattern: contentAt(node, 'allowedPattern'), default: contentAt(node, 'default'), type: contentAt(node, 'type'), description: contentAt(node, 'description') },
      parents,
      templates: [name],
      variables: [`SSM_${name}`],
    });
    inputs.add(declared);
    if (roleParameter === name && declared.fact.value.restricted) value.roleControlledBy = 'trusted';
  }
  steps.forEach((step, index) => readStep(step, index, automation, inputs, parents, context));
}

function stepsOf(root: YamlNode, version: string): Step[] {
  if (version === '1.2') {
    return [...entriesOf(get(root, 'runtimeConfig')?.value)].flatMap(({ name, value }) => itemsOf(get(value, 'properties')?.value).map((node) => ({ node, id: textOf(node, 'id') || name, action: name, inputs: node })));
  }
  return itemsOf(get(root, 'mainSteps')?.value).map((node) => ({ node, id: textOf(node, 'name'), action: textOf(node, 'action'), inputs: get(node, 'inputs')?.value }));
}

/** The scripts of a step with the interpreter's name: the lines of a list are one script. */
function scriptsOf(inputs: YamlNode | undefined): { readonly text: LocatedText; readonly key: SourceRange | undefined; readonly kind: 'commands' | 'script' }[] {
  const found: { text: LocatedText; key: SourceRange | undefined; kind: 'commands' | 'script' }[] = [];
  const commands = [get(inputs, 'runCommand'), get(get(inputs, 'Parameters')?.value, 'commands'), get(get(inputs, 'Parameters')?.value, 'Commands')];
  for (const pair of commands) {
    const lines = scalarsOf(pair?.value).filter(({ value }) => value !== null);
    // A whole list from a parameter is a template of its own.
    if (pair !== undefined && lines.length > 0) found.push({ text: joinTexts(lines, '\n'), key: pair.key.range, kind: 'commands' });
  }
  const script = scalarOf(inputs, 'Script');
  if (script !== undefined) found.push({ text: script, key: pairAt(inputs, 'Script'), kind: 'script' });
  return found;
}

function interpreterOf({ action, inputs }: Step, kind: 'commands' | 'script'): string {
  if (kind === 'script') return /powershell/i.test(textOf(inputs, 'Runtime')) ? 'pwsh' : 'python3';
  const document = textOf(inputs, 'DocumentName');
  return /PowerShell/i.test(action) || /PowerShell/i.test(document) || /psmodule/i.test(action) ? 'pwsh' : '';
}

function readStep(step: Step, index: number, automation: boolean, inputs: DeclaredInputs, outer: Parents, context: ReadContext): void {
  const { node, id, action, inputs: given } = step;
  const timeout = scalarOf(node, 'timeoutSeconds') ?? scalarOf(given, 'timeoutSeconds') ?? scalarOf(given, 'TimeoutSeconds');
  const failure = textOf(node, 'onFailure');
  const attempts = Number(textOf(node, 'maxAttempts') || '-1');
  const scripts = scriptsOf(given);
  const value: FactValue<'runbook-step'> = {
    ...emptyValue('runbook-step'),
    id,
    name: id,
    index,
    module: action,
    run: scripts[0]?.text.text ?? '',
    shell: scripts[0] === undefined ? '' : interpreterOf(step, scripts[0].kind) || 'sh',
    inputs: recordOf(given, context.document.text),
    // A template is a limit whose value is not known: 1 says that there is one.
    timeoutSeconds: timeout === undefined ? -1 : Math.max(secondsOf(timeout.text), /\{\{/.test(timeout.text) ? 1 : -1),
    root: !automation,
    ignoresErrors: /^continue$/i.test(failure) || isFalse(get(node, 'isCritical')?.value),
    approval: action === 'aws:approve',
    retries: Number.isInteger(attempts) ? attempts : -1,
    loops: action === 'aws:loop' || (isTrue(get(node, 'isEnd')?.value) === false && textOf(node, 'nextStep') === id),
    condition: textOf(node, 'precondition'),
  };
  const places: Record<string, SourceRange | undefined> = {
    ...placesOf(given, 'inputs'),
    module: contentAt(node, 'action'),
    run: scripts[0]?.key,
    timeoutSeconds: timeout === undefined ? undefined : contentOf(timeout),
    ignoresErrors: contentAt(node, 'onFailure'),
  };
  const fact = state(context, 'runbook-step', value, contentAt(node, 'name') ?? contentAt(node, 'action') ?? node.range, places, outer);
  const parents = { ...outer, 'runbook-step': fact };
  const missing: string[] = [];
  for (const { text, kind } of scripts) {
    const { undeclared } = readScript(context, { text, shell: interpreterOf(step, kind), grammar: 'ssm', inputs, parents, origin });
    for (const one of undeclared) {
      places[`undeclared.${missing.length}`] = one.range;
      missing.push(one.name);
    }
  }
  value.undeclared = missing;
  readApi(step, parents, context);
  if (action === 'aws:downloadContent' || action === 'aws:runDocument') readReference(step, parents, context);
}

function origin(name: string): { source: 'output' | 'platform' | 'secret' | 'parameter'; controlledBy: 'unknown' | 'trusted' } {
  if (/^(?:global|automation):/.test(name)) return { source: 'platform', controlledBy: 'trusted' };
  if (/^ssm(?:-secure)?:/.test(name)) return { source: name.startsWith('ssm-secure') ? 'secret' : 'platform', controlledBy: 'trusted' };
  return { source: name.includes('.') ? 'output' : 'parameter', controlledBy: 'unknown' };
}

/** A call of an AWS service is the same as a command of its command line: `ec2 terminate-instances`. */
function readApi({ action, inputs }: Step, parents: Parents, context: ReadContext): void {
  if (action !== 'aws:executeAwsApi') return;
  const service = textOf(inputs, 'Service');
  const api = scalarOf(inputs, 'Api');
  if (api === undefined || service === '') return;
  const verb = api.text.replace(/([a-z\d])([A-Z])/g, '$1-$2').replace(/_/g, '-').toLowerCase();
  const args = [service.toLowerCase(), verb];
  const range = contentOf(api);
  state(context, 'command', { ...emptyValue('command'), name: 'aws', path: 'aws', text: `aws ${args.join(' ')}`, args, operands: args, interpolated: mentions(inputs as YamlNode, /\{\{/) }, range, {}, parents);
}

function readReference({ action, inputs }: Step, parents: Parents, context: ReadContext): void {
  const source = scalarOf(inputs, 'sourceInfo') ?? scalarOf(inputs, 'documentPath');
  if (source === undefined) return;
  const commit = /commitID\\?["']?\s*:\s*\\?["']?[\da-f]{40}|commitID:[\da-f]{40}/i.test(source.text);
  state(
    context,
    'reference',
    { ...emptyValue('reference'), text: source.text, kind: 'include', name: source.text.toLowerCase().slice(0, 300), ref: commit ? 'commit' : '', pin: commit ? 'digest' : 'none', where: action === 'aws:downloadContent' ? 'script' : 'include' },
    contentOf(source),
    {},
    parents,
  );
}
