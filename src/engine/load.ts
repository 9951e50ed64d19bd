import type { z } from 'zod';
import { LineIndex, nearestHint, type Diagnostic, type FactDeclarations, type SourceRange } from '../core/index.js';
import { parseYaml } from '../syntax/yaml.js';
import type { YamlNode } from '../syntax/yaml-node.js';
import { at, get, toPlain } from '../syntax/yaml-query.js';
import { createCompiler, type PolicyCompiler, type PolicyProblem } from './compile.js';
import { BUILTIN_DOMAINS, type Policy, type PolicyDefinition } from './policy.js';
import { POLICY_SCHEMA, toDefinition } from './schema.js';

/** Longest policy file, in UTF-16 code units. */
const MAX_LENGTH = 200_000;
/** Headings that the help of a built-in policy has, in this order. */
const HEADINGS = ['## Why it matters', '## How to repair it', '## When not to use it'];

/** A policy file. `builtin`: one of ours, which must be complete. */
export interface PolicySource {
  readonly path: string;
  readonly text: string;
  readonly builtin: boolean;
}

export interface LoadedPolicies {
  /** Those without errors, in order of the sources. */
  readonly policies: readonly Policy[];
  /** Errors with file, line and nearest valid name. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads, checks and compiles policy files. A file with an error gives no policy and at least one
 * diagnostic of level error; the others are not touched. `known` are policies that were loaded before,
 * whose ids are taken.
 */
export function loadPolicies(sources: readonly PolicySource[], declarations: FactDeclarations, known: readonly Policy[] = []): LoadedPolicies {
  const compiler = createCompiler(declarations);
  const taken = new Map<string, string>();
  for (const { definition, path } of known) for (const id of [definition.id, ...definition.aliases]) taken.set(id, path);
  const policies: Policy[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const source of sources) {
    const result = loadPolicy(source, compiler, taken);
    if ('policy' in result) policies.push(result.policy);
    else diagnostics.push(...result.diagnostics);
  }
  return { policies, diagnostics };
}

function loadPolicy(source: PolicySource, compiler: PolicyCompiler, taken: Map<string, string>): { policy: Policy } | { diagnostics: Diagnostic[] } {
  const lines = new LineIndex(source.text);
  const diagnostic = (message: string, range: SourceRange): Diagnostic => ({
    level: 'error',
    code: 'policy',
    message,
    path: source.path,
    region: lines.region(range),
  });
  const yaml = parseYaml(source.text, { maxLength: MAX_LENGTH, maxDepth: 20, maxNodes: 20_000 });
  if (yaml.problems.length > 0) return { diagnostics: yaml.problems.map((problem) => diagnostic(problem.message, problem.range)) };
  const root = yaml.documents[0];
  if (root?.kind !== 'mapping' || yaml.documents.length !== 1) {
    return { diagnostics: [diagnostic('A policy file holds one mapping.', root?.range ?? { start: 0, end: 0 })] };
  }
  const parsed = POLICY_SCHEMA.safeParse(toPlain(root));
  if (!parsed.success) {
    return { diagnostics: parsed.error.issues.flatMap((issue) => describeIssue(issue, root).map(({ message, range }) => diagnostic(message, range))) };
  }
  const definition = toDefinition(parsed.data);
  const problems = [...checkIdentity(definition, source, taken), ...(source.builtin ? checkComplete(definition) : [])];
  const result = compiler.compile(definition);
  if ('problems' in result) problems.push(...result.problems);
  if ('problems' in result || problems.length > 0) return { diagnostics: problems.map((problem) => diagnostic(problem.message, rangeOf(problem, root))) };
  for (const id of [definition.id, ...definition.aliases]) taken.set(id, source.path);
  const { compiled, lowered } = result;
  return { policy: { definition, path: source.path, builtin: source.builtin, lowered, condition: () => compiled.when, compiled: () => compiled } };
}

function checkIdentity(definition: PolicyDefinition, source: PolicySource, taken: ReadonlyMap<string, string>): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const domain = definition.id.split('/')[0] ?? '';
  const reserved = (BUILTIN_DOMAINS as readonly string[]).includes(domain);
  if (source.builtin && !reserved) problems.push({ path: ['id'], message: `The prefix is one of ${BUILTIN_DOMAINS.join(', ')}.${nearestHint(domain, BUILTIN_DOMAINS)}` });
  if (!source.builtin && reserved) {
    problems.push({ path: ['id'], message: `The prefix \`${domain}/\` belongs to the built-in policies. Use another one, such as \`custom/\`.` });
  }
  const names: [string, PolicyProblem['path']][] = [[definition.id, ['id']], ...definition.aliases.map((alias, index): [string, PolicyProblem['path']] => [alias, ['aliases', index]])];
  for (const [name, path] of names) {
    const other = taken.get(name);
    if (other !== undefined) problems.push({ path, message: `The id \`${name}\` is used by ${other} already.` });
  }
  return problems;
}

/** A built-in policy says what to do, why and when not, and shows it. */
function checkComplete(definition: PolicyDefinition): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (definition.repair === '') problems.push({ path: [], message: '`repair` is missing.' });
  if (definition.tags.length === 0) problems.push({ path: [], message: '`tags` is missing: at least a CWE.' });
  let from = 0;
  for (const heading of HEADINGS) {
    const found = definition.help.split('\n').indexOf(heading, from);
    if (found < 0) problems.push({ path: definition.help === '' ? [] : ['help'], message: `The help lacks the heading \`${heading}\`, or it is out of order.` });
    else from = found;
  }
  for (const kind of ['fail', 'pass'] as const) {
    if (!definition.examples.some((example) => example.kind === kind)) problems.push({ path: [], message: `There is no \`${kind}\` example.` });
  }
  return problems;
}

function rangeOf(problem: PolicyProblem, root: YamlNode): SourceRange {
  // A single `at: path` is read as a list of one.
  const node = at(root, problem.path) ?? at(root, problem.path.slice(0, -1)) ?? root;
  if (problem.path.length === 0) return firstKey(root);
  return problem.range && node.kind === 'scalar' ? node.sourceRange(problem.range) : node.range;
}

function firstKey(node: YamlNode): SourceRange {
  return node.kind === 'mapping' ? (node.pairs[0]?.key.range ?? node.range) : node.range;
}

/** Keys that each mapping of a policy file may have, for the nearest valid name. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(POLICY_SCHEMA.shape),
  options: ['type', 'default', 'description'],
  severities: ['when', 'severity', 'because'],
  repairs: ['when', 'repair'],
  related: ['at', 'message'],
  examples: ['name', 'fail', 'pass'],
};

function describeIssue(issue: z.core.$ZodIssue, root: YamlNode): { message: string; range: SourceRange }[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const node = at(root, path);
  const where = path.length === 0 ? 'the policy' : `\`${path.join('.')}\``;
  if (issue.code === 'unrecognized_keys') {
    const known = KEYS[String(path[0] ?? '')] ?? [];
    return issue.keys.map((key) => ({
      message: `Unknown field \`${key}\` in ${where}.${nearestHint(key, known)}`,
      range: get(node, key)?.key.range ?? node?.range ?? root.range,
    }));
  }
  if (node === undefined) {
    const parent = at(root, path.slice(0, -1)) ?? root;
    return [{ message: `The field \`${path.at(-1)}\` is missing.`, range: firstKey(parent) }];
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const written = node.kind === 'scalar' ? node.text : '';
    return [{ message: `${where} is one of ${values.join(', ')}.${nearestHint(written, values)}`, range: node.range }];
  }
  if (issue.code === 'invalid_type') return [{ message: `${where} must be of type ${issue.expected}.`, range: node.range }];
  if (issue.code === 'invalid_key') return [{ message: `${where}: ${issue.issues[0]?.message ?? issue.message}.`, range: node.range }];
  return [{ message: `${where}: ${issue.message.replace(/\.$/, '')}.`, range: node.range }];
}
