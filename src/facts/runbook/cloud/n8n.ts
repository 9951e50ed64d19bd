import type { SourceRange } from '../../../core/index.js';
import { partOf } from '../../../syntax/located-text.js';
import type { YamlNode, YamlScalar } from '../../../syntax/yaml-node.js';
import { get } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type ReadContext, state, stemOf } from '../../common/context.js';
import { stateTokens } from '../../common/literals.js';
import { DeclaredInputs } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { contentAt, contentOf, entriesOf, isTrue, itemsOf, placesOf, recordOf, scalarOf, textOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';

const SHELL_NODES = new Set(['executeCommand', 'ssh']);

/** States the facts of an exported workflow of n8n: one step for each node. https://docs.n8n.io/workflows/export-import/ */
export function readN8n(context: ReadContext): void {
  const [root] = readYamlDocuments(context);
  const nodes = itemsOf(get(root, 'nodes')?.value);
  if (root === undefined || nodes.length === 0) return;
  const typeOf = (node: YamlNode): string => textOf(node, 'type').replace(/^.*\./, '');
  const webhooks = nodes.filter((node) => /^(?:webhook|formTrigger|chatTrigger)$/.test(typeOf(node)));
  const open = webhooks.filter((node) => /^(?:none)?$/.test(textOf(get(node, 'parameters')?.value, 'authentication')));
  const value: FactValue<'runbook'> = {
    ...emptyValue('runbook'),
    format: 'n8n',
    kind: 'workflow',
    name: textOf(root, 'name') || stemOf(context.document.path),
    titleMatches: true,
    roleControlledBy: 'trusted',
    scripts: nodes.filter((node) => SHELL_NODES.has(typeOf(node))).length,
    uses: [...new Set(nodes.map(typeOf))],
    scheduled: nodes.some((node) => /^(?:scheduleTrigger|cron|interval)$/.test(typeOf(node))),
    webhook: webhooks.length > 0,
    openWebhook: open.length > 0,
    approvals: nodes.filter((node) => textOf(get(node, 'parameters')?.value, 'operation') === 'sendAndWait').map(typeOf),
  };
  const places: Record<string, SourceRange | undefined> = { webhook: webhooks[0] && contentAt(webhooks[0], 'type'), openWebhook: open[0] && contentAt(open[0], 'type'), name: contentAt(root, 'name') };
  const runbook = state(context, 'runbook', value, contentAt(root, 'name') ?? { start: root.range.start, end: Math.min(root.range.end, root.range.start + 1) }, places);
  nodes.forEach((node, index) => {
    const type = typeOf(node);
    const given = get(node, 'parameters')?.value;
    const command = scalarOf(given, 'command');
    const step: FactValue<'runbook-step'> = {
      ...emptyValue('runbook-step'),
      id: textOf(node, 'name'),
      name: textOf(node, 'name'),
      index,
      module: type,
      run: command?.text ?? '',
      shell: SHELL_NODES.has(type) ? 'sh' : '',
      inputs: recordOf(given, context.document.text),
      ignoresErrors: isTrue(get(node, 'continueOnFail')?.value) || /^continue/.test(textOf(node, 'onError')),
      approval: textOf(given, 'operation') === 'sendAndWait',
    };
    const fact = state(context, 'runbook-step', step, contentAt(node, 'name') ?? contentAt(node, 'type') ?? node.range, { ...placesOf(given, 'inputs'), module: contentAt(node, 'type'), run: command && contentOf(command) }, { runbook });
    const parents = { runbook, 'runbook-step': fact };
    if (command !== undefined && SHELL_NODES.has(type)) readCommand(command, open.length > 0, parents, context);
    for (const { value: one } of entriesOf(given)) if (one.kind === 'scalar') stateTokens(context, one, 'input', parents);
  });
}

/** An expression begins with `=`; otherwise nothing in the text is replaced. */
function readCommand(command: YamlScalar, openWebhook: boolean, parents: Parameters<typeof state>[5] & object, context: ReadContext): void {
  const dynamic = command.text.startsWith('=');
  readScript(context, {
    text: dynamic ? partOf(command, { start: 1, end: command.text.length }) : command,
    shell: 'sh',
    grammar: dynamic ? 'n8n' : 'none',
    inputs: new DeclaredInputs(),
    parents,
    // What a node gets is the data of the trigger: with an open webhook, that of anyone.
    origin: () => ({ source: 'event', controlledBy: openWebhook ? 'attacker' : 'unknown' }),
  });
}
