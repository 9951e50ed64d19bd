import type { GroovyCall, GroovyNode, GroovyStatement } from '../../syntax/groovy/index.js';
import type { ScriptSource, TemplateUse, TriggerSource } from '../pipeline/index.js';
import { matchTemplates } from '../pipeline/index.js';
import { containerOf, minutesOf, podOf, readAgent } from './agents.js';
import { addStep, type Draft, type JobDraft, type Place } from './build.js';
import { readCheckout } from './checkout.js';
import { approval, both, testChecks } from './conditions.js';
import { boundVariables, setVariables } from './credentials.js';
import { calledLibrary } from './libraries.js';
import { readParameter } from './parameters.js';
import { argumentOf, itemsOf, literalOf, type PastedText } from './values.js';
import { WEBHOOK } from './variables.js';

const SHELLS: Readonly<Record<string, string>> = { sh: '', bat: 'cmd', powershell: 'powershell', pwsh: 'pwsh' };
const MAX_DEPTH = 150;
const OUTSIDERS_FIELD = /\b(?:pull_request|merge_request|object_attributes|issue|comment|head_commit|commits|review|sender|forkee)\b/;

/** Reads statements of a scripted pipeline, or of the `steps` of a stage. */
export function readStatements(statements: readonly GroovyStatement[], outer: Place, job: JobDraft, draft: Draft): void {
  if (outer.depth > MAX_DEPTH) return;
  let place: Place = { ...outer, depth: outer.depth + 1 };
  for (const one of statements) {
    switch (one.kind) {
      case 'control': {
        for (const { value } of one.tested) readNode(value, place, job, draft);
        const checks = one.keyword === 'if' ? both(place.checks, testChecks(one.tested, draft.source)) : place.checks;
        readStatements(one.body, { ...place, checks }, job, draft);
        break;
      }
      case 'function':
        readStatements(one.body, { ...place, stage: one.name }, job, draft);
        break;
      case 'assignment':
        readNode(one.value, place, job, draft);
        if (/^env\.\w+$/.test(one.name)) place = { ...place, variables: [...place.variables, { name: one.name.slice(4), value: draft.values.pasted(one.value).text }] };
        break;
      case 'expression':
        readNode(one.node, place, job, draft);
        if (one.node.kind === 'call' && asksSomeone(one.node)) place = { ...place, checks: both(place.checks, approval('input')) };
        break;
      default:
    }
  }
}

/** `input 'go on?'`, also with a time limit around it. */
function asksSomeone(call: GroovyCall): boolean {
  if (call.name === 'input') return true;
  if (call.name !== 'timeout' && call.name !== 'script' && call.name !== 'milestone') return false;
  return call.closure?.statements.some((one) => one.kind === 'expression' && one.node.kind === 'call' && one.node.name === 'input') === true;
}

/** Reads the calls of an expression. */
export function readNode(node: GroovyNode, place: Place, job: JobDraft, draft: Draft): void {
  if (place.depth > MAX_DEPTH) return;
  const inner: Place = { ...place, depth: place.depth + 1 };
  switch (node.kind) {
    case 'call':
      readCall(node, inner, job, draft);
      return;
    case 'closure':
      readStatements(node.statements, inner, job, draft);
      return;
    case 'list':
      for (const { value } of node.items) readNode(value, inner, job, draft);
      return;
    case 'operation':
      for (const operand of node.operands) readNode(operand, inner, job, draft);
      return;
    case 'property':
      readNode(node.on, inner, job, draft);
      return;
    default:
  }
}

function readCall(call: GroovyCall, place: Place, job: JobDraft, draft: Draft): void {
  const { values } = draft;
  if (Object.hasOwn(SHELLS, call.name) && call.on === undefined) {
    readScriptStep(call, place, job, draft);
    return;
  }
  switch (call.name) {
    case 'node':
      readNodeBlock(call, place, draft);
      return;
    case 'stage':
      readInside(call, { ...place, stage: literalOf(argumentOf(call, 'name', true)) || place.stage }, job, draft);
      return;
    case 'withCredentials':
      readInside(call, { ...place, variables: [...place.variables, ...boundVariables(call)] }, job, draft);
      return;
    case 'withEnv':
      readInside(call, { ...place, variables: [...place.variables, ...setVariables(call, values)] }, job, draft);
      return;
    case 'timeout':
      readInside(call, { ...place, minutes: minutesOf(call) }, job, draft);
      return;
    case 'catchError':
    case 'warnError':
      readInside(call, { ...place, ignores: literalOf(argumentOf(call, 'buildResult')) !== 'FAILURE' }, job, draft);
      return;
    case 'podTemplate':
      readInside(call, { ...place, pod: [...place.pod, ...podOf(argumentOf(call, 'yaml'), values), ...templateContainers(call, draft)] }, job, draft);
      return;
    case 'checkout':
    case 'git':
      if (call.on === undefined) addStep(draft, job, place, call, readCheckout(call, values));
      return;
    case 'library': {
      const reference = calledLibrary(call, values);
      if (reference !== undefined) draft.references.push(reference);
      return;
    }
    case 'parameters':
      readParameters(call, draft);
      return;
    case 'triggers':
    case 'pipelineTriggers':
      readTriggers(call, draft);
      return;
    case 'load':
    case 'evaluate':
      readCode(call, place, job, draft);
      break;
    case 'docker.image':
    case 'docker.build':
      readImage(call, undefined, place, job, draft);
      return;
    case 'echo':
    case 'println':
    case 'print':
    case 'httpRequest':
      readTexts(call, place, job, draft);
      break;
    case 'archiveArtifacts':
      addStep(draft, job, place, call, { value: { uploadsArtifact: literalOf(argumentOf(call, 'artifacts', true)).split(',').flatMap((path) => path.trim() || []) } });
      return;
    default:
      if (call.name === 'push' || call.name.endsWith('.push')) addStep(draft, job, place, call, { value: { publishes: 'container' } });
  }
  if (call.on?.kind === 'call' && call.on.name === 'docker.image') {
    readImage(call.on, call, place, job, draft);
    if (call.closure !== undefined) readStatements(call.closure.statements, place, job, draft);
    return;
  }
  if (call.on !== undefined) readNode(call.on, place, job, draft);
  readInside(call, place, job, draft);
}

function readInside(call: GroovyCall, place: Place, job: JobDraft, draft: Draft): void {
  for (const { label, value } of call.args) readNode(value, label !== undefined && value.kind === 'closure' ? { ...place, stage: label } : place, job, draft);
  if (call.closure !== undefined) readStatements(call.closure.statements, place, job, draft);
}

function readNodeBlock(call: GroovyCall, place: Place, draft: Draft): void {
  const label = argumentOf(call, 'label', true);
  const labels = label === undefined || label.kind === 'closure' ? [] : [draft.values.pasted(label).text];
  const job: JobDraft = {
    id: place.stage || literalOf(label) || 'node',
    whole: { start: call.nameRange.start, end: call.closure?.range.start ?? call.range.end },
    agent: { labels, pod: place.pod, none: false },
    minutes: place.minutes,
    minutesRange: undefined,
    steps: [],
  };
  draft.jobs.push(job);
  readInside(call, place, job, draft);
}

/** `sh 'x'`, `sh(script: "…", returnStdout: true)`: https://www.jenkins.io/doc/pipeline/steps/workflow-durable-task-step/ */
function readScriptStep(call: GroovyCall, place: Place, job: JobDraft, draft: Draft): void {
  const script = argumentOf(call, 'script', true);
  if (script === undefined) return;
  const pasted = draft.values.pasted(script);
  const shell = SHELLS[call.name] as string;
  const source: ScriptSource = {
    text: pasted.text,
    shell,
    templates: call.name === 'bat' ? withPercents(pasted) : pasted.templates,
    // `sh -xe`, unless the first line names an interpreter.
    ...(shell === '' && !pasted.text.text.startsWith('#!') && { initial: { errexit: true } }),
  };
  addStep(draft, job, place, call, { value: { name: literalOf(argumentOf(call, 'label')) || place.stage }, script: source });
}

/** `%X%` is replaced by its text before a line of a batch file is parsed. */
function withPercents({ text, templates }: PastedText): readonly TemplateUse[] {
  const percents = matchTemplates(text.text, /%([A-Za-z_]\w{0,200})%/g, (_, expression) => [expression]);
  const free = percents.filter(({ range }) => !templates.some((other) => other.range.start < range.end && range.start < other.range.end));
  return [...templates, ...free].sort((a, b) => a.range.start - b.range.start);
}

/** Groovy that is run with the rights of the build's server: `load 'x.groovy'`, `evaluate(text)`. */
function readCode(call: GroovyCall, place: Place, job: JobDraft, draft: Draft): void {
  const argument = argumentOf(call, 'path', true);
  if (argument === undefined) return;
  const { text, templates } = draft.values.pasted(argument);
  const what = `${call.name} ${text.text.trim()}`.slice(0, 200);
  addStep(draft, job, place, call, {
    value: { executes: [what] },
    ...(templates.length > 0 && { inputs: [{ name: call.name, text, sink: call.name === 'evaluate' ? 'eval' : 'path', templates }] }),
  });
}

/** `docker.image('x').inside('-v …') { … }`: https://www.jenkins.io/doc/book/pipeline/docker/ */
function readImage(call: GroovyCall, method: GroovyCall | undefined, place: Place, job: JobDraft, draft: Draft): void {
  const image = argumentOf(call, 'image', true);
  if (image === undefined || call.name === 'docker.build') return;
  const args = method !== undefined && /^(?:inside|run|withRun)$/.test(method.name) ? argumentOf(method, 'args', true) : undefined;
  const container = args?.kind === 'closure' ? undefined : containerOf(args, draft.values);
  const publishes = method?.name === 'push' ? 'container' : '';
  addStep(draft, job, place, call, { value: { publishes }, image: { text: draft.values.pasted(image).text, where: 'container', ...(container !== undefined && { container }) } });
}

/** Where values are printed to the log or become part of an address. */
function readTexts(call: GroovyCall, place: Place, job: JobDraft, draft: Draft): void {
  const request = call.name === 'httpRequest';
  const argument = argumentOf(call, request ? 'url' : 'message', true);
  if (argument === undefined || argument.kind === 'closure') return;
  const { text, templates } = draft.values.pasted(argument);
  if (templates.length === 0 && !request) return;
  addStep(draft, job, place, call, { value: {}, inputs: [{ name: call.name, text, templates, ...(request ? { sink: 'url', handover: 'url' } : { sink: 'name', handover: 'log' }) }] });
}

function templateContainers(call: GroovyCall, { values }: Draft): Place['pod'] {
  return itemsOf(argumentOf(call, 'containers')).flatMap(({ value }) => {
    if (value.kind !== 'call' || value.name !== 'containerTemplate') return [];
    const image = argumentOf(value, 'image');
    const privileged = argumentOf(value, 'privileged');
    return image === undefined ? [] : [{ name: literalOf(argumentOf(value, 'name')) || 'container', text: values.pasted(image).text, where: 'container' as const, container: { privileged: privileged?.kind === 'name' && privileged.path === 'true' } }];
  });
}

function readParameters(call: GroovyCall, draft: Draft): void {
  const inside = (call.closure?.statements ?? []).flatMap((one) => (one.kind === 'expression' ? [one.node] : []));
  for (const node of [...call.args.flatMap(({ value }) => itemsOf(value)).map(({ value }) => value), ...inside]) {
    const input = node.kind === 'call' ? readParameter(node) : undefined;
    if (input !== undefined) draft.inputs.push(input);
  }
}

/** https://www.jenkins.io/doc/book/pipeline/syntax/#triggers and the plugin `generic-webhook-trigger` */
function readTriggers(call: GroovyCall, draft: Draft): void {
  const inside = (call.closure?.statements ?? []).flatMap((one) => (one.kind === 'expression' ? [one.node] : []));
  for (const node of [...call.args.flatMap(({ value }) => itemsOf(value)).map(({ value }) => value), ...inside]) {
    if (node.kind !== 'call') continue;
    if (node.name === 'GenericTrigger') draft.triggers.push(webhook(node, draft));
    else if (node.name === 'cron' || node.name === 'parameterizedCron') draft.triggers.push({ event: 'schedule', by: 'trusted' });
  }
}

function webhook(call: GroovyCall, draft: Draft): TriggerSource {
  const open = argumentOf(call, 'token') === undefined && argumentOf(call, 'tokenCredentialId') === undefined;
  for (const { value } of itemsOf(argumentOf(call, 'genericVariables'))) {
    const fields = value.kind === 'list' ? value.items : [];
    const key = literalOf(fields.find(({ label }) => label === 'key')?.value);
    const path = literalOf(fields.find(({ label }) => label === 'value')?.value);
    if (key !== '') draft.received.set(key, open || OUTSIDERS_FIELD.test(path));
  }
  const outsiders = open || [...draft.received.values()].includes(true);
  if (open) draft.places.triggers ??= { start: call.nameRange.start, end: call.nameRange.end };
  return { event: WEBHOOK, by: outsiders ? 'attacker' : 'collaborator', privileged: true, types: [open ? 'open' : 'token'] };
}

/** Reads the agent of a stage or pipeline, where it has one. */
export function agentOf(statements: readonly GroovyStatement[], draft: Draft): { readonly call: GroovyCall; readonly agent: JobDraft['agent'] } | undefined {
  for (const one of statements) {
    if (one.kind === 'expression' && one.node.kind === 'call' && one.node.name === 'agent') return { call: one.node, agent: readAgent(one.node, draft.values) };
  }
  return undefined;
}
