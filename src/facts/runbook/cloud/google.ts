import type { SourceRange } from '../../../core/index.js';
import type { YamlNode, YamlScalar } from '../../../syntax/yaml-node.js';
import { get, walk } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type ReadContext, state, stemOf } from '../../common/context.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { contentOf, entriesOf, itemsOf, placesOf, recordOf, scalarOf, secondsOf, textOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';

/** States the facts of a workflow of Google Cloud: one step for each `call`. https://cloud.google.com/workflows/docs/reference/syntax */
export function readGoogleWorkflow(context: ReadContext): void {
  const [root] = readYamlDocuments(context);
  const main = get(root, 'main')?.value ?? root;
  if (root === undefined || main === undefined) return;
  const calls: { readonly name: string; readonly key: YamlScalar; readonly step: YamlNode }[] = [];
  walk(root, (node) => {
    for (const { name, key, value } of entriesOf(node)) if (value.kind === 'mapping' && get(value, 'call') !== undefined) calls.push({ name, key, step: value });
  });
  const value: FactValue<'runbook'> = {
    ...emptyValue('runbook'),
    format: 'google-workflows',
    kind: 'workflow',
    name: stemOf(context.document.path),
    titleMatches: true,
    roleControlledBy: 'trusted',
    scripts: 0,
    uses: [...new Set(calls.map(({ step }) => textOf(step, 'call')))],
    approvals: calls.filter(({ step }) => /await_callback/.test(textOf(step, 'call'))).map(({ step }) => textOf(step, 'call')),
  };
  const runbook = state(context, 'runbook', value, get(root, 'main')?.key.range ?? { start: root.range.start, end: root.range.start });
  const parents = { runbook };
  const inputs = new DeclaredInputs();
  for (const item of itemsOf(get(main, 'params')?.value)) {
    const name = item.kind === 'scalar' ? item.text : ([...entriesOf(item)][0]?.name ?? '');
    if (name !== '') inputs.add(stateParameter(context, { value: { name, type: 'any', delivery: 'text' }, whole: item.kind === 'scalar' ? contentOf(item) : item.range, parents }));
  }
  calls.forEach(({ name, key, step }, index) => {
    const args = get(step, 'args')?.value;
    const url = scalarOf(args, 'url');
    const timeout = textOf(args, 'timeout');
    const one: FactValue<'runbook-step'> = { ...emptyValue('runbook-step'), id: name, name, index, module: textOf(step, 'call'), inputs: recordOf(args, context.document.text), timeoutSeconds: timeout === '' ? -1 : secondsOf(timeout), loops: get(step, 'retry') !== undefined };
    const fact = state(context, 'runbook-step', one, contentOf(key), placesOf(args, 'inputs'), parents);
    if (url !== undefined) stateUrl(url, inputs, { ...parents, 'runbook-step': fact }, context);
  });
}

/** An expression where the scheme or the host of a URL stands: `${args.url}`, `${"https://" + args.host}`. */
function stateUrl(url: YamlScalar, inputs: DeclaredInputs, parents: Parameters<typeof state>[5] & object, context: ReadContext): void {
  const expression = /^\$\{([\s\S]{1,1000})\}$/.exec(url.text)?.[1];
  if (expression === undefined) return;
  const fixedHost = /^\s*["']https?:\/\/[^"'/]{1,200}\//.test(expression);
  const names = [...expression.replace(/"[^"]*"|'[^']*'/g, '').matchAll(/[A-Za-z_][\w.]*/g)].map(([name]) => name);
  const declared = names.map((name) => inputs.template(name.split('.', 1)[0] as string)).find((one) => one !== undefined);
  const range: SourceRange = contentOf(url);
  state(
    context,
    'expansion',
    { ...emptyValue('expansion'), text: url.text, expression: expression.trim(), context: names[0] ?? '', contexts: names, source: declared === undefined ? 'variable' : 'parameter', type: declared === undefined ? '' : 'string', controlledBy: declared === undefined ? 'unknown' : 'operator', sink: 'url', sinkName: 'url', safe: fixedHost, sanitizer: fixedHost ? 'the host is fixed' : '' },
    range,
    {},
    parents,
  );
}
