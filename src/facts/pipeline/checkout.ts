import type { ScriptFlow } from '../github/command-output.js';
import { emptyValue } from '../empty.js';
import type { CheckoutValue } from '../schema.js';

/** Subcommands of git that put what a ref names into the workspace. */
const GIT_CHECKOUTS = new Set(['checkout', 'switch', 'reset', 'merge', 'pull', 'restore', 'worktree', 'rebase', 'cherry-pick', 'clone']);
/** Refs under which hosts keep pull and merge requests, those of forks included. */
const REQUEST_REF = /(?:^|[:+/])(?:refs\/)?(?:pull|merge-requests|pull-requests|changes)\/|^pull\/|^merge-requests\//;

/** What a command checks out, and its index among the script's commands. */
export interface CommandCheckout {
  readonly value: CheckoutValue;
  readonly index: number;
}

/**
 * The first command of a script that puts code into the workspace which an outsider controls: git moving to a ref that
 * they name, or to what was fetched from a pull or merge request.
 */
export function readCheckoutCommand(flow: ScriptFlow, events: readonly string[]): CommandCheckout | undefined {
  if (events.length === 0) return undefined;
  let fetched = false;
  for (const command of flow.script.commands) {
    if (command.name !== 'git') continue;
    const [subcommand = ''] = command.operands;
    const outsiders = command.words.some((word) => REQUEST_REF.test(word.value) || (!word.literal && flow.word(word).controlledBy === 'attacker'));
    if (subcommand === 'fetch' && outsiders) fetched = true;
    if (!GIT_CHECKOUTS.has(subcommand)) continue;
    if (!outsiders && !(fetched && command.words.some(({ value }) => value === 'FETCH_HEAD' || /(?:^|[/_-])(?:pr|mr|pull|head)(?:$|[/_-]|\d)/i.test(value)))) continue;
    const moves = !command.words.some((word) => !word.literal && flow.word(word).type === 'sha');
    return { value: { ...emptyValue('step').checkout, kind: 'untrusted', ref: command.text.slice(0, 500), mutableRef: moves }, index: command.index };
  }
  return undefined;
}
