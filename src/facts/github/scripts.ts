import type { SourceRange } from '../../core/index.js';
import type { ShellCommand, ShellScript } from '../../syntax/shell/index.js';
import { type AnyFact, emptyValue, type FactValue } from '../schema.js';
import { executesWorkspace, readShellScript, secretHandover, type ShellReading } from '../shell/index.js';
import { readCheckoutCommands } from './checkout-commands.js';
import { followScript, type ScriptFlow } from './command-output.js';
import { state } from './context.js';
import { privilegedIn, type Place, sanitizerOf } from './emit.js';
import type { FileWrite } from './environment-files.js';
import { publishedBy } from './publishing.js';
import { LITERAL } from './scope.js';
import { download, type StepState } from './step-derived.js';
import { type StepTaint, taintOfScript } from './taint.js';
import type { ReadText } from './values.js';

type StepValue = FactValue<'step'>;

/**
 * Reads the script of a step: states its commands, adds to the step's value what it checks out, downloads,
 * runs from the workspace and publishes, and answers with what it writes to the platform's files.
 * Undefined when it is in no language of the shell.
 */
export function readScript(run: ReadText, value: StepValue, place: Place, steps: StepState): StepTaint | undefined {
  const { scope } = place;
  const reading = readScriptFacts(run, value.shell, place, steps.explicitShell);
  if (reading?.script === undefined) return undefined;
  placeSecrets(reading.script, run, place);
  const flow = followScript(reading.script, {
    expressions: run.origins,
    env: scope.env,
    contextScope: scope.contextScope,
    untrustedWorkspace: steps.untrustedCheckout || steps.untrustedArtifact,
  });
  followVariables(reading.facts, flow, place);
  const taint = taintOfScript(flow);
  deriveCommands(value, flow, steps);
  for (const write of taint.writes) emitWrite(write, run, place);
  return taint;
}

/** States the facts of a script that the platform hands to a shell. */
export function readScriptFacts(run: ReadText, shell: string, place: Place, explicitShell: boolean): ShellReading | undefined {
  const { context } = place;
  if (context.shell === undefined) return undefined;
  const reading = readShellScript({
    document: context.document,
    text: run.scalar.text,
    sourceRange: (range) => run.scalar.sourceRange(range),
    shell,
    parser: context.shell,
    parents: place.parents,
    masks: run.template.expressions.map(({ outer }) => outer),
    // `bash -e {0}` by default, `bash --noprofile --norc -eo pipefail {0}` where `bash` is written.
    initial: { errexit: true, pipefail: explicitShell && shell === 'bash' },
    withoutTokens: true,
  });
  for (const fact of reading.facts) context.facts.push(fact);
  return reading;
}

/** Tells of secrets that expressions put into the script how its commands get them. */
function placeSecrets(script: ShellScript, run: ReadText, place: Place): void {
  if (run.value.secrets.length === 0) return;
  const functions = new Set(script.functions.map(({ name }) => name));
  const uses = new Map(script.maskUses.map((use) => [run.scalar.sourceRange(use.range).start, use]));
  for (const fact of place.context.facts) {
    if (fact.kind !== 'secret-use' || fact.parents['step'] !== place.parents['step'] || fact.value.sinkName !== 'run') continue;
    const use = uses.get(fact.locate().start);
    const command = use === undefined ? undefined : script.commands[use.command];
    if (use === undefined || command === undefined) continue;
    const handover = secretHandover(use, command, functions);
    if (handover !== '') Object.assign(fact.value, { handover, sinkName: command.name });
  }
}

/** Tells of variables that are run as code or split who controls what they hold. */
function followVariables(facts: readonly AnyFact[], flow: ScriptFlow, place: Place): void {
  for (const fact of facts) {
    if (fact.kind !== 'expansion' || fact.value.source !== 'variable') continue;
    const written = flow.script.expansions.find((expansion) => expansion.name === fact.value.expression);
    const origin = written === undefined ? LITERAL : flow.range(written.range);
    if (origin.contexts.length === 0) continue;
    Object.assign(fact.value, {
      context: origin.context,
      contexts: [...origin.contexts],
      source: origin.source,
      type: origin.type,
      controlledBy: origin.controlledBy,
      events: [...origin.events],
      privileged: privilegedIn(origin, place),
    });
  }
}

function deriveCommands(value: StepValue, flow: ScriptFlow, steps: StepState): void {
  const executes: string[] = [];
  for (const command of flow.script.commands) {
    const executed = executesWorkspace({ name: command.name, path: command.path, args: command.words.map((word) => word.value) });
    if (executed !== undefined && !executes.includes(executed)) executes.push(executed);
    if (value.publishes === '') value.publishes = publishedBy(command);
    if (needsToken(command)) steps.pushes = true;
    const path = downloadPath(command);
    if (path !== undefined) value.downloadsArtifact = download(path, true);
  }
  value.executes = executes;
  value.checkout = readCheckoutCommands(flow, steps.events);
}

const TOKEN_COMMANDS = new Set(['push', 'fetch', 'pull', 'submodule', 'lfs', 'ls-remote', 'clone']);

/** Commands of git, and of tools that call it, that authenticate with what a checkout left. */
function needsToken(command: ShellCommand): boolean {
  if (command.name === 'git') return TOKEN_COMMANDS.has(command.operands[0] ?? '');
  return command.name === 'semantic-release' || (command.name === 'mkdocs' && command.operands[0] === 'gh-deploy') || (command.name === 'npm' && command.operands[0] === 'version');
}

/** Where `gh run download` puts the files of another run. */
function downloadPath(command: ShellCommand): string | undefined {
  if (command.name !== 'gh' || command.operands[0] !== 'run' || command.operands[1] !== 'download') return undefined;
  const at = command.words.findIndex((word) => word.value === '-D' || word.value === '--dir' || word.value.startsWith('--dir='));
  if (at < 0) return '';
  const option = command.words[at]?.value ?? '';
  return option.startsWith('--dir=') ? option.slice('--dir='.length) : (command.words[at + 1]?.value ?? '');
}

const SINKS = { env: 'environment-file', path: 'path-file', output: 'output-file' } as const;

/** States what a command writes to one of the platform's files, where that is not the script's own text. */
function emitWrite(write: FileWrite, run: ReadText, place: Place): void {
  const { origin } = write;
  if (write.file === 'state' || origin.contexts.length === 0) return;
  const sink = SINKS[write.file];
  const sanitizer = sanitizerOf(origin, sink);
  const range: SourceRange = run.scalar.sourceRange(write.range);
  state(
    place.context,
    'expansion',
    {
      ...emptyValue('expansion'),
      text: run.scalar.text.slice(write.range.start, write.range.end),
      context: origin.context,
      contexts: [...origin.contexts],
      source: origin.source,
      type: origin.type,
      controlledBy: origin.controlledBy,
      sink,
      sinkName: write.name,
      safe: sanitizer !== '',
      events: [...origin.events],
      privileged: privilegedIn(origin, place),
      sanitizer,
    },
    place.parents,
    () => range,
  );
}
