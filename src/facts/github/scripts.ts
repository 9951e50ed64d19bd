import type { SourceRange } from '../../core/index.js';
import type { ShellCommand, ShellScript } from '../../syntax/shell/index.js';
import { emptyValue } from '../empty.js';
import type { AnyFact, FactValue } from '../schema.js';
import { executesWorkspace, readShellScript, secretHandover, type ShellReading } from '../shell/index.js';
import { readCheckoutCommands } from './checkout-commands.js';
import { followScript, isBelow, type ScriptFlow } from './command-output.js';
import { followVariables } from '../common/followed-variables.js';
import { originHere, originValue, sanitizerOf } from '../common/origins.js';
import { state } from './context.js';
import { type Place, traceOf } from './emit.js';
import type { FileWrite } from './environment-files.js';
import { readLines as readScriptLines } from './environment-files-lines.js';
import { publishedBy } from './publishing.js';
import type { Origin } from './scope.js';
import { shellSinks } from './shell-sinks.js';
import { download, type StepState } from './step-derived.js';
import { type StepTaint, taintOfScript, taintOfWrites } from './taint.js';
import type { ReadText } from './values.js';

type StepValue = FactValue<'step'>;

/**
 * Reads the script of a step: states its commands, adds to the step's value what it checks out, downloads,
 * runs from the workspace and publishes, and answers with what it writes to the platform's files.
 * Undefined when it is in no language of the shell.
 */
export function readScript(run: ReadText, value: StepValue, place: Place, steps: StepState, explicitShell: boolean): StepTaint | undefined {
  const { scope } = place;
  const reading = readScriptFacts(run, value.shell, place, explicitShell);
  if (reading === undefined) return undefined;
  if (reading.script === undefined) return readLines(run, place);
  placeSecrets(reading.script, run, place);
  const flow = followScript(reading.script, {
    expressions: run.origins,
    env: scope.env,
    contextScope: scope.contextScope,
    untrustedWorkspace: steps.untrustedCheckout || steps.untrustedArtifact,
    untrustedFolders: steps.untrustedFolders,
  });
  followVariables(reading.facts, flow, place);
  for (const { sink, command, range, origin } of shellSinks(flow)) emitSink({ sink, name: command.name, range, origin }, run, place);
  const taint = taintOfScript(flow);
  deriveCommands(value, flow, steps);
  for (const write of taint.writes) emitWrite(write, run, place);
  return taint;
}

/** What a script in another language writes to the platform's files, line by line. */
function readLines(run: ReadText, place: Place): StepTaint {
  const masks = run.template.expressions.map(({ outer }) => outer);
  const { writes, code } = readScriptLines({ text: run.scalar.text, masks, expressions: run.origins, env: place.scope.env });
  for (const { command, origin, range } of code) if (origin.controlledBy === 'attacker') emitSink({ sink: 'eval', name: command, range, origin }, run, place);
  for (const write of writes) emitWrite(write, run, place);
  return taintOfWrites(writes);
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
  const { facts } = place.context;
  // The facts of a step stand together, behind the step itself.
  for (let at = facts.length - 1; at >= 0; at--) {
    const fact = facts[at] as AnyFact;
    if (fact.kind === 'step') break;
    if (fact.kind !== 'secret-use' || fact.value.sinkName !== 'run') continue;
    const use = uses.get(fact.locate().start);
    const command = use === undefined ? undefined : script.commands[use.command];
    if (use === undefined || command === undefined) continue;
    const handover = secretHandover(use, command, functions);
    if (handover !== '') Object.assign(fact.value, { handover, sinkName: command.name });
  }
}

function deriveCommands(value: StepValue, flow: ScriptFlow, steps: StepState): void {
  const executes: string[] = [];
  const checkout = readCheckoutCommands(flow, steps.events);
  for (const command of flow.script.commands) {
    const elsewhere = executedFrom(command, steps.untrustedFolders);
    if (elsewhere !== undefined) value.afterUntrustedArtifact = true;
    const executed = elsewhere ?? executesWorkspace({ name: command.name, path: command.path, args: command.words.map((word) => word.value) });
    if (executed !== undefined) {
      if (!executes.includes(executed)) executes.push(executed);
      if (checkout !== undefined && checkout.value.executed === '' && command.index > checkout.index) checkout.value.executed = executed;
      if (value.downloadsArtifact.crossRun && value.downloadsArtifact.executed === '') value.downloadsArtifact.executed = executed;
    }
    if (value.publishes === '') value.publishes = publishedBy(command);
    if (needsToken(command)) steps.pushes = true;
    const path = downloadPath(command) ?? (steps.archive ? unpackedPath(command) : undefined);
    if (path !== undefined) value.downloadsArtifact = download(path, true);
    else if (fetchesArchive(command)) steps.archive = true;
  }
  value.executes = executes;
  if (checkout !== undefined) value.checkout = checkout.value;
}

const INTERPRETERS = /^(?:(?:ba|da|z|k)?sh|source|\.|python[\d.]*|node|perl|ruby|php|pwsh|deno|bun)$/;

/** What a command runs from a folder outside the workspace that holds an outsider's files. */
function executedFrom(command: ShellCommand, folders: readonly string[]): string | undefined {
  if (folders.length === 0) return undefined;
  const file = INTERPRETERS.test(command.name) ? command.operands[0] : command.path;
  return file !== undefined && folders.some((folder) => isBelow(file, folder)) ? file : undefined;
}

/** Where an archive is unpacked to; undefined for other commands. */
function unpackedPath(command: ShellCommand): string | undefined {
  const words = command.words.map((word) => word.value);
  const option = command.name === 'unzip' ? '-d' : command.name === 'tar' || command.name === 'bsdtar' ? '-C' : undefined;
  if (option === undefined) return command.name === '7z' && words[0] === 'x' ? (words.find((word) => word.startsWith('-o'))?.slice(2) ?? '') : undefined;
  if (command.name !== 'unzip' && !/^-{0,2}(?:[a-z]*x|extract|get)/.test(words[0] ?? '')) return undefined;
  // `unzip -p` and `-l` only print.
  if (command.name === 'unzip' && command.flags.some((flag) => flag === '-p' || flag === '-l' || flag === '-t' || flag === '-Z')) return undefined;
  const at = words.indexOf(option);
  return at < 0 ? (words.find((word) => word.startsWith('--directory='))?.slice('--directory='.length) ?? '') : (words[at + 1] ?? '');
}

/** `gh api repos/x/actions/artifacts/1/zip > a.zip`, or the same by `curl`. */
function fetchesArchive(command: ShellCommand): boolean {
  if (command.name !== 'gh' && command.name !== 'curl' && command.name !== 'wget') return false;
  return command.words.some(({ value }) => /\/artifacts\b|archive_download_url|ARTIFACT/i.test(value));
}

const TOKEN_COMMANDS = new Set(['push', 'fetch', 'pull', 'submodule', 'lfs', 'ls-remote']);

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
  emitSink({ sink: SINKS[write.file], name: write.name, range: write.range, origin }, run, place);
}

/** A place of a script that a value was followed to. */
interface FollowedSink {
  readonly sink: FactValue<'expansion'>['sink'];
  /** Of the variable or command. */
  readonly name: string;
  /** In the script. */
  readonly range: SourceRange;
  readonly origin: Origin;
}

function emitSink({ sink, name, range: within, origin: anywhere }: FollowedSink, run: ReadText, place: Place): void {
  const origin = originHere(anywhere, place);
  const sanitizer = sanitizerOf(origin, sink);
  const range: SourceRange = run.scalar.sourceRange(within);
  state(
    place.context,
    'expansion',
    {
      ...emptyValue('expansion'),
      text: run.scalar.text.slice(within.start, within.end),
      ...originValue(origin, place),
      sink,
      sinkName: name,
      safe: sanitizer !== '',
      sanitizer,
    },
    place.parents,
    () => range,
    traceOf(anywhere, place),
  );
}
