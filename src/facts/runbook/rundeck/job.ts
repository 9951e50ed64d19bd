import type { Fact, SourceRange } from '../../../core/index.js';
import type { LocatedText } from '../../../syntax/located-text.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type Parents, type Places, type ReadContext, state } from '../../common/context.js';
import { stateTokens } from '../../common/literals.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { readScript } from '../scripts.js';

/*
 * A Rundeck job as both of its notations say it; `yaml.ts` and `xml.ts` make it of files.
 * https://docs.rundeck.com/docs/manual/document-format-reference/
 */

/** A text and its place. */
export type Located = LocatedText;

export interface RundeckOption {
  readonly value: Partial<FactValue<'parameter'>> & { readonly name: string };
  readonly whole: SourceRange;
  readonly places: Places;
}

export interface RundeckStep {
  readonly kind: 'exec' | 'script' | 'scriptfile' | 'scripturl' | 'jobref' | 'plugin';
  readonly name: string;
  readonly whole: SourceRange;
  /** Command line, script, file name or URL. */
  readonly text?: Located;
  /** Arguments of a script or of another job. */
  readonly arguments?: Located;
  readonly interpreter: string;
  readonly ignoresErrors: boolean;
}

export interface RundeckJob {
  readonly value: Partial<FactValue<'runbook'>>;
  readonly whole: SourceRange;
  readonly places: Record<string, SourceRange | undefined>;
  readonly options: readonly RundeckOption[];
  readonly steps: readonly RundeckStep[];
  /** URLs of notifications. */
  readonly urls: readonly Located[];
}

/** States the facts of a job. */
export function stateJob(job: RundeckJob, context: ReadContext): void {
  const { places, whole } = job;
  const value: FactValue<'runbook'> = { ...emptyValue('runbook'), format: 'rundeck', kind: 'runbook', titleMatches: true, ...job.value };
  value.scripts = job.steps.filter(({ kind }) => kind === 'exec' || kind === 'script').length;
  value.uses = [...new Set(job.steps.map(({ kind, name }) => (kind === 'plugin' ? name : kind)))];
  const invalid = job.options.filter(({ value: { name } }) => !/^[A-Za-z0-9][\w.-]*$/.test(name));
  value.invalidNames = invalid.map(({ value: { name } }) => name);
  invalid.forEach((option, index) => (places[`invalidNames.${index}`] = option.places['name'] ?? option.whole));
  const runbook = state(context, 'runbook', value, whole, places);
  const parents = { runbook };
  const inputs = new DeclaredInputs(
    job.options.map((option) => {
      const { name } = option.value;
      return stateParameter(context, {
        value: { delivery: 'environment', ...option.value },
        whole: option.whole,
        places: option.places,
        parents,
        templates: [`option.${name}`, `unquotedoption.${name}`],
        variables: [`RD_OPTION_${name.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}`],
        // Rundeck compares with Java's `matches`, which is true of whole values only.
        wholePattern: true,
      });
    }),
  );
  job.steps.forEach((step, index) => stateStep(step, index, inputs, parents, context));
  for (const url of job.urls) stateTokens(context, url, 'url', parents);
}

function stateStep(step: RundeckStep, index: number, inputs: DeclaredInputs, outer: Parents, context: ReadContext): void {
  const shell = step.interpreter.replace(/\$\{[^}]*\}/g, '').trim();
  const value: FactValue<'runbook-step'> = {
    ...emptyValue('runbook-step'),
    id: String(index + 1),
    name: step.name,
    index,
    module: step.kind,
    run: step.text?.text ?? '',
    shell,
    ignoresErrors: step.ignoresErrors,
    ...(step.arguments !== undefined && { inputs: { arguments: step.arguments.text } }),
  };
  const places: Record<string, SourceRange | undefined> = { run: step.text?.range, 'inputs.arguments': step.arguments?.range };
  const fact: Fact = state(context, 'runbook-step', value, step.whole, places, outer);
  const parents = { ...outer, 'runbook-step': fact };
  if (step.text !== undefined && (step.kind === 'exec' || step.kind === 'script')) {
    const { undeclared } = readScript(context, {
      text: step.text,
      shell: step.kind === 'exec' ? 'sh' : shell,
      // In scripts only `@option.x@` is replaced; `${option.x}` would be the shell's own.
      grammar: step.kind === 'exec' ? 'rundeck' : 'rundeck-script',
      inputs,
      parents,
      origin,
    });
    value.undeclared = undeclared.map(({ name }) => name);
    undeclared.forEach(({ range }, at) => (places[`undeclared.${at}`] = range));
  } else if (step.text !== undefined && step.kind === 'scripturl') {
    state(context, 'reference', { ...emptyValue('reference'), text: step.text.text, kind: 'include', name: step.text.text.toLowerCase(), pin: 'none', where: 'script' }, step.text.range, {}, parents);
    stateTokens(context, step.text, 'url', parents);
  }
  // Arguments of a script are handed to a shell on the node, as those of `exec`.
  if (step.arguments !== undefined && step.kind !== 'jobref') readScript(context, { text: step.arguments, shell: 'sh', grammar: 'rundeck', inputs, parents, origin });
}

function origin(name: string): { source: 'output' | 'platform' | 'parameter'; controlledBy: 'unknown' | 'trusted' | 'operator' } {
  if (name.startsWith('data.')) return { source: 'output', controlledBy: 'unknown' };
  if (/^(?:unquoted)?option\./.test(name)) return { source: 'parameter', controlledBy: 'operator' };
  return { source: 'platform', controlledBy: 'trusted' };
}
