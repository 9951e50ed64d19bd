import type { LocatedText } from '../../../syntax/located-text.js';
import { sliceText } from '../../../syntax/located-text.js';
import { parseXml, type XmlElement } from '../../../syntax/xml.js';
import { problem, type ReadContext, stemOf } from '../../common/context.js';
import { secondsOf } from '../../common/values.js';
import { type RundeckJob, type RundeckOption, type RundeckStep, stateJob } from './job.js';

/** States the facts of a file of jobs in XML. */
export function readRundeckXml(context: ReadContext): void {
  const { root, problem: fault } = parseXml(context.document.text);
  if (fault !== undefined) problem(context, 'xml-syntax', fault.message, fault.range);
  for (const job of root?.children ?? []) if (job.name === 'job') stateJob(jobOf(job, context), context);
}

function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((one) => one.name === name);
}

function textOf(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text.text.trim() ?? '';
}

function attribute(element: XmlElement | undefined, name: string): string {
  return element?.attributes.get(name)?.value ?? '';
}

function attributeText(element: XmlElement | undefined, name: string, context: ReadContext): LocatedText | undefined {
  const found = element?.attributes.get(name);
  if (found === undefined) return undefined;
  const written = sliceText(context.document.text, found.range);
  // With references in it no character stands where it is counted: the whole value is one place.
  return written.text === found.value ? written : { text: found.value, range: found.range, sourceRange: () => found.range };
}

function jobOf(job: XmlElement, context: ReadContext): RundeckJob {
  const name = child(job, 'name');
  const sequence = child(job, 'sequence');
  const dispatch = child(job, 'dispatch');
  const filters = child(job, 'nodefilters');
  const filter = textOf(filters, 'filter') || textOf(child(filters, 'include'), 'name') || textOf(child(filters, 'include'), 'hostname');
  const timeout = child(job, 'timeout');
  const notification = child(job, 'notification');
  const keepGoing = attribute(sequence, 'keepgoing') === 'true';
  return {
    whole: name?.text.range ?? job.range,
    value: {
      name: name?.text.text.trim() ?? stemOf(context.document.path),
      description: textOf(job, 'description'),
      timeoutSeconds: timeout === undefined ? -1 : secondsOf(timeout.text.text),
      scheduled: child(job, 'schedule') !== undefined,
      notifies: notification !== undefined,
      hosts: filter,
      everyHost: /^\.\*$|name:\s*\.\*/.test(filter),
      batched: Number(textOf(dispatch, 'threadcount') || '1') <= 1,
      errorLimit: textOf(dispatch, 'keepgoing') === 'false',
      keepGoing: keepGoing || textOf(dispatch, 'keepgoing') === 'true',
    },
    places: { name: name?.text.range, timeoutSeconds: timeout?.text.range, keepGoing: sequence?.attributes.get('keepgoing')?.range },
    options: (child(child(job, 'context'), 'options') ?? child(job, 'options'))?.children.filter((one) => one.name === 'option').map(optionOf) ?? [],
    steps: sequence?.children.filter((one) => one.name === 'command').map((one) => stepOf(one, keepGoing, context)) ?? [],
    urls: notification?.children.flatMap((event) => event.children.map((one) => attributeText(one, 'urls', context) ?? attributeText(one, 'url', context)).filter((one) => one !== undefined)) ?? [],
  };
}

function optionOf(option: XmlElement): RundeckOption {
  const values = attribute(option, 'values');
  const places = Object.fromEntries([['name', 'name'], ['pattern', 'regex'], ['default', 'value'], ['exposed', 'valueExposed'], ['secret', 'secure']].map(([property, name]) => [property, option.attributes.get(name as string)?.range]));
  return {
    value: {
      name: attribute(option, 'name'),
      type: attribute(option, 'type'),
      description: textOf(option, 'description'),
      required: attribute(option, 'required') === 'true',
      hasDefault: option.attributes.has('value'),
      default: attribute(option, 'value'),
      pattern: attribute(option, 'regex'),
      values: values === '' ? [] : values.split(/\s*,\s*/),
      restricted: attribute(option, 'enforcedvalues') === 'true' && (values !== '' || option.attributes.has('valuesUrl')),
      secret: attribute(option, 'secure') === 'true',
      exposed: attribute(option, 'valueExposed') === 'true',
    },
    whole: option.attributes.get('name')?.range ?? option.range,
    places,
  };
}

function stepOf(command: XmlElement, keepGoing: boolean, context: ReadContext): RundeckStep {
  const argument = child(command, 'scriptargs')?.text;
  const handler = child(command, 'errorhandler');
  const common = {
    name: textOf(command, 'description'),
    interpreter: textOf(command, 'scriptinterpreter'),
    ignoresErrors: attribute(handler, 'keepgoingOnSuccess') === 'true' || (keepGoing && handler === undefined),
    ...(argument !== undefined && { arguments: argument }),
  };
  for (const kind of ['exec', 'script', 'scriptfile', 'scripturl'] as const) {
    const found = child(command, kind);
    if (found !== undefined) return { ...common, kind, text: found.text, whole: { start: found.range.start, end: found.range.start + 1 + kind.length } };
  }
  const reference = child(command, 'jobref');
  const line = attributeText(child(reference, 'arg'), 'line', context);
  if (reference !== undefined) return { ...common, kind: 'jobref', name: attribute(reference, 'name'), whole: reference.range, ...(line !== undefined && { arguments: line }) };
  const plugin = child(command, 'step-plugin') ?? child(command, 'node-step-plugin');
  return { ...common, kind: 'plugin', name: attribute(plugin, 'type'), whole: plugin?.range ?? command.range };
}
