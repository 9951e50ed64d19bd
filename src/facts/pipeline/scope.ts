import type { LocatedText } from '../../syntax/located-text.js';
import type { Declared } from '../common/parameters.js';
import { joinOrigins } from '../github/command-output.js';
import { LITERAL, type Origin, type Origins } from '../github/scope.js';
import type { FactValue, InputValue, TriggerValue } from '../schema.js';
import { isSecretName } from '../shell/index.js';
import { type Dialect, type Predefined, shellVariables, type TemplateUse } from './dialect.js';
import { inFront } from './names.js';
import type { VariableSource } from './source.js';

/** What names mean at a place of a pipeline. Inner places stand in front of it. */
export interface PipelineScope {
  readonly dialect: Dialect;
  readonly triggers: readonly TriggerValue[];
  /** By lower-case name, as `followScript` asks for them. */
  readonly variables: Origins;
  /** Names of variables that hold secrets whatever they are called, in lower case. */
  readonly secrets: Pick<ReadonlyMap<string, true>, 'get'>;
  /** Texts of the variables that the file gives a plain one, by lower-case name: no secrets, whatever they are called. */
  readonly plain: Pick<ReadonlyMap<string, LocatedText>, 'get'>;
  /** Declared inputs by the names of templates. */
  readonly inputs: ReadonlyMap<string, Declared>;
  /** Variables that scripts of jobs so far have left for later ones, by lower-case name; one map for all scopes of a pipeline. */
  readonly carried: Map<string, Origin>;
}

/** The scope outside all jobs: what the platform sets. */
export function outerScope(dialect: Dialect, triggers: readonly TriggerValue[]): PipelineScope {
  const variables = new Map<string, Origin>();
  for (const [name, predefined] of Object.entries(dialect.predefined)) variables.set(name.toLowerCase(), predefinedOrigin(name, predefined, triggers));
  const secrets = new Map([...(dialect.secrets ?? [])].map((name) => [name.toLowerCase(), true as const]));
  return { dialect, triggers, variables, secrets, plain: new Map(), inputs: new Map(), carried: new Map() };
}

function predefinedOrigin(name: string, { events, type, otherwise = 'collaborator' }: Predefined, triggers: readonly TriggerValue[]): Origin {
  const written = events.filter((event) => triggers.some((trigger) => trigger.event === event));
  return { context: name, contexts: [name], source: 'event', type, controlledBy: written.length > 0 ? 'attacker' : otherwise, events: written };
}

/** The scope with variables that the file sets. */
export function withVariables(scope: PipelineScope, sources: readonly VariableSource[]): PipelineScope {
  if (sources.length === 0) return scope;
  const variables = new Map<string, Origin>();
  const secrets = new Map<string, true | undefined>();
  const plain = new Map<string, LocatedText | undefined>();
  for (const source of sources) {
    const name = source.name.toLowerCase();
    secrets.set(name, source.secret === true ? true : undefined);
    const origin = source.value !== undefined ? variableOrigin(source, source.value, scope) : source.secret === true ? secretOrigin(source.name) : LITERAL;
    plain.set(name, source.secret !== true && origin.contexts.length === 0 ? source.value : undefined);
    variables.set(name, origin);
    // Secrets are not handed to scripts by their own name where the platform has another one for variables.
    if (source.secret !== true && scope.dialect.environmentName !== undefined) variables.set(scope.dialect.environmentName(source.name).toLowerCase(), origin);
  }
  return { ...scope, variables: inFront(variables, scope.variables), secrets: inFront(secrets, scope.secrets), plain: inFront(plain, scope.plain) };
}

function variableOrigin(source: VariableSource, value: LocatedText, scope: PipelineScope): Origin {
  const { controlledBy, name } = source;
  const origin = source.expands === false ? templatesOrigin(value.text, scope) : originOfText(value.text, scope);
  if (controlledBy === undefined || controlledBy === 'trusted') return origin === LITERAL ? { ...LITERAL, source: 'env', type: 'string' } : origin;
  return joinOrigins(origin, { context: name, contexts: [name], source: 'variable', type: 'string', controlledBy, events: [] });
}

/** Templates and variables of a text that is no script. */
export function referencesOf(text: string, { dialect }: PipelineScope): readonly TemplateUse[] {
  if (dialect.references !== undefined) return dialect.references(text);
  const templates = dialect.templates?.(text) ?? [];
  const variables = shellVariables(text).filter(({ range }) => !templates.some((template) => template.range.start < range.end && range.start < template.range.end));
  return [...templates, ...variables].sort((a, b) => a.range.start - b.range.start);
}

/** The text that the file gives a variable, where a text is nothing but that variable; undefined else. */
export function plainTextOf(text: string, scope: PipelineScope): LocatedText | undefined {
  const [use, ...others] = referencesOf(text, scope);
  const [name = ''] = use?.names ?? [];
  if (use === undefined || others.length > 0 || use.names.length !== 1 || text.slice(use.range.start, use.range.end) !== text.trim()) return undefined;
  const found = scope.plain.get(name.toLowerCase());
  return found === undefined || referencesOf(found.text, scope).length > 0 ? undefined : found;
}

/** What a text that is no script is made of. */
export function originOfText(text: string, scope: PipelineScope): Origin {
  return referencesOf(text, scope).reduce((origin, use) => joinOrigins(origin, originOfUse(use, scope)), LITERAL);
}

function templatesOrigin(text: string, scope: PipelineScope): Origin {
  return (scope.dialect.templates?.(text) ?? []).reduce((origin, use) => joinOrigins(origin, originOfUse(use, scope)), LITERAL);
}

const UNKNOWN: Omit<Origin, 'context' | 'contexts'> = { source: '', type: '', controlledBy: 'unknown', events: [] };

/** Where the value of a template comes from: an input, a variable of the file or of the platform, or a secret. */
export function originOfUse(use: TemplateUse, scope: PipelineScope): Origin {
  let origin = LITERAL;
  for (const name of use.names) origin = joinOrigins(origin, originOfName(name, scope));
  return origin;
}

function originOfName(name: string, scope: PipelineScope): Origin {
  const input = scope.inputs.get(name);
  if (input !== undefined) return inputOrigin(name, input);
  const variable = scope.variables.get(name.toLowerCase());
  if (variable !== undefined) return variable;
  if (isSecret(name, scope)) return secretOrigin(name);
  return { ...UNKNOWN, context: name, contexts: [name] };
}

function secretOrigin(name: string): Origin {
  return { context: name, contexts: [name], source: 'secret', type: 'string', controlledBy: 'trusted', events: [] };
}

function inputOrigin(name: string, { fact: { value } }: Declared): Origin {
  const type = value.values.length > 0 ? 'choice' : /^(?:int(?:eger)?|number)$/i.test(value.type) ? 'number' : /^bool(?:ean)?$/i.test(value.type) ? 'boolean' : value.restricted ? 'name' : 'string';
  return { context: name, contexts: [name], source: 'input', type, controlledBy: value.controlledBy, events: [] };
}

/** Whether a variable holds a secret: it is declared as one, or its name says so and the file does not give it a plain text. */
export function isSecret(name: string, scope: PipelineScope): boolean {
  const lower = name.toLowerCase();
  return scope.secrets.get(lower) === true || (isSecretName(name) && scope.plain.get(lower) === undefined);
}

/** Names of the secrets that a text reads, each once. */
export function secretsIn(text: string, scope: PipelineScope): string[] {
  const names = new Set<string>();
  const templates = scope.dialect.templates?.(text) ?? [];
  for (const { names: all } of [...templates, ...shellVariables(text)]) for (const name of all) if (isSecret(name, scope)) names.add(name);
  return [...names];
}

/** The value of a variable or input, as facts carry it. */
export function inputValue(text: string, scope: PipelineScope): InputValue {
  const uses = referencesOf(text, scope);
  const { controlledBy, contexts } = originOfText(text, scope);
  return { text, literal: uses.length === 0, contexts: [...contexts], secrets: secretsIn(text, scope), controlledBy: uses.length === 0 ? 'trusted' : controlledBy };
}

/** The value of a variable that the file sets, or asks a store for. */
export function variableValue({ name, value, secret }: VariableSource, scope: PipelineScope): InputValue {
  const read = inputValue(value?.text ?? '', scope);
  return secret === true ? { ...read, literal: false, secrets: [name] } : read;
}

/** The scope of a place in facts' terms. */
export type SecretScope = FactValue<'secret-use'>['scope'];
