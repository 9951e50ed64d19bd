import type { Fact, SourceRange } from '../../core/index.js';
import type { ShellCommand, ShellMaskUse, ShellScript } from '../../syntax/shell/index.js';
import { state } from '../common/context.js';
import { followVariables } from '../common/followed-variables.js';
import { followScript, joinOrigins, type ScriptFlow } from '../github/command-output.js';
import { readLines } from '../github/environment-files-lines.js';
import { shellSinks } from '../github/shell-sinks.js';
import { emptyValue } from '../empty.js';
import type { FactValue } from '../schema.js';
import { isSecretName, languageOf, readShellScript, secretHandover } from '../shell/index.js';
import { isSecret, originOfUse } from './scope.js';
import { fileWrites } from './file-writes.js';
import type { Written } from './names.js';
import type { PrintedWrite, ScriptSource } from './source.js';
import { stateExpansion, type TextPlace } from './texts.js';
import type { TemplateUse } from './dialect.js';

type Sink = FactValue<'expansion'>['sink'];

/** What is known of the workspace before a script runs. */
export interface Workspace {
  /** An earlier step put an outsider's code there. */
  readonly untrusted: boolean;
  /** Variables that scripts of the job have set for later steps, by lower-case name. */
  readonly written: Written;
}

/** States the facts of a script; answers with its flow where a Bourne shell reads it. */
export function readScript(source: ScriptSource, place: TextPlace, workspace: Workspace): ScriptFlow | undefined {
  const { context, scope } = place;
  const { text } = source;
  if (context.shell === undefined) return undefined;
  const templates = source.templates ?? scope.dialect.templates?.(text.text) ?? [];
  const masks = templates.map(({ range }) => range);
  const reading = readShellScript({
    document: context.document,
    text: text.text,
    sourceRange: (range) => text.sourceRange(range),
    shell: source.shell,
    parser: context.shell,
    parents: place.parents,
    masks,
    ...(source.initial !== undefined && { initial: source.initial }),
  });
  // Arguments of a program are no script.
  for (const fact of reading.facts) if (source.withoutShell !== true || fact.kind !== 'script') context.facts.push(fact);
  const origins = templates.map((use) => originOfUse(use, scope));
  const { script } = reading;
  const commands = reading.facts.filter((fact) => fact.kind === 'command');
  stateTemplates(source, templates, script, commands, place);
  if (script === undefined) {
    const { code } = readLines({ text: text.text, masks, expressions: origins, env: scope.variables });
    for (const { command, origin, range } of code) {
      if (origin.controlledBy === 'attacker') stateExpansion({ text: text.text.slice(range.start, range.end), expression: '', origin, sink: 'eval', sinkName: command, range: text.sourceRange(range) }, place);
    }
    if (source.printed !== undefined) statePrinted(source.printed.lines({ text: text.text, masks, expressions: origins, env: scope.variables }), source, commands, place, workspace);
    return undefined;
  }
  stateDeclaredSecrets(script, source, commands, place);
  const flow = followScript(script, { expressions: origins, env: scope.variables, contextScope: { events: scope.triggers.map(({ event }) => event) }, untrustedWorkspace: workspace.untrusted });
  followVariables(reading.facts, flow, place);
  for (const { sink, command, range, origin } of shellSinks(flow)) {
    stateExpansion({ text: text.text.slice(range.start, range.end), expression: '', origin, sink, sinkName: command.name, range: text.sourceRange(range), command: commands[command.index] }, place);
  }
  if (source.environmentFiles !== undefined && source.environmentFiles.length > 0) carryVariables(source.environmentFiles, flow, source, commands, place);
  if (source.printed !== undefined) statePrinted(source.printed.shell(flow), source, commands, place, workspace);
  return flow;
}

/** States what the platform takes from the output, and keeps what the variables that are set so hold. */
function statePrinted(writes: readonly PrintedWrite[], { text }: ScriptSource, commands: readonly Fact[], place: TextPlace, { written }: Workspace): void {
  for (const { sink, name, range, origin, command } of writes) {
    const key = name.toLowerCase();
    const into = sink === 'output-file' ? place.scope.carried : sink === 'environment-file' ? written : undefined;
    const before = into?.get(key);
    if (name !== '') into?.set(key, before === undefined ? origin : joinOrigins(before, origin));
    if (origin.contexts.length === 0) continue;
    stateExpansion({ text: text.text.slice(range.start, range.end), expression: '', origin, sink, sinkName: name, range: text.sourceRange(range), command: command === undefined ? undefined : commands[command] }, place);
  }
}

/** States what is written to files that become variables of later jobs, and keeps what these variables hold. */
function carryVariables(files: readonly string[], flow: ScriptFlow, { text }: ScriptSource, commands: readonly Fact[], place: TextPlace): void {
  for (const { command, name, range, origin } of fileWrites(flow, files)) {
    if (origin.contexts.length === 0) continue;
    const before = place.scope.carried.get(name.toLowerCase());
    if (name !== '') place.scope.carried.set(name.toLowerCase(), before === undefined ? origin : joinOrigins(before, origin));
    stateExpansion({ text: text.text.slice(range.start, range.end), expression: '', origin, sink: 'environment-file', sinkName: name, range: text.sourceRange(range), command: commands[command.index] }, place);
  }
}

/** States an `expansion` for each template of a script, and a `secret-use` for those that hold secrets. */
function stateTemplates({ text, shell, withoutShell = false }: ScriptSource, templates: readonly TemplateUse[], script: ShellScript | undefined, commands: readonly Fact[], place: TextPlace): void {
  const uses = new Map<number, ShellMaskUse>();
  // Of several uses the one inside a string that is run as code comes first: it is the most dangerous.
  for (const use of script?.maskUses ?? []) if (!uses.has(use.mask)) uses.set(use.mask, use);
  const functions = new Set((script?.functions ?? []).map(({ name }) => name));
  const language = sinkOf(shell || script?.shebang || 'sh');
  templates.forEach((template, index) => {
    const use = uses.get(index);
    const command: ShellCommand | undefined = use === undefined ? undefined : script?.commands[use.command];
    const range = text.sourceRange(template.range);
    const written = text.text.slice(template.range.start, template.range.end);
    stateExpansion(
      {
        text: written,
        expression: template.expression,
        origin: originOfUse(template, place.scope),
        sink: use?.nested === true ? 'eval' : withoutShell ? 'argument' : language,
        sinkName: command?.name ?? '',
        range,
        quoting: withoutShell ? '' : (use?.quoting ?? ''),
        harmless: use?.place === 'comment' ? 'it stands in a comment' : withoutShell && use?.nested !== true ? staysInArgument(use, command) : '',
        command: command === undefined ? undefined : commands[command.index],
      },
      place,
    );
    markPasted(template, place);
    for (const name of template.names) {
      if (!isSecret(name, place.scope)) continue;
      const handover = command === undefined || use === undefined ? 'script' : secretHandover(use, command, functions) || 'script';
      state(place.context, 'secret-use', { ...emptyValue('secret-use'), name, text: written, handover, sinkName: command?.name ?? '', scope: place.secretScope }, range, {}, place.parents);
    }
  });
}

/** Without a shell a value stays in its argument; it can be an option where the argument begins with it. */
function staysInArgument(use: ShellMaskUse | undefined, command: ShellCommand | undefined): string {
  const word = use === undefined ? undefined : command?.words[use.word];
  if (use === undefined || command === undefined || word === undefined) return 'it stays in one argument';
  const within = use.range.start - word.range.start > (word.text.startsWith("'") ? 1 : 0);
  const before = command.words[use.word - 1]?.value ?? '';
  const ended = command.words.slice(0, use.word).some(({ value }) => value === '--');
  return within || ended || before.startsWith('-') ? 'it stays in one argument' : '';
}

/** Says of declared inputs that they become a part of a script. */
function markPasted({ names }: TemplateUse, { scope }: TextPlace): void {
  for (const name of names) {
    const input = scope.inputs.get(name);
    if (input !== undefined) input.fact.value.pasted = true;
  }
}

/** Secrets that their names do not show: declared ones, which `readShellScript` can not know. */
function stateDeclaredSecrets(script: ShellScript, { text }: ScriptSource, commands: readonly Fact[], place: TextPlace): void {
  const functions = new Set(script.functions.map(({ name }) => name));
  for (const expansion of script.expansions) {
    const command = script.commands[expansion.command];
    if (command === undefined || isSecretName(expansion.name) || !isSecret(expansion.name, place.scope)) continue;
    const handover = secretHandover(expansion, command, functions);
    if (handover === '') continue;
    const range: SourceRange = text.sourceRange(expansion.range);
    state(place.context, 'secret-use', { ...emptyValue('secret-use'), name: expansion.name, text: expansion.text, handover, sinkName: command.name }, range, {}, { ...place.parents, command: commands[command.index] as Fact });
  }
}

function sinkOf(shell: string): Sink {
  const language = languageOf(shell);
  if (language === 'python') return 'script-python';
  if (language === 'powershell') return 'script-powershell';
  return language === 'javascript' ? 'script-js' : 'script';
}
