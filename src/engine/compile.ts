import { nearestHint, type DeclaredProperty, type DeclaredType, type FactDeclarations } from '../core/index.js';
import { createCel, type Cel, type CelProblem } from './cel.js';
import { variableName, type CelProgram } from './context.js';
import { optionName, type CompiledPolicy, type LocatedPath, type LoweredPolicy, type OptionDefinition, type Policy, type PolicyDefinition } from './policy.js';
import type { LoweredProgram, LoweredTemplate } from './expression.js';
import { compileTemplate, type Template } from './template.js';

/** What is wrong with a policy: where in its file, and where in that text. */
export interface PolicyProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Range in the text at `path`; absent when all of it is meant. */
  readonly range?: { readonly start: number; readonly end: number };
}

/** Compiles policies against the same facts. */
export interface PolicyCompiler {
  compile(definition: PolicyDefinition): { readonly compiled: CompiledPolicy; readonly lowered?: LoweredPolicy } | { readonly problems: readonly PolicyProblem[] };
  /** Only `when`: all that is needed of a policy that finds nothing. */
  condition(definition: PolicyDefinition): CelProgram | PolicyProblem;
}

/** The options of a policy as properties of the variable `options`. */
export function optionsOf(definition: PolicyDefinition): Readonly<Record<string, DeclaredProperty>> {
  return optionProperties(definition.options);
}

/** A compiler for these facts; the CEL environment is made on first use. */
export function createCompiler(declarations: FactDeclarations): PolicyCompiler {
  let cel: Cel | undefined;
  const environment = (): Cel => (cel ??= createCel(declarations));
  return {
    compile: (definition) => compilePolicy(definition, environment(), declarations),
    condition(definition) {
      const result = withOptionsOf(definition, environment()).compile(definition.when, ['bool'], true);
      return 'problem' in result ? { path: ['when'], message: result.problem.message } : result.program;
    },
  };
}

/** A policy whose definition was checked when it was packed; it compiles when it is first needed. */
export function lazyPolicy(definition: PolicyDefinition, source: { readonly path: string; readonly builtin: boolean }, compiler: PolicyCompiler): Policy {
  let compiled: CompiledPolicy | undefined;
  let condition: CelProgram | undefined;
  return {
    definition,
    path: source.path,
    builtin: source.builtin,
    condition() {
      if (condition === undefined) {
        const result = compiler.condition(definition);
        if ('path' in result) throw new Error(result.message);
        condition = result;
      }
      return condition;
    },
    compiled() {
      if (compiled === undefined) {
        const result = compiler.compile(definition);
        if ('problems' in result) throw new Error(result.problems[0]?.message);
        compiled = result.compiled;
      }
      return compiled;
    },
  };
}

function withOptionsOf(definition: PolicyDefinition, base: Cel): Cel {
  return Object.keys(definition.options).length === 0 ? base : base.withOptions(optionProperties(definition.options));
}

function compilePolicy(definition: PolicyDefinition, base: Cel, declarations: FactDeclarations): ReturnType<PolicyCompiler['compile']> {
  const problems: PolicyProblem[] = [];
  const kind = definition.select;
  if (!declarations.kinds.includes(kind)) {
    return { problems: [{ path: ['select'], message: `\`${kind}\` is not a kind of fact (${declarations.kinds.join(', ')}).${nearestHint(kind, declarations.kinds)}` }] };
  }
  const cel = withOptionsOf(definition, base);

  const fail = (path: PolicyProblem['path'], problem: CelProblem): void => {
    problems.push({ path, message: problem.message, range: { start: problem.start, end: problem.end } });
  };
  // Undefined once something can not be lowered.
  let all = true;
  const kept = <T>(value: T | undefined): T => {
    all &&= value !== undefined;
    return value as T;
  };
  const condition = (source: string, path: PolicyProblem['path']): { program?: CelProgram; lowered?: LoweredProgram } => {
    const result = cel.compile(source, ['bool']);
    if (!('problem' in result)) return result;
    fail(path, result.problem);
    return {};
  };
  const template = (source: string, path: PolicyProblem['path']): { template?: Template; lowered?: LoweredTemplate } => {
    const result = compileTemplate(source, cel);
    if (!('problem' in result)) return result;
    fail(path, result.problem);
    return {};
  };
  const located = (source: string, path: PolicyProblem['path']): LocatedPath | undefined => {
    const result = locatedPath(source, kind, declarations);
    if (typeof result !== 'string') return result;
    problems.push({ path, message: result });
    return undefined;
  };

  checkPlatforms(definition, declarations, problems);
  const when = condition(definition.when, ['when']);
  const severities = definition.severities.map((entry, index) => {
    const because = entry.because === undefined ? undefined : template(entry.because, ['severities', index, 'because']);
    return { when: condition(entry.when, ['severities', index, 'when']), severity: entry.severity, because };
  });
  const repairs = definition.repairs.map((entry, index) => ({ when: condition(entry.when, ['repairs', index, 'when']), repair: entry.repair }));
  const at = definition.at.map((path, index) => located(path, ['at', index]));
  const related = definition.related.map((entry, index) => ({
    at: located(entry.at, ['related', index, 'at']),
    message: template(entry.message, ['related', index, 'message']),
  }));
  const message = template(definition.message, ['message']);
  if (problems.length > 0) return { problems };
  const compiled = {
    when: when.program,
    severities: severities.map(({ because, ...entry }) => ({ when: entry.when.program, severity: entry.severity, ...(because && { because: because.template }) })),
    repairs: repairs.map(({ when: test, repair }) => ({ when: test.program, repair })),
    at,
    related: related.map((entry) => ({ at: entry.at, message: entry.message.template })),
    message: message.template,
  } as CompiledPolicy;
  const lowered: LoweredPolicy = {
    when: kept(when.lowered),
    severities: severities.map(({ because, ...entry }) => ({ when: kept(entry.when.lowered), severity: entry.severity, ...(because && { because: kept(because.lowered) }) })),
    repairs: repairs.map(({ when: test, repair }) => ({ when: kept(test.lowered), repair })),
    at: compiled.at,
    related: related.map((entry) => ({ at: entry.at as LocatedPath, message: kept(entry.message.lowered) })),
    message: kept(message.lowered),
  };
  return { compiled, ...(all && { lowered }) };
}

function checkPlatforms(definition: PolicyDefinition, declarations: FactDeclarations, problems: PolicyProblem[]): void {
  const platform = declarations.objects['pipeline']?.properties['platform'];
  const known = platform?.type === 'string' ? platform.values?.filter((value) => value !== '') : undefined;
  if (known === undefined) return;
  definition.platforms.forEach((name, index) => {
    if (!known.includes(name)) problems.push({ path: ['platforms', index], message: `\`${name}\` is not a platform (${known.join(', ')}).${nearestHint(name, known)}` });
  });
}

function optionProperties(options: Readonly<Record<string, OptionDefinition>>): Record<string, DeclaredProperty> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [optionName(name), { ...optionType(option), description: option.description }]));
}

function optionType(option: OptionDefinition): DeclaredType {
  switch (option.type) {
    case 'string':
      return { type: 'string' };
    case 'strings':
      return { type: 'list', item: { type: 'string' } };
    case 'integer':
      return { type: 'int' };
    case 'boolean':
      return { type: 'bool' };
  }
}

/** Checks a path of properties: of the selected fact, or of a parent when it starts with the parent's kind. Answers a message when it is wrong. */
function locatedPath(source: string, select: string, declarations: FactDeclarations): LocatedPath | string {
  const segments = source.split('.');
  const first = segments[0] ?? '';
  const own = declarations.objects[select]?.properties ?? {};
  const parent = declarations.kinds.find((kind) => variableName(kind) === first);
  const ofParent = parent !== undefined && !Object.hasOwn(own, first);
  const rest = ofParent ? segments.slice(1) : segments;
  let type: DeclaredType = { type: 'object', name: ofParent ? parent : select };
  for (const segment of rest) {
    const next = propertyType(type, segment, declarations);
    if (typeof next === 'string') return next;
    type = next;
  }
  return { ...(ofParent && parent !== select && { kind: parent }), path: rest.join('.') };
}

function propertyType(type: DeclaredType, segment: string, declarations: FactDeclarations): DeclaredType | string {
  if (type.type === 'map') return segment === '' ? 'A key is empty.' : type.value;
  if (type.type === 'list') return /^\d{1,6}$/.test(segment) ? type.item : `\`${segment}\` is not an index of a list.`;
  if (type.type !== 'object') return `There is no \`${segment}\` in a ${type.type}.`;
  const properties = declarations.objects[type.name]?.properties ?? {};
  const property = Object.hasOwn(properties, segment) ? properties[segment] : undefined;
  return property ?? `\`${type.name}\` has no property \`${segment}\`.${nearestHint(segment, Object.keys(properties))}`;
}
