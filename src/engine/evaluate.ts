import { severityRank, type Diagnostic, type Fact, type Finding, type Location, type PolicySettings, type Region, type Severity, type SourceRange } from '../core/index.js';
import { CelEvaluationError, variableName, type CelContext } from './context.js';
import type { Closure } from './closures.js';
import { createDispatch } from './dispatch.js';
import type { Expression } from './expression.js';
import { checkOptions } from './options.js';
import { optionName, type CompiledPolicy, type LocatedPath, type Policy } from './policy.js';

/** Diagnostics of one policy that are listed; more of the same tell nothing new. */
const MAX_DIAGNOSTICS = 5;
/** Elements that the loops of one policy may visit in one part of a run. */
const MAX_COST = 5_000_000;

/** The part of the settings that policies obey. */
export interface EvaluationSettings {
  /** By id or alias of a policy. */
  readonly policies: Readonly<Record<string, PolicySettings>>;
}

export interface Evaluation {
  readonly findings: readonly Finding[];
  /** Where a policy could not be evaluated: level error, never a pass. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What judging one part of the facts gave: plain data, which `mergeEvaluations` puts together. */
export interface EvaluatedPart {
  /** In the order of the facts. */
  readonly findings: readonly Finding[];
  /** Places where a policy could not be evaluated, the first few of each policy. */
  readonly problems: readonly { readonly policy: string; readonly diagnostic: Diagnostic }[];
  /** How many such places there were, by policy. */
  readonly failures: Readonly<Record<string, number>>;
  /** Policies that were stopped: they judge nothing that comes later. */
  readonly stopped: readonly string[];
}

/** Judges facts part by part, so that parts can be judged anywhere and in any order. */
export interface Evaluator {
  /** What is wrong with the options of the policies. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Judges one part; what it gives depends on that part alone.
   * @param without ids of policies that an earlier part has stopped
   */
  evaluate(facts: Iterable<Fact>, without?: ReadonlySet<string>): EvaluatedPart;
}

/** What is known of one policy in one part. */
interface Run {
  readonly policy: Policy;
  readonly severity: Severity | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  /** Set once it may not go on. */
  stopped: boolean;
  failures: number;
  cost: number;
}

/** What judging one part collects. */
interface Collected {
  readonly findings: Map<string, Finding>;
  readonly problems: { policy: string; diagnostic: Diagnostic }[];
}

/**
 * Judges facts in one go. `empty` gives the value of each fact kind that a fact does not lie in
 * (`FactDeclarations.empty`). Findings come in the order of the facts.
 */
export function evaluatePolicies(
  policies: readonly Policy[],
  facts: Iterable<Fact>,
  settings: EvaluationSettings,
  empty: Readonly<Record<string, unknown>>,
): Evaluation {
  const evaluator = createEvaluator(policies, settings, empty);
  const { findings, diagnostics } = mergeEvaluations([evaluator.evaluate(facts)]);
  return { findings, diagnostics: [...evaluator.diagnostics, ...diagnostics] };
}

/**
 * Puts parts together in the order of their facts. A policy that a part has stopped counts for nothing
 * in the parts behind it, whether or not these were judged with it.
 */
export function mergeEvaluations(parts: Iterable<EvaluatedPart>): Evaluation {
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  const listed = new Map<string, number>();
  const failures = new Map<string, number>();
  const stopped = new Set<string>();
  for (const part of parts) {
    for (const finding of part.findings) if (!stopped.has(finding.ruleId)) findings.push(finding);
    for (const { policy, diagnostic } of part.problems) {
      const before = listed.get(policy) ?? 0;
      if (stopped.has(policy) || before === MAX_DIAGNOSTICS) continue;
      listed.set(policy, before + 1);
      diagnostics.push(diagnostic);
    }
    for (const [policy, count] of Object.entries(part.failures)) {
      if (!stopped.has(policy)) failures.set(policy, (failures.get(policy) ?? 0) + count);
    }
    for (const policy of part.stopped) stopped.add(policy);
  }
  for (const [policy, count] of failures) {
    if (count <= MAX_DIAGNOSTICS) continue;
    const message = `Policy \`${policy}\` could not be evaluated at ${count - MAX_DIAGNOSTICS} more places.`;
    diagnostics.push({ level: 'error', code: 'policy-evaluation', message });
  }
  return { findings, diagnostics };
}

/** Prepares the enabled policies. `empty` as in `evaluatePolicies`. */
export function createEvaluator(policies: readonly Policy[], settings: EvaluationSettings, empty: Readonly<Record<string, unknown>>): Evaluator {
  const diagnostics: Diagnostic[] = [];
  const runs = prepare(policies, settings, diagnostics);
  const choices = new Map([...runs].map(([kind, list]) => [kind, createDispatch(list.map((run) => ({ item: run, condition: conditionOf(run) })))]));
  const variables = new Map(Object.keys(empty).map((kind) => [kind, variableName(kind)]));
  // One object for all evaluations: only what the last fact has set is set back.
  const context: CelContext = {};
  for (const [kind, variable] of variables) context[variable] = empty[kind];
  const set = (kind: string, value: unknown): void => {
    const variable = variables.get(kind);
    if (variable !== undefined) context[variable] = value;
  };

  return {
    diagnostics,
    evaluate(facts, without) {
      for (const list of runs.values()) {
        for (const run of list) Object.assign(run, { stopped: without?.has(run.policy.definition.id) === true, failures: 0, cost: 0 });
      }
      const collected: Collected = { findings: new Map(), problems: [] };
      for (const fact of facts) {
        const choose = choices.get(fact.kind);
        if (choose === undefined) continue;
        for (const kind in fact.parents) set(kind, fact.parents[kind]?.value);
        set(fact.kind, fact.value);
        const platform = (context['pipeline'] as { platform?: string } | undefined)?.platform ?? '';
        for (const { item: run, rest } of choose(context)) {
          if (run.stopped) continue;
          const { platforms } = run.policy.definition;
          if (platforms.length > 0 && !platforms.includes(platform)) continue;
          context['options'] = run.options;
          judge(run, rest, fact, context, collected);
        }
        for (const kind in fact.parents) set(kind, empty[kind]);
        set(fact.kind, empty[fact.kind]);
      }
      return summary(runs, collected, without);
    },
  };
}

function summary(runs: ReadonlyMap<string, readonly Run[]>, { findings, problems }: Collected, without: ReadonlySet<string> | undefined): EvaluatedPart {
  const failures: Record<string, number> = {};
  const stopped: string[] = [];
  for (const list of runs.values()) {
    for (const run of list) {
      const { id } = run.policy.definition;
      if (run.failures > 0) failures[id] = run.failures;
      if (run.stopped && without?.has(id) !== true) stopped.push(id);
    }
  }
  return { findings: [...findings.values()], problems, failures, stopped };
}

/** The enabled policies by the kind that they select, options merged. */
function prepare(policies: readonly Policy[], settings: EvaluationSettings, diagnostics: Diagnostic[]): Map<string, Run[]> {
  const runs = new Map<string, Run[]>();
  for (const policy of policies) {
    const { definition } = policy;
    const name = [definition.id, ...definition.aliases].find((id) => Object.hasOwn(settings.policies, id));
    const wanted = name === undefined ? undefined : settings.policies[name];
    if (wanted?.enabled === false) continue;
    const problems = checkOptions(definition, wanted?.options ?? {});
    if (problems.length > 0) {
      for (const message of problems) diagnostics.push({ level: 'error', code: 'policy-option', message });
      continue;
    }
    const options: Record<string, unknown> = {};
    for (const [key, option] of Object.entries(definition.options)) options[optionName(key)] = wanted?.options[key] ?? option.default;
    const list = runs.get(definition.select) ?? [];
    list.push({ policy, severity: wanted?.severity, options, stopped: false, failures: 0, cost: 0 });
    runs.set(definition.select, list);
  }
  return runs;
}

/** The condition of a policy with its platforms, where it is known as data. */
function conditionOf({ policy: { definition, lowered } }: Run): Expression | undefined {
  if (lowered === undefined || definition.platforms.length === 0) return lowered?.when.expression;
  return ['and', ['among', ['property', ['variable', 'pipeline'], 'platform'], definition.platforms], lowered.when.expression];
}

function judge(run: Run, rest: Closure | undefined, fact: Fact, context: CelContext, collected: Collected): void {
  const fail = (error: unknown): void => {
    run.failures++;
    if (error instanceof CelEvaluationError && error.limit) run.stopped = true;
    if (run.failures <= MAX_DIAGNOSTICS) collected.problems.push({ policy: run.policy.definition.id, diagnostic: failure(run, fact, error) });
  };
  try {
    const when = run.policy.condition();
    const matched = when.run(context, rest) === true;
    run.cost += when.cost();
    if (run.cost > MAX_COST) throw new CelEvaluationError(`all its loops together visit more than ${MAX_COST.toLocaleString('en')} elements`, true);
    if (!matched) return;
    add(collected.findings, createFinding(run, fact, context, fail));
  } catch (error) {
    if (!(error instanceof CelEvaluationError)) run.stopped = true;
    fail(error);
  }
}

function failure(run: Run, fact: Fact, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error);
  const rest = run.stopped ? ' It is not used any more in this run.' : '';
  return {
    level: 'error',
    code: 'policy-evaluation',
    message: `Policy \`${run.policy.definition.id}\` could not be evaluated here: ${reason.replace(/\.$/, '')}.${rest}`,
    path: fact.document.path,
    region: fact.document.lines.region(fact.locate()),
  };
}

function createFinding(run: Run, fact: Fact, context: CelContext, fail: (error: unknown) => void): Finding {
  const { definition } = run.policy;
  const compiled = run.policy.compiled();
  const reasons: string[] = [];
  let severity = definition.severity;
  // A severity that can't be told must not hide the finding: the default stands, and the error is reported.
  try {
    const entry = compiled.severities.find((candidate) => candidate.when.run(context) === true);
    if (entry) {
      severity = entry.severity;
      const because = entry.because?.render(context, fail) ?? '';
      // A text that is empty here has nothing to add to the other reasons.
      if (because !== '') reasons.push(because);
    }
  } catch (error) {
    fail(error);
  }
  if (definition.reasons === 'reach') reasons.push(...reachReasons(context));
  const related: Location[] = [];
  for (const { at, message } of compiled.related) {
    const place = locate(fact, at);
    if (place) related.push({ path: place.fact.document.path, region: region(place.fact, place.range), message: message.render(context, fail) });
  }
  const repair = repairOf(compiled, context, fail);
  const primary = primaryPlace(fact, compiled.at);
  return {
    ruleId: definition.id,
    tool: 'policies',
    severity: run.severity ?? severity,
    confidence: definition.confidence,
    message: compiled.message.render(context, fail),
    reasons,
    ...(repair !== undefined && { repair }),
    locations: [{ path: primary.fact.document.path, region: region(primary.fact, primary.range) }],
    related,
    flow: (fact.trace ?? []).map((hop) => ({
      location: { path: hop.document.path, region: hop.document.lines.region(hop.range) },
      message: hop.message,
    })),
    fingerprints: {},
    alsoReportedBy: [],
  };
}

/** The repair for this place, where the policy has one of its own for it. */
function repairOf({ repairs }: CompiledPolicy, context: CelContext, fail: (error: unknown) => void): string | undefined {
  try {
    return repairs.find(({ when }) => when.run(context) === true)?.repair;
  } catch (error) {
    fail(error);
    return undefined;
  }
}

function reachReasons(context: CelContext): readonly string[] {
  const job = context['job'] as { reach?: { reasons?: readonly string[] } } | undefined;
  return job?.reach?.reasons ?? [];
}

interface Place {
  readonly fact: Fact;
  readonly range: SourceRange;
}

function region(fact: Fact, range: SourceRange): Region {
  return fact.document.lines.region(range);
}

function locate(fact: Fact, at: LocatedPath): Place | undefined {
  const target = at.kind === undefined ? fact : fact.parents[at.kind];
  if (target === undefined) return undefined;
  return { fact: target, range: at.path === '' ? target.locate() : target.locate(at.path) };
}

/** The first path that is written in the file, else the first of a fact that is there, else the fact. */
function primaryPlace(fact: Fact, paths: readonly LocatedPath[]): Place {
  let fallback: Place | undefined;
  for (const at of paths) {
    const place = locate(fact, at);
    if (place === undefined) continue;
    if (isWritten(place, at.path)) return place;
    fallback ??= place;
  }
  return fallback ?? { fact, range: fact.locate() };
}

/** What is not written is located at the nearest thing around it, which is where its parent path is located too. */
function isWritten(place: Place, path: string): boolean {
  if (path === '') return true;
  const cut = path.lastIndexOf('.');
  const around = cut < 0 ? place.fact.locate() : place.fact.locate(path.slice(0, cut));
  return around.start !== place.range.start || around.end !== place.range.end;
}

/** Facts that overlap give the same finding at the same place once: the worst one. */
function add(findings: Map<string, Finding>, finding: Finding): void {
  const [{ path, region: at }] = finding.locations;
  const key = `${finding.ruleId}\n${at?.startLine}:${at?.startColumn}-${at?.endLine}:${at?.endColumn}\n${path}`;
  const other = findings.get(key);
  if (other === undefined || severityRank(finding.severity) > severityRank(other.severity)) findings.set(key, finding);
}
