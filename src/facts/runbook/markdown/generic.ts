import type { SourceRange } from '../../../core/index.js';
import type { MarkdownBlock, MarkdownFence } from '../../../syntax/markdown.js';
import type { YamlNode } from '../../../syntax/yaml-node.js';
import type { AnyFact } from '../fact-types.js';
import { isSecretName } from '../../shell/index.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type Parents, type ReadContext, state, stemOf } from '../../common/context.js';
import { DeclaredInputs } from '../../common/parameters.js';
import { ownerIn, reviewedIn, rollbackIn } from '../prose.js';
import { readScript } from '../scripts.js';
import { contentAt, textOf } from '../../common/values.js';
import { withoutPrompts } from './prompts.js';

const SHELLS = new Set(['sh', 'bash', 'zsh', 'shell', 'ksh', 'dash', 'console', 'shell-session', 'shellsession', 'terminal', 'sh-session', 'bash-session']);
const SESSIONS = new Set(['console', 'shell-session', 'shellsession', 'terminal', 'sh-session', 'bash-session']);
const POWERSHELL = new Set(['powershell', 'pwsh', 'ps1', 'ps']);

/** Whether a fence holds commands of a shell. */
export function isShellFence(fence: MarkdownFence): boolean {
  return SHELLS.has(fence.language);
}

/** States the facts of a Markdown runbook: one step for each block of commands. `front` is its front matter. */
export function readMarkdownRunbook(blocks: readonly MarkdownBlock[], front: YamlNode | undefined, context: ReadContext): void {
  const runme = front?.kind === 'mapping' && (front.pairs.some(({ key }) => key.kind === 'scalar' && (key.text === 'runme' || key.text === 'cwd' || key.text === 'shell')));
  const heading = blocks.find((block) => block.kind === 'heading');
  const fences = blocks.filter((block) => block.kind === 'fence');
  const named = fences.some(({ info }) => /^\w+[ \t]*\{[^}]*\b(?:name|id|excludeFromRunAll|interactive)\b/.test(info));
  const value: FactValue<'runbook'> = {
    ...emptyValue('runbook'),
    format: runme || named ? 'runme' : 'markdown',
    kind: 'runbook',
    name: textOf(front, 'title') || (heading?.text ?? stemOf(context.document.path)),
    human: true,
    titleMatches: true,
    owner: textOf(front, 'owner') || textOf(front, 'team') || ownerIn(blocks),
    reviewed: textOf(front, 'last_reviewed') || textOf(front, 'reviewed') || textOf(front, 'last_updated') || reviewedIn(blocks),
    rollback: rollbackIn(blocks),
    sections: blocks.filter((block) => block.kind === 'heading').map(({ text }) => text),
    dryRun: fences.some((fence) => isShellFence(fence) && /--dry-run|--check\b|terraform plan/.test(fence.code.text)),
  };
  const places: Record<string, SourceRange | undefined> = { name: heading?.range, owner: contentAt(front, 'owner'), reviewed: contentAt(front, 'last_reviewed') };
  const runbook = state(context, 'runbook', value, heading?.range ?? { start: 0, end: 0 }, places);
  const inputs = new DeclaredInputs();
  let section = '';
  let index = 0;
  for (const block of blocks) {
    if (block.kind === 'heading') section = block.text;
    if (block.kind === 'fence' && (isShellFence(block) || POWERSHELL.has(block.language))) readFence(block, index++, section, textOf(front, 'shell'), inputs, { runbook }, context);
  }
  value.scripts = index;
  const left = leftSecrets(context.facts);
  value.leftSecrets = left.map(({ name }) => name);
  left.forEach(({ range }, at) => (places[`leftSecrets.${at}`] = range));
}

/** Secrets that a command exports and that no later one unsets: they stay in the shell of whoever follows the runbook. */
function leftSecrets(facts: readonly AnyFact[]): { name: string; range: SourceRange }[] {
  const left = new Map<string, SourceRange>();
  for (const fact of facts) {
    if (fact.kind !== 'command') continue;
    const { name, assignments, operands, inFunction } = fact.value;
    if (name === 'export' && inFunction === '') {
      for (const variable of Object.keys(assignments)) if (isSecretName(variable)) left.set(variable, fact.locate(`assignments.${variable}`));
    } else if (name === 'unset' || name === 'exit' || name === 'logout') {
      if (name !== 'unset') left.clear();
      for (const variable of operands) left.delete(variable);
    }
  }
  return [...left].map(([name, range]) => ({ name, range }));
}

function readFence(fence: MarkdownFence, index: number, section: string, shell: string, inputs: DeclaredInputs, parents: Parents, context: ReadContext): void {
  const powershell = POWERSHELL.has(fence.language);
  const text = powershell ? fence.code : withoutPrompts(fence.code, SESSIONS.has(fence.language));
  const language = powershell ? 'pwsh' : SHELLS.has(fence.language) && /^(?:bash|zsh|ksh|dash|sh)$/.test(fence.language) ? fence.language : shell || 'bash';
  const name = /\b(?:name|id)["']?[=:][ ]?["']?([\w .-]{1,100})/.exec(fence.info.slice(fence.language.length))?.[1]?.trim() ?? '';
  const value: FactValue<'runbook-step'> = { ...emptyValue('runbook-step'), id: name, name: name || section, index, module: 'shell', run: text.text, shell: language };
  const step = state(context, 'runbook-step', value, fence.infoRange, { run: fence.code.range }, parents);
  // Placeholders such as `<cluster>` are what the reader types in: `unknown`, since no one else can choose them.
  readScript(context, {
    text,
    shell: /^#!/.test(text.text) ? '' : language,
    grammar: 'placeholder',
    inputs,
    parents: { ...parents, 'runbook-step': step },
    origin: () => ({ source: 'parameter', controlledBy: 'trusted' }),
    sanitizer: () => 'the person who runs it types it in',
  });
}
