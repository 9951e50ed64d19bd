import type { SourceRange } from '../../core/index.js';
import type { GroovyCall, GroovyNode, GroovyStatement } from '../../syntax/groovy/index.js';
import { type LocatedText, partOf } from '../../syntax/located-text.js';
import { parseYaml } from '../../syntax/yaml.js';
import { walk } from '../../syntax/yaml-query.js';
import type { ContainerValue } from '../schema.js';
import type { ImageSource } from '../pipeline/index.js';
import { argumentOf, literalOf, type Values } from './values.js';

/** Where steps run. */
export interface Agent {
  readonly labels: readonly LocatedText[];
  readonly image?: ImageSource;
  /** Containers of a pod. */
  readonly pod: readonly (ImageSource & { readonly name: string })[];
  /** Place of what gives the container more than it needs. */
  readonly options?: SourceRange;
  /** `agent none`. */
  readonly none: boolean;
}

const NOWHERE: Agent = { labels: [], pod: [], none: false };

/** `agent any`, `agent { docker { image 'x' } }`: https://www.jenkins.io/doc/book/pipeline/syntax/#agent */
export function readAgent(call: GroovyCall, values: Values): Agent {
  const [first] = call.args;
  if (call.closure === undefined) return first?.value.kind === 'name' && first.value.path === 'none' ? { ...NOWHERE, none: true } : NOWHERE;
  return call.closure.statements.reduce((agent, one) => (one.kind === 'expression' && one.node.kind === 'call' ? withPart(agent, one.node, values) : agent), NOWHERE);
}

function withPart(agent: Agent, call: GroovyCall, values: Values): Agent {
  const fields = fieldsOf(call);
  switch (call.name) {
    case 'label': {
      const label = argumentOf(call, 'label', true);
      return label === undefined ? agent : { ...agent, labels: [...agent.labels, values.pasted(label).text] };
    }
    case 'node':
      return { ...agent, labels: [...agent.labels, ...textsOf(fields, 'label', values)] };
    case 'docker':
    case 'dockerContainer': {
      const image = argumentOf(call, 'image', true) ?? fields.get('image');
      const labels = [...agent.labels, ...textsOf(fields, 'label', values)];
      if (image === undefined) return { ...agent, labels };
      const args = fields.get('args') ?? argumentOf(call, 'args');
      const container = containerOf(args, values);
      return { ...agent, labels, image: { text: values.pasted(image).text, where: 'container', ...(container !== undefined && { container }) }, ...(args !== undefined && { options: args.range }) };
    }
    case 'dockerfile': {
      const args = fields.get('args');
      const container = containerOf(args, values);
      const empty: LocatedText = { text: '', range: call.nameRange, sourceRange: () => call.nameRange };
      return container === undefined ? agent : { ...agent, image: { text: empty, where: 'container', container }, ...(args !== undefined && { options: args.range }) };
    }
    case 'kubernetes':
      return { ...agent, labels: [...agent.labels, ...textsOf(fields, 'label', values)], pod: [...agent.pod, ...podOf(fields.get('yaml') ?? argumentOf(call, 'yaml'), values)] };
    default:
      return agent;
  }
}

/** Fields of a block of settings: `image 'x'` and `image: 'x'` alike. */
export function fieldsOf(call: GroovyCall): ReadonlyMap<string, GroovyNode> {
  const fields = new Map<string, GroovyNode>();
  for (const { label, value } of call.args) if (label !== undefined) fields.set(label, value);
  for (const one of call.closure?.statements ?? []) {
    if (one.kind === 'expression' && one.node.kind === 'call') {
      const value = one.node.args[0]?.value;
      if (value !== undefined) fields.set(one.node.name, value);
    } else if (one.kind === 'assignment') fields.set(one.name, one.value);
  }
  return fields;
}

function textsOf(fields: ReadonlyMap<string, GroovyNode>, name: string, values: Values): LocatedText[] {
  const node = fields.get(name);
  return node === undefined ? [] : [values.pasted(node).text];
}

/** What the arguments of `docker run` give a container; undefined without arguments. */
export function containerOf(args: GroovyNode | undefined, values: Values): Partial<ContainerValue> | undefined {
  if (args === undefined) return undefined;
  const { text: options } = values.pasted(args).text;
  const volumes = [...options.matchAll(/(?:^|\s)(?:-v|--volume)[ =](\S{1,300})/g)].map((match) => match[1] as string);
  return { options, privileged: /(?:^|\s)--privileged(?:$|\s|=true)/.test(options), volumes };
}

/** Images of a pod's containers, read from the YAML of the file. */
export function podOf(yaml: GroovyNode | undefined, values: Values): (ImageSource & { readonly name: string })[] {
  if (yaml === undefined) return [];
  const { text } = values.pasted(yaml);
  if (!text.text.includes('image')) return [];
  const containers: (ImageSource & { readonly name: string })[] = [];
  for (const document of parseYaml(text.text).documents) {
    walk(document, (node) => {
      if (node.kind !== 'mapping') return true;
      const scalar = (key: string): { text: string; range: SourceRange } | undefined => {
        const value = node.pairs.find((pair) => pair.key.kind === 'scalar' && pair.key.text === key)?.value;
        return value?.kind === 'scalar' ? { text: value.text, range: value.sourceRange({ start: 0, end: value.text.length }) } : undefined;
      };
      const image = scalar('image');
      if (image === undefined) return true;
      const whole = text.text.slice(node.range.start, node.range.end);
      containers.push({ name: scalar('name')?.text ?? String(containers.length), text: partOf(text, image.range), where: 'container', container: { privileged: /\bprivileged:\s{0,5}true\b/.test(whole), volumes: /docker\.sock/.test(whole) ? ['/var/run/docker.sock'] : [] } });
      return true;
    }, 5_000);
  }
  return containers;
}

/** Minutes of `timeout(time: 1, unit: 'HOURS')`; -1 where they can not be told. */
export function minutesOf(call: GroovyCall): number {
  const time = argumentOf(call, 'time', true);
  if (time?.kind !== 'number') return -1;
  const unit = literalOf(argumentOf(call, 'unit')).toUpperCase();
  const factor = { NANOSECONDS: 0, MICROSECONDS: 0, MILLISECONDS: 0, SECONDS: 1 / 60, HOURS: 60, DAYS: 1440 }[unit] ?? 1;
  return Math.max(1, Math.ceil(Number.parseFloat(time.text) * factor)) || -1;
}

/** Statements of the section of a block with a name. */
export function sectionOf(statements: readonly GroovyStatement[], name: string): GroovyCall | undefined {
  for (const one of statements) if (one.kind === 'expression' && one.node.kind === 'call' && one.node.name === name) return one.node;
  return undefined;
}
