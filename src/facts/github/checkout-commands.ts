import type { ShellCommand } from '../../syntax/shell/index.js';
import type { CheckoutValue } from '../schema.js';
import { COMMENT_EVENTS, NO_CHECKOUT, originOfRef, type RefOrigin, TRUSTED_REF } from './checkout.js';
import type { ScriptFlow } from './command-output.js';

/** Subcommands of git that put what a ref names into the workspace. */
const GIT_CHECKOUTS = new Set(['checkout', 'switch', 'reset', 'merge', 'pull', 'restore', 'worktree', 'rebase', 'cherry-pick']);

/** What a command checks out, and its index among the script's commands. */
export interface CommandCheckout {
  readonly value: CheckoutValue;
  readonly index: number;
}

/**
 * What the commands of a script put into the workspace: `gh pr checkout`, or git moving to a ref that
 * an outsider controls, given directly, by a variable or as what was fetched before.
 */
export function readCheckoutCommands(flow: ScriptFlow, events: readonly string[]): CommandCheckout | undefined {
  let fetched = TRUSTED_REF;
  for (const command of flow.script.commands) {
    const [subcommand, second] = command.operands;
    if ((command.name === 'gh' || command.name === 'hub') && subcommand === 'pr' && second === 'checkout') {
      if (COMMENT_EVENTS.some((event) => events.includes(event))) return untrusted(command, true);
    }
    if (command.name === 'gh' && subcommand === 'repo' && second === 'clone' && untrustedWord(command, flow, events) !== undefined) return untrusted(command, true);
    if (command.name !== 'git') continue;
    if ((subcommand === 'apply' || subcommand === 'am') && appliesPatch(command, flow) && COMMENT_EVENTS.some((event) => events.includes(event))) return untrusted(command, true);
    const found = untrustedWord(command, flow, events);
    if (subcommand === 'fetch') fetched = found ?? fetched;
    else if (subcommand === 'clone') {
      if (found !== undefined) return untrusted(command, true);
    } else if (GIT_CHECKOUTS.has(subcommand ?? '')) {
      if (found !== undefined) return untrusted(command, found.mutable);
      if (fetched.untrusted && followsFetch(command)) return untrusted(command, fetched.mutable);
    }
  }
  return undefined;
}

/** `gh pr diff 1 | git apply`, `curl "$PATCH_URL" | git am`. */
function appliesPatch(command: ShellCommand, flow: ScriptFlow): boolean {
  if (command.pipedFrom.length === 0) return false;
  const before = flow.script.commands[command.index - 1];
  if (before === undefined || before.pipedTo[0] !== 'git') return false;
  if (before.name === 'gh') return before.operands[0] === 'pr' && before.operands[1] === 'diff';
  return before.words.some((word) => /patch_url|diff_url/i.test(word.value) || flow.word(word).contexts.some((context) => /(?:patch|diff)_url$/.test(context)));
}

function untrustedWord(command: ShellCommand, flow: ScriptFlow, events: readonly string[]): RefOrigin | undefined {
  for (const word of command.words) {
    if (word.literal) continue;
    const { contexts, controlledBy } = flow.word(word);
    const origin = originOfRef({ text: word.value, literal: false, contexts: contexts.map((path) => path.toLowerCase()), attacker: controlledBy === 'attacker' }, events);
    if (origin.untrusted) return origin;
  }
  return undefined;
}

/** The ref that a fetch of a pull request leaves, by git's name or by one that says what it is. */
function followsFetch(command: ShellCommand): boolean {
  return command.words.some(({ value }) => value === 'FETCH_HEAD' || /(?:^|[/_-])(?:pr|pull|head)(?:$|[/_-]|\d)/i.test(value));
}

function untrusted(command: ShellCommand, mutableRef: boolean): CommandCheckout {
  return { value: { ...NO_CHECKOUT, kind: 'untrusted', ref: command.text.slice(0, 500), mutableRef }, index: command.index };
}
