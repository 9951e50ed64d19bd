import type { Fact, SourceRange } from '../../core/index.js';
import type { LocatedText } from '../../syntax/located-text.js';
import type { ShellMaskUse, ShellOptions, ShellScript } from '../../syntax/shell/index.js';
import { emptyValue } from '../empty.js';
import type { FactValue } from '../schema.js';
import { languageOf, readShellScript, secretHandover } from '../shell/index.js';
import { type Parents, type ReadContext, state } from '../common/context.js';
import type { Declared, DeclaredInputs } from '../common/parameters.js';
import { type Template, type TemplateGrammar, templatesIn } from './templates.js';
import { undeclaredVariables } from './variables.js';

type ExpansionValue = FactValue<'expansion'>;

/** One script or command line of a runbook. */
export interface ScriptSource {
  readonly text: LocatedText;
  /** Interpreter; empty takes that of the first line, or `sh`. */
  readonly shell: string;
  readonly grammar: TemplateGrammar;
  readonly inputs: DeclaredInputs;
  readonly parents: Parents;
  /** Options that the platform starts the interpreter with. */
  readonly initial?: Partial<ShellOptions>;
  /** The command line is split into words by the platform: no shell reads it. */
  readonly withoutShell?: boolean;
  /** Who controls templates that name no declared input, and what they are. */
  readonly origin?: (name: string) => Pick<ExpansionValue, 'source' | 'controlledBy'> | undefined;
  /** Templates whose value the platform quotes or that can hold no code, with the reason. */
  readonly sanitizer?: (template: Template) => string;
  /** Templates of `text`, where the caller knows them better than `grammar`. */
  readonly templates?: readonly Template[];
}

/** What a reader needs to know of a script that was read. */
export interface ScriptReading {
  /** Absent without a shell parser, and when another language is written. */
  readonly script?: ShellScript;
  /** Variables that it reads and that nothing declares or sets, with the place of their first use. */
  readonly undeclared: readonly { readonly name: string; readonly range: SourceRange }[];
}

/**
 * States the facts of a script, and an `expansion` for each template expression in it: what it names,
 * who controls that, how it is quoted and whether it becomes code.
 */
export function readScript(context: ReadContext, source: ScriptSource): ScriptReading {
  const { text, grammar, inputs, parents } = source;
  const templates = source.templates ?? templatesIn(text.text, grammar);
  if (context.shell === undefined) return { undeclared: [] };
  const reading = readShellScript({
    document: context.document,
    text: text.text,
    sourceRange: (range) => text.sourceRange(range),
    shell: source.shell,
    parser: context.shell,
    parents,
    masks: templates.map(({ range }) => range),
    ...(source.initial !== undefined && { initial: source.initial }),
  });
  for (const fact of reading.facts) {
    if (fact.kind === 'expansion' && fact.value.source === 'variable') followVariable(fact.value, inputs);
    context.facts.push(fact);
  }
  const { script } = reading;
  const uses = new Map<number, ShellMaskUse>();
  // Of several uses the one inside a string that is run as code comes first: it is the most dangerous.
  for (const use of script?.maskUses ?? []) if (!uses.has(use.mask)) uses.set(use.mask, use);
  const commands = reading.facts.filter((fact) => fact.kind === 'command');
  const sink = sinkOf(source.shell || script?.shebang || 'sh');
  const functions = new Set((script?.functions ?? []).map(({ name }) => name));
  templates.forEach((template, index) => {
    const use = uses.get(index);
    const within = use === undefined || use.command === -1 ? parents : { ...parents, command: commands[use.command] as Fact };
    stateTemplate(context, template, use, source, sink, within, use?.place === 'command-name' ? '' : (script?.commands[use?.command ?? -1]?.name ?? ''));
    const command = use === undefined ? undefined : script?.commands[use.command];
    const secret = template.names.map((name) => inputs.template(name)).find((declared) => declared?.fact.value.secret === true || declared?.fact.value.secretName === true);
    if (secret === undefined || command === undefined || use === undefined) return;
    const handover = secretHandover(use, command, functions);
    if (handover === '') return;
    state(context, 'secret-use', { ...emptyValue('secret-use'), name: secret.fact.value.name, text: text.text.slice(template.range.start, template.range.end), handover, sinkName: command.name }, text.sourceRange(template.range), {}, within);
  });
  if (script === undefined) return { undeclared: [] };
  const undeclared = undeclaredVariables(script, text.text, inputs).map(({ name, range }) => ({ name, range: text.sourceRange(range) }));
  return { script, undeclared };
}

function sinkOf(shell: string): ExpansionValue['sink'] {
  const language = languageOf(shell);
  if (language === 'python') return 'script-python';
  if (language === 'powershell') return 'script-powershell';
  return language === 'javascript' ? 'script-js' : 'script';
}

/** Tells of variables that are run as code or split which input they hold. */
function followVariable(value: ExpansionValue, inputs: DeclaredInputs): void {
  const declared = inputs.variable(value.expression);
  if (declared === undefined) return;
  const { restricted, controlledBy, name } = declared.fact.value;
  Object.assign(value, { source: 'parameter', context: name, contexts: [name], controlledBy, type: typeOf(declared), safe: restricted, sanitizer: restricted ? 'its declaration keeps code out' : '' });
}

function typeOf({ fact: { value } }: Declared): ExpansionValue['type'] {
  if (value.values.length > 0 && value.restricted) return 'choice';
  if (/^(?:int(?:eger)?|number|float|double)$/i.test(value.type)) return 'number';
  return /^bool(?:ean)?$/i.test(value.type) ? 'boolean' : 'string';
}

function stateTemplate(context: ReadContext, template: Template, use: ShellMaskUse | undefined, source: ScriptSource, language: ExpansionValue['sink'], parents: Parents, command: string): void {
  const { text, inputs } = source;
  const declared = template.names.map((name) => inputs.template(name)).filter((one) => one !== undefined);
  // Of several names the least restricted one decides.
  const first = declared.find(({ fact }) => !fact.value.restricted) ?? declared[0];
  const origin = first === undefined ? template.names.map((name) => source.origin?.(name)).find((one) => one !== undefined) : undefined;
  const comment = use?.place === 'comment';
  const sanitizer = comment ? 'it stands in a comment' : first !== undefined && declared.every(({ fact }) => fact.value.restricted) ? 'its declaration keeps code out' : (source.sanitizer?.(template) ?? '');
  if (first !== undefined) first.fact.value.pasted ||= !comment;
  state(
    context,
    'expansion',
    {
      ...emptyValue('expansion'),
      text: text.text.slice(template.range.start, template.range.end),
      expression: template.expression,
      context: first === undefined ? (template.names[0] ?? '') : (template.names.find((name) => inputs.template(name) === first) ?? ''),
      contexts: [...template.names],
      source: first !== undefined ? 'parameter' : (origin?.source ?? ''),
      type: first === undefined ? '' : typeOf(first),
      controlledBy: first?.fact.value.controlledBy ?? origin?.controlledBy ?? 'unknown',
      sink: source.withoutShell === true ? (use?.nested === true ? 'eval' : 'argument') : use?.nested === true ? 'eval' : language,
      sinkName: command,
      safe: sanitizer !== '',
      sanitizer,
      quoting: use?.quoting ?? '',
    },
    text.sourceRange(template.range),
    {},
    parents,
  );
}
