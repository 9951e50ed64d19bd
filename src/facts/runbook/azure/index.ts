import { sliceText } from '../../../syntax/located-text.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type ReadContext, state, stemOf } from '../../common/context.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { parsePowershell } from '../../shell/index.js';
import { readScript } from '../scripts.js';
import { stateTokens } from '../../common/literals.js';

/** States the facts of a runbook of Azure Automation in PowerShell. https://learn.microsoft.com/azure/automation/automation-runbook-types */
export function readAzureAutomation(context: ReadContext): void {
  const { text, path } = context.document;
  const whole = { start: 0, end: text.length };
  const value: FactValue<'runbook'> = { ...emptyValue('runbook'), format: 'azure-automation', kind: 'runbook', name: stemOf(path), titleMatches: true, scripts: 1 };
  const runbook = state(context, 'runbook', value, { start: 0, end: Math.min(text.length, context.document.lines.line(1).length) });
  const step = state(context, 'runbook-step', { ...emptyValue('runbook-step'), id: value.name, name: value.name, index: 0, module: 'script', run: text, shell: 'pwsh' }, runbook.locate(), { run: whole }, { runbook });
  const parents = { runbook, 'runbook-step': step };
  for (const parameter of parsePowershell(text, context.shell)?.parameters ?? []) {
    const { name, type, mandatory, restricted, range } = parameter;
    stateParameter(context, {
      value: { name, type, required: mandatory, restricted, delivery: 'argument', hasDefault: parameter.default !== undefined, default: (parameter.default?.text ?? '').replace(/^(["'])(.*)\1$/s, '$2') },
      whole: range,
      places: { default: parameter.default?.range },
      parents,
    });
  }
  readScript(context, { text: sliceText(text, whole), shell: 'pwsh', grammar: 'none', inputs: new DeclaredInputs(), parents });
  stateTokens(context, sliceText(text, whole), 'script', parents);
}
