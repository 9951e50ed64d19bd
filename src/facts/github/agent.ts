import type { FactValue, InputValue } from '../schema.js';
import type { ActionModel } from './action-models.js';

type Agent = FactValue<'step'>['agent'];

/**
 * Words in an agent's settings that let it run commands or change files: names of its tools, and of
 * the modes without sandbox or question, from the documentation of the agents in `action-tables/agents.ts`.
 * Tools that are limited to some commands, as in `Bash(git diff:*)`, are not meant.
 */
const POWERS =
  /\b(?:Bash|Write|Edit|MultiEdit|NotebookEdit|WebFetch)\b(?!\()|\bBash\(\s{0,5}(?::?\*|\w{1,20}:?\*\s{0,5},\s{0,5}\*)\s{0,5}\)|--dangerously-skip-permissions|\bbypassPermissions\b|\bacceptEdits\b|\bdanger-full-access\b|\bworkspace-write\b|--yolo\b|--full-auto\b|--dangerously-bypass-approvals-and-sandbox|\brun_shell_command\b(?!\()|\bwrite_file\b|\bShellTool\b(?!\()|"approvalMode"\s{0,5}:\s{0,5}"yolo"/g;

/** What an agent's action is allowed by its inputs. */
export function readAgent(name: string, inputs: Readonly<Record<string, InputValue>>, model: NonNullable<ActionModel['agent']>): Agent {
  const open: string[] = [];
  for (const input of model.allow) {
    const text = textOf(inputs, input).trim();
    if (text === '*' || /(?:^|[\s,"'])\*(?:$|[\s,"'])/.test(text) || (/bots|users/.test(input) && /^true$/i.test(text))) open.push(`${input}: ${text.slice(0, 100)}`);
  }
  const tools: string[] = [];
  for (const input of model.tools) {
    const text = textOf(inputs, input);
    if (text === '') continue;
    if (input === 'safety-strategy' && text.trim() === 'unsafe') tools.push('safety-strategy: unsafe');
    for (const [power] of withoutDenied(text).matchAll(POWERS)) if (!tools.includes(power)) tools.push(power);
    if (tools.length > 20) break;
  }
  return { name, open, tools };
}

/** Without the lists of tools that are denied. */
function withoutDenied(text: string): string {
  return text
    .slice(0, 20_000)
    .replace(/--disallowed-?tools[ =]{1,5}(?:"[^"\n]{0,2000}"|'[^'\n]{0,2000}'|[^\s]{1,2000})/gi, '')
    .replace(/"(?:deny|exclude|excludeTools)"\s{0,5}:\s{0,5}\[[^\]]{0,2000}\]/g, '');
}

function textOf(inputs: Readonly<Record<string, InputValue>>, name: string): string {
  return Object.hasOwn(inputs, name) ? (inputs[name] as InputValue).text : '';
}
