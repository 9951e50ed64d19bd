import type { SourceRange } from '../../../core/index.js';
import type { YamlNode } from '../../../syntax/yaml-node.js';
import { get } from '../../../syntax/yaml-query.js';
import { stemOf, type ReadContext } from '../../common/context.js';
import { contentAt, contentOf, entriesOf, isFalse, isTrue, itemsOf, mentions, pairAt, scalarOf, secondsOf, textOf, textsOf } from '../../common/values.js';
import { type RundeckJob, type RundeckOption, type RundeckStep, stateJob } from './job.js';

/** States the facts of a file of jobs in YAML. */
export function readRundeckYaml(root: YamlNode, context: ReadContext): void {
  for (const job of itemsOf(root)) if (get(job, 'sequence') !== undefined) stateJob(jobOf(job, context), context);
}

function jobOf(node: YamlNode, context: ReadContext): RundeckJob {
  const sequence = get(node, 'sequence')?.value;
  const notification = get(node, 'notification')?.value;
  const filters = get(node, 'nodefilters')?.value;
  const dispatch = get(filters, 'dispatch')?.value;
  const filter = textOf(filters, 'filter');
  const threads = Number(textOf(dispatch, 'threadcount') || '1');
  const timeout = scalarOf(node, 'timeout');
  return {
    whole: contentAt(node, 'name') ?? node.range,
    value: {
      name: textOf(node, 'name') || stemOf(context.document.path),
      description: textOf(node, 'description'),
      timeoutSeconds: timeout === undefined ? -1 : secondsOf(timeout.text),
      scheduled: get(node, 'schedule') !== undefined || get(node, 'schedules') !== undefined,
      notifies: notification !== undefined,
      hosts: filter,
      everyHost: /^\s*\.\*\s*$|name:\s*\.\*/.test(filter),
      batched: threads <= 1,
      errorLimit: isFalse(get(dispatch, 'keepgoing')?.value),
      keepGoing: isTrue(get(sequence, 'keepgoing')?.value) || isTrue(get(dispatch, 'keepgoing')?.value),
      approvals: itemsOf(get(sequence, 'commands')?.value).filter((step) => mentions(step, /approv/i)).map((step) => textOf(step, 'type') || 'approval'),
      rollback: itemsOf(get(sequence, 'commands')?.value).some((step) => get(step, 'errorhandler') !== undefined),
    },
    places: {
      name: contentAt(node, 'name'),
      description: contentAt(node, 'description'),
      timeoutSeconds: contentAt(node, 'timeout'),
      hosts: contentAt(filters, 'filter'),
      notifies: pairAt(node, 'notification'),
      keepGoing: contentAt(sequence, 'keepgoing') ?? contentAt(dispatch, 'keepgoing'),
      scheduled: pairAt(node, 'schedule'),
    },
    options: optionsOf(get(node, 'options')?.value),
    steps: itemsOf(get(sequence, 'commands')?.value).map((step) => stepOf(step, isTrue(get(sequence, 'keepgoing')?.value))),
    urls: notification === undefined ? [] : urlsOf(notification),
  };
}

/** A list of options, or in old files a mapping by name. */
function optionsOf(node: YamlNode | undefined): RundeckOption[] {
  if (node?.kind === 'mapping') return [...entriesOf(node)].map(({ name, key, value }) => optionOf(value, name, key.range));
  return itemsOf(node).map((option) => optionOf(option, textOf(option, 'name'), contentAt(option, 'name') ?? option.range));
}

function optionOf(node: YamlNode, name: string, whole: SourceRange): RundeckOption {
  const values = get(node, 'values')?.value;
  const list = values?.kind === 'scalar' ? values.text.split(/\s*,\s*/) : textsOf(values);
  const enforced = isTrue(get(node, 'enforced')?.value);
  const type = textOf(node, 'type');
  return {
    value: {
      name,
      type,
      description: textOf(node, 'description'),
      required: isTrue(get(node, 'required')?.value),
      hasDefault: get(node, 'value') !== undefined,
      default: textOf(node, 'value'),
      pattern: textOf(node, 'regex'),
      values: list,
      restricted: enforced && (list.length > 0 || get(node, 'valuesUrl') !== undefined),
      secret: isTrue(get(node, 'secure')?.value),
      exposed: isTrue(get(node, 'valueExposed')?.value),
    },
    whole,
    places: { name: whole, pattern: contentAt(node, 'regex'), default: contentAt(node, 'value'), exposed: contentAt(node, 'valueExposed'), secret: contentAt(node, 'secure') },
  };
}

function stepOf(node: YamlNode, keepGoing: boolean): RundeckStep {
  const name = textOf(node, 'description');
  const ignoresErrors = isTrue(get(get(node, 'errorhandler')?.value, 'keepgoingOnSuccess')?.value) || (keepGoing && get(node, 'errorhandler') === undefined);
  const argument = scalarOf(node, 'args');
  const common = { name, interpreter: interpreterOf(node), ignoresErrors, ...(argument !== undefined && { arguments: argument }) };
  for (const kind of ['exec', 'script', 'scriptfile', 'scripturl'] as const) {
    const text = scalarOf(node, kind);
    if (text !== undefined) return { ...common, kind, text, whole: get(node, kind)?.key.range ?? node.range };
  }
  const reference = get(node, 'jobref')?.value;
  if (reference !== undefined) {
    const handed = scalarOf(reference, 'args');
    return { ...common, kind: 'jobref', name: name || textOf(reference, 'name'), whole: pairAt(node, 'jobref') ?? node.range, ...(handed !== undefined && { arguments: handed }) };
  }
  return { ...common, kind: 'plugin', name: textOf(node, 'type') || name, whole: contentAt(node, 'type') ?? node.range };
}

function interpreterOf(node: YamlNode): string {
  return textOf(node, 'scriptInterpreter') || textOf(get(node, 'scriptInterpreter')?.value, 'interpreter');
}

function urlsOf(node: YamlNode): RundeckJob['urls'] {
  const urls: RundeckJob['urls'][number][] = [];
  for (const { value } of entriesOf(node)) {
    const one = scalarOf(value, 'urls') ?? scalarOf(value, 'url');
    if (one !== undefined) urls.push(one);
    for (const plugin of itemsOf(get(value, 'plugin')?.value)) {
      for (const { value: setting } of entriesOf(get(plugin, 'configuration')?.value)) if (setting.kind === 'scalar' && setting.text.includes('://')) urls.push(setting);
    }
  }
  return urls;
}

/** States what an access policy allows and to whom. https://docs.rundeck.com/docs/manual/document-format-reference/aclpolicy-v10.html */
export function aclClaims(node: YamlNode): { readonly values: readonly { readonly text: string; readonly range: SourceRange }[]; readonly everything: readonly SourceRange[] } {
  const by = get(node, 'by')?.value;
  const values: { text: string; range: SourceRange }[] = [];
  for (const one of itemsOf(by)) {
    for (const name of ['group', 'username', 'urn']) {
      for (const who of itemsOf(get(one, name)?.value)) if (who.kind === 'scalar') values.push({ text: who.text, range: contentOf(who) });
    }
  }
  const everything: SourceRange[] = [];
  for (const { value: kinds } of entriesOf(get(node, 'for')?.value)) {
    for (const rule of itemsOf(kinds)) {
      for (const allowed of itemsOf(get(rule, 'allow')?.value)) if (allowed.kind === 'scalar' && (allowed.text === '*' || allowed.text === '.*')) everything.push(contentOf(allowed));
    }
  }
  return { values, everything };
}
