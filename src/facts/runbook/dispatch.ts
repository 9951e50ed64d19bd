import type { Diagnostic, Document, Fact, SourceRange } from '../../core/index.js';
import type { AnyFact } from '../schema.js';
import { parseYamlPart } from '../../syntax/yaml-part.js';
import { get } from '../../syntax/yaml-query.js';
import type { ReadContext } from '../common/context.js';
import { stateParameter } from '../common/parameters.js';
import { contentAt, contentOf, entriesOf, isTrue, textOf, textsOf } from '../common/values.js';

const ON = /^(?:on|"on"|'on')[ \t]*:/m;
const SCRIPTS = new Set(['script', 'script-js', 'script-powershell', 'script-python', 'code-input', 'command-input', 'eval']);

/**
 * States the inputs that a workflow asks for when someone starts it by hand, as parameters: operators use such
 * workflows as runbooks. The file stays a pipeline; `facts` are what its own reader stated.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs
 */
export function readDispatchInputs(document: Document, facts: AnyFact[]): void {
  const part = triggersOf(document.text);
  if (part === undefined) return;
  // What is wrong with the file its own reader has said.
  const diagnostics: Diagnostic[] = [];
  const context: ReadContext = { document, shell: undefined, facts, diagnostics };
  const root = parseYamlPart(document.text, part).documents[0];
  const pipeline = facts.find(({ kind }) => kind === 'pipeline') as Fact | undefined;
  const inputs = get(get(get(root, 'on')?.value, 'workflow_dispatch')?.value, 'inputs')?.value;
  const pasted = new Set(facts.flatMap((fact) => (fact.kind === 'expansion' && SCRIPTS.has(fact.value.sink) ? fact.value.contexts : [])));
  for (const { name, key, value } of entriesOf(inputs)) {
    const options = textsOf(get(value, 'options')?.value);
    const type = textOf(value, 'type') || 'string';
    stateParameter(context, {
      value: {
        name,
        type,
        where: 'pipeline',
        description: textOf(value, 'description'),
        required: isTrue(get(value, 'required')?.value),
        hasDefault: get(value, 'default') !== undefined,
        default: textOf(value, 'default'),
        values: options,
        restricted: options.length > 0 || type === 'environment',
        pasted: pasted.has(`inputs.${name}`) || pasted.has(`github.event.inputs.${name}`),
      },
      whole: contentOf(key),
      places: { type: contentAt(value, 'type'), default: contentAt(value, 'default'), description: contentAt(value, 'description') },
      parents: pipeline === undefined ? {} : { pipeline },
    });
  }
}

/** The part of a workflow that says what starts it, where it can be started by hand with inputs. */
function triggersOf(text: string): SourceRange | undefined {
  if (!text.includes('workflow_dispatch')) return undefined;
  const on = ON.exec(text);
  if (on === null) return undefined;
  const after = on.index + on[0].length;
  const next = /^[^\s#]/gm;
  next.lastIndex = after;
  const end = next.exec(text)?.index ?? text.length;
  const part = text.slice(on.index, end);
  return part.includes('workflow_dispatch') && part.includes('inputs') ? { start: on.index, end } : undefined;
}
