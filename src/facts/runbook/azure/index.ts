import { sliceText } from '../../../syntax/located-text.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type ReadContext, state, stemOf } from '../../common/context.js';
import { DeclaredInputs } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { stateTokens } from '../../common/literals.js';

/**
 * States that a script is a runbook of Azure Automation, and the credentials written in it. There is no parser of
 * PowerShell here yet: its commands, parameters and the values in them are not stated.
 */
export function readAzureAutomation(context: ReadContext): void {
  const { text, path } = context.document;
  const whole = { start: 0, end: text.length };
  const value: FactValue<'runbook'> = { ...emptyValue('runbook'), format: 'azure-automation', kind: 'runbook', name: stemOf(path), titleMatches: true, scripts: 1 };
  const runbook = state(context, 'runbook', value, { start: 0, end: Math.min(text.length, context.document.lines.line(1).length) });
  const step = state(context, 'runbook-step', { ...emptyValue('runbook-step'), id: value.name, name: value.name, index: 0, module: 'script', run: text, shell: 'pwsh' }, runbook.locate(), { run: whole }, { runbook });
  const parents = { runbook, 'runbook-step': step };
  readScript(context, { text: sliceText(text, whole), shell: 'pwsh', grammar: 'none', inputs: new DeclaredInputs(), parents });
  stateTokens(context, sliceText(text, whole), 'script', parents);
}
