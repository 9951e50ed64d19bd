import { createDocument, findingsOf, type Diagnostic, type Document, type Fact, type Finding, type ScanResult } from './core/index.js';
import type { Policy } from './engine/index.js';
import type { ScanPlan } from './app.js';
import type { AskOnline } from './online/index.js';
import type { GitHub } from './io/github.js';
import type { Files } from './io/files.js';
import type { ShellParserAssets } from './io/assets.js';
import { VERSION } from './version.js';

/** Name under which the report says whether GitHub was asked. */
export const ONLINE_TOOL = 'policies-online';

/** The outside world, as far as GitHub is asked about references. */
export interface OnlinePorts {
  readonly files: Files;
  readonly shellParser: () => ShellParserAssets;
  /** GitHub itself, with a token; or why it can't be asked. Undefined without a token. */
  readonly online?: (() => Promise<GitHub>) | { readonly unavailable: string } | undefined;
  readonly now: () => number;
}

const FORMATS = new Set(['github-workflow', 'github-action']);
const NO_TOKEN = 'it needs a token: the input github-token, or BARTIZAN_GITHUB_TOKEN on the command line';

/** The policies that judge what GitHub says. */
export function onlinePolicies({ policies, settings }: Pick<ScanPlan, 'policies' | 'settings'>): readonly Policy[] {
  return policies.filter(({ definition }) => definition.online === true && settings.policies[definition.id]?.enabled !== false);
}

/**
 * Judges references by what GitHub says of them, apart from everything else: what is judged offline stays the same, and can be kept
 * and spread over machines. Undefined where there is nothing to ask about; never rejects.
 */
export async function judgeOnline(plan: ScanPlan, ports: OnlinePorts, signal?: AbortSignal): Promise<ScanResult | undefined> {
  const policies = onlinePolicies(plan);
  const entries = plan.inventory.files.filter(({ format }) => FORMATS.has(format));
  if (policies.length === 0 || entries.length === 0) return undefined;
  const startedAt = ports.now();
  const finish = (rest: Pick<ScanResult, 'outcome' | 'diagnostics' | 'rules'>): ScanResult => ({ tool: { name: ONLINE_TOOL, version: VERSION }, startedAt, endedAt: ports.now(), ...rest });
  const skip = (reason: string): ScanResult => finish({ outcome: { status: 'skipped', reason }, diagnostics: [], rules: [] });
  if (plan.settings.online !== true) return skip('it asks GitHub, which `online: true` switches on');
  if (ports.online === undefined) return skip(NO_TOKEN);
  if ('unavailable' in ports.online) return skip(ports.online.unavailable);
  try {
    const { findings, diagnostics, rules } = await judge(policies, plan, ports, await asker(ports.online), signal);
    return finish({ outcome: { status: 'completed', findings }, diagnostics, rules });
  } catch (error) {
    return finish({ outcome: { status: 'failed', error: `GitHub could not be asked: ${error instanceof Error ? error.message : String(error)}`, partial: [] }, diagnostics: [], rules: [] });
  }
}

/** The findings stand with those of the other policies; how asking went stands apart. */
export function joinOnline(own: ScanResult, online: ScanResult | undefined): readonly [ScanResult, ...ScanResult[]] {
  if (online === undefined) return [own];
  const found = findingsOf(online);
  const apart = { ...online, rules: [], outcome: online.outcome.status === 'completed' ? { ...online.outcome, findings: [] } : online.outcome };
  if (online.rules.length === 0) return [own, apart];
  const { outcome } = own;
  const joined: ScanResult['outcome'] =
    outcome.status === 'completed' ? { ...outcome, findings: [...outcome.findings, ...found] } : outcome.status === 'failed' ? { ...outcome, partial: [...outcome.partial, ...found] } : { status: 'completed', findings: found };
  return [{ ...own, outcome: joined, rules: [...own.rules, ...online.rules] }, apart];
}

/** Answers are shared by all scans of a run, that of the base too. */
const askers = new WeakMap<() => Promise<GitHub>, Promise<AskOnline>>();

function asker(connect: () => Promise<GitHub>): Promise<AskOnline> {
  let ask = askers.get(connect);
  if (ask === undefined) {
    ask = (async () => (await import('./online/index.js')).createAskOnline(await connect()))();
    askers.set(connect, ask);
  }
  return ask;
}

async function judge(policies: readonly Policy[], plan: ScanPlan, ports: OnlinePorts, ask: AskOnline, signal: AbortSignal | undefined): Promise<{ readonly findings: readonly Finding[]; readonly diagnostics: readonly Diagnostic[]; readonly rules: ScanResult['rules'] }> {
  const [{ createEvaluator, mergeEvaluations, policyRules }, { EMPTY_VALUES }, { readDocuments }, { askableReference, stateOnline }, { createShellParser }, { fingerprintFindings }, { referenceKey }] = await Promise.all([
    import('./engine/index.js'),
    import('./facts/empty.js'),
    import('./facts/index.js'),
    import('./facts/github/online.js'),
    import('./syntax/shell/index.js'),
    import('./sarif/fingerprint.js'),
    import('./online/index.js'),
  ]);
  const documents = new Map<string, Document>();
  for (const { path, format } of plan.inventory.files) {
    if (!FORMATS.has(format)) continue;
    const read = ports.files.read(path);
    if (read.ok) documents.set(path, createDocument(path, format, read.text));
  }
  // What can't be read is reported by the stage that judges everything else.
  const facts: Fact[] = [];
  for (const read of readDocuments([...documents.values()], { shell: await createShellParser(ports.shellParser()) })) {
    for (const fact of read.facts) if (askableReference(fact) !== undefined) facts.push(fact);
  }
  const { answers, unasked } = await ask(facts.flatMap((fact) => askableReference(fact) ?? []), signal);
  for (const fact of facts) {
    const reference = askableReference(fact);
    const answer = reference === undefined ? undefined : answers.get(referenceKey(reference));
    if (answer !== undefined) stateOnline(fact, { ...answer, tags: [...answer.tags] });
  }
  const evaluator = createEvaluator(policies, plan.settings, EMPTY_VALUES);
  const { findings, diagnostics } = mergeEvaluations([evaluator.evaluate(facts)]);
  const notes: Diagnostic[] = unasked === 0 ? [] : [{ level: 'warning', code: 'online-limit', message: `GitHub was not asked about ${unasked} references: the requests of one run are bounded. Nothing is known of these.` }];
  return { findings: fingerprintFindings(findings, [], (path) => documents.get(path)), diagnostics: [...evaluator.diagnostics, ...diagnostics, ...notes], rules: policyRules(policies) };
}
