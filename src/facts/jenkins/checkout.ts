import type { GroovyCall, GroovyNode } from '../../syntax/groovy/index.js';
import { emptyValue } from '../empty.js';
import type { StepSource, TextSource } from '../pipeline/index.js';
import { argumentOf, contentRange, type Values } from './values.js';
import { namesOutsidersCode } from './variables.js';

/** Refs of pull and merge requests, those of forks included. */
const REQUEST_REF = /(?:^|[:+/])(?:refs\/)?(?:pull|merge-requests|pull-requests|changes)\/|(?:^|\/)pr\/\*/;

/** What `checkout …` and `git …` put into the workspace. https://www.jenkins.io/doc/pipeline/steps/params/scmgit/ */
export function readCheckout(call: GroovyCall, values: Values): Omit<StepSource, 'whole'> {
  const fields = call.name === 'git' ? gitFields(call) : scmFields(call);
  const inputs: TextSource[] = [];
  let untrusted = false;
  let mutable = false;
  let ref = '';
  for (const [name, node] of fields) {
    const { text, templates } = values.pasted(node);
    const names = templates.flatMap((use) => use.names);
    const outsiders = names.filter(namesOutsidersCode);
    inputs.push({ name, text, sink: name === 'url' ? 'url' : 'ref', templates, ...(name === 'url' && { handover: 'url' as const }) });
    if (outsiders.length > 0 || (name !== 'url' && REQUEST_REF.test(text.text))) {
      untrusted = true;
      ref = text.text.trim();
      mutable ||= !outsiders.some((one) => /(?:Commit|SHA|REVISION)$/i.test(one));
    } else if (ref === '' && name === 'ref') ref = text.text.trim();
  }
  const written = fields.get('ref') ?? fields.get('refspec') ?? fields.get('url');
  const kind = untrusted ? 'untrusted' : fields.size === 0 ? 'own' : 'other';
  return {
    value: { checkout: { ...emptyValue('step').checkout, kind, ref: ref.slice(0, 500), mutableRef: mutable } },
    inputs,
    ...(written !== undefined && { places: { 'inputs.ref': contentRange(written), 'checkout.ref': contentRange(written) } }),
  };
}

function gitFields(call: GroovyCall): ReadonlyMap<string, GroovyNode> {
  const fields = new Map<string, GroovyNode>();
  const url = argumentOf(call, 'url', true);
  const ref = argumentOf(call, 'branch');
  if (url !== undefined) fields.set('url', url);
  if (ref !== undefined) fields.set('ref', ref);
  return fields;
}

/** `branches: [[name: …]]`, `userRemoteConfigs: [[url: …, refspec: …]]`, wherever they stand in the arguments. */
function scmFields(call: GroovyCall): ReadonlyMap<string, GroovyNode> {
  const fields = new Map<string, GroovyNode>();
  const visit = (node: GroovyNode, within: string, depth: number): void => {
    if (depth > 20 || (node.kind !== 'list' && node.kind !== 'call')) return;
    for (const { label = '', value } of node.kind === 'list' ? node.items : node.args) {
      if (value.kind === 'list' || value.kind === 'call') visit(value, label === '' ? within : label, depth + 1);
      else if (within === 'branches' && label === 'name') fields.set('ref', value);
      else if (within === 'userRemoteConfigs' && (label === 'url' || label === 'refspec')) fields.set(label, value);
    }
  };
  visit({ ...call, kind: 'call' }, '', 0);
  return fields;
}
