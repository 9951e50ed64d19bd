import { joinOrigins } from './command-output.js';
import { classifyContext, type ContextScope } from './contexts.js';
import { LITERAL, type Origin } from './scope.js';

/** Longer scripts are looked at up to here. */
const MAX_SCRIPT = 100_000;

const PAYLOAD = /\bcontext\.payload((?:\??\.\w+|\??\.?\[\d+\])+)/g;
const ENVIRONMENT = /\bprocess\.env(?:\.(\w+)|\[\s*['"](\w+)['"]\s*\])/g;
const SET_OUTPUT = /\bsetOutput\(\s*['"`]([\w-]+)['"`]\s*,([^\n;]{0,500})/g;
const EXPORT_VARIABLE = /\bexportVariable\(\s*['"`]([\w-]+)['"`]\s*,([^\n;]{0,500})/g;
const READ_FILE = /\breadFile(?:Sync)?\(/;
/** Fields of what the API answers that its author writes freely. */
const ANSWERED = /\b(?:head\.(?:ref|label)|(?:pr|pull|pullRequest|pull_request|issue|comment|review|discussion|data)\.(?:title|body|head\.ref))\b/;
/** What names the head of a pull request. */
const HEADS: readonly (readonly [pattern: RegExp, context: string, type: 'sha' | 'name'])[] = [
  [/\b(?:head\.sha|merge_commit_sha|headRefOid)\b/, 'answer of the API: head.sha', 'sha'],
  [/\brefs\/pull\//, 'ref of a pull request', 'name'],
];
const ANSWER_EVENTS = new Set(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment', 'issues', 'issue_comment', 'workflow_run', 'discussion', 'discussion_comment']);

/**
 * What the outputs of an `actions/github-script` step hold: `result` is what the script returns,
 * others are set by `core.setOutput`. Names that occur in the text are looked at, not a tree: a
 * value that is kept in a variable first counts as everything that the script reads.
 *
 * @param files what files of the workspace hold
 * @param expressions what the template expressions in the script hold
 * @returns outputs and exported variables by lower-case name; undefined when the script sets no such output
 */
export function githubScriptOutputs(
  script: string,
  expressions: Origin,
  env: ReadonlyMap<string, Origin>,
  scope: ContextScope,
  files: Origin = LITERAL,
): { readonly outputs: (name: string) => Origin | undefined; readonly env: ReadonlyMap<string, Origin> } {
  const text = script.slice(0, MAX_SCRIPT);
  const whole = joinOrigins(joinOrigins(expressions, readBy(text, env, scope)), READ_FILE.test(text) ? files : LITERAL);
  const outputs = new Map<string, Origin>();
  const exported = new Map<string, Origin>();
  for (const [, name = '', value = ''] of text.matchAll(EXPORT_VARIABLE)) exported.set(name.toLowerCase(), valueOrigin(value, whole, env, scope));
  for (const [, name = '', value = ''] of text.matchAll(SET_OUTPUT)) {
    const origin = valueOrigin(value, whole, env, scope);
    outputs.set(name.toLowerCase(), joinOrigins(outputs.get(name.toLowerCase()) ?? LITERAL, origin));
  }
  if (/\breturn\b/.test(text)) outputs.set('result', returned(text, whole, env, scope));
  return { outputs: (name) => outputs.get(name), env: exported };
}

function valueOrigin(value: string, whole: Origin, env: ReadonlyMap<string, Origin>, scope: ContextScope): Origin {
  const direct = readBy(value, env, scope);
  if (direct !== LITERAL) return direct;
  return isFixed(value) ? LITERAL : whole;
}

function returned(text: string, whole: Origin, env: ReadonlyMap<string, Origin>, scope: ContextScope): Origin {
  let origin = LITERAL;
  for (const [, value = ''] of text.matchAll(/\breturn\b([^\n;]{0,500})/g)) {
    origin = joinOrigins(origin, valueOrigin(value, whole, env, scope));
  }
  return origin;
}

/** A literal, a comparison, a number of something. */
function isFixed(value: string): boolean {
  const text = value.trim().replace(/\)+$/, '');
  return text === '' || /^(?:true|false|null|undefined|-?\d+|'[^']*'|"[^"]*")$/.test(text) || /[=!]==|\.length$|\.(?:number|id|sha|includes|some|every|startsWith|endsWith)\b[^.]*$|^!/.test(text);
}

function readBy(text: string, env: ReadonlyMap<string, Origin>, scope: ContextScope): Origin {
  let origin = LITERAL;
  for (const [, path = ''] of text.matchAll(PAYLOAD)) {
    const names = path.toLowerCase().match(/\w+/g) ?? [];
    // The last name may be a method of the text, as in `title.trim()`.
    for (const segments of [names, names.slice(0, -1)]) {
      const found = classifyContext(['github', 'event', ...segments], scope);
      if (found.controlledBy === 'unknown' || (found.controlledBy === 'trusted' && segments === names && found.type === '')) continue;
      const context = `github.event.${segments.join('.')}`;
      origin = joinOrigins(origin, { context, contexts: [context], source: 'event', type: found.type, controlledBy: found.controlledBy, events: found.events });
      break;
    }
  }
  for (const [, dotted, quoted] of text.matchAll(ENVIRONMENT)) origin = joinOrigins(origin, env.get((dotted ?? quoted ?? '').toLowerCase()) ?? LITERAL);
  for (const [pattern, context, type] of HEADS) {
    if (!pattern.test(text)) continue;
    const events = scope.events.filter((event) => ANSWER_EVENTS.has(event));
    if (events.length > 0) origin = joinOrigins(origin, { context, contexts: [context], source: 'command', type, controlledBy: 'attacker', events });
  }
  if (ANSWERED.test(text)) {
    const events = scope.events.filter((event) => ANSWER_EVENTS.has(event));
    const context = 'answer of the API';
    if (events.length > 0) origin = joinOrigins(origin, { context, contexts: [context], source: 'command', type: 'string', controlledBy: 'attacker', events });
  }
  return origin;
}
