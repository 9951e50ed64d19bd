import { payloadFieldType } from '../github/payload-fields.js';
import type { Origin } from '../github/scope.js';
import type { TemplateUse } from '../pipeline/index.js';
import { matchTemplates } from '../pipeline/index.js';

/*
 * What Tekton replaces in texts: `$(params.x)`, of triggers `$(tt.params.x)` and `$(body.x)`, and what Pipelines as Code
 * replaces before: `{{ source_branch }}`, `{{ body.x }}`.
 * https://tekton.dev/docs/pipelines/variables/, https://tekton.dev/docs/triggers/triggerbindings/,
 * https://pipelinesascode.com/docs/guide/authoringprs/#dynamic-variables
 */

const PATTERN =
  /\$\(((?:inputs\.)?params|tt\.params|tasks|steps?|results|workspaces|context|body|header|extensions)((?:\.[\w-]{1,100}|\.?\[[^\]()]{1,100}\]){1,8})\)|\{\{\s{0,10}((?:body|headers)(?:\.[\w-]{1,100}|\[[^\]{}]{1,100}\]){1,8}|repo_owner|repo_name|repo_url|revision|sender|source_branch|source_url|target_branch|target_namespace|pull_request_number|pull_request_labels|trigger_comment|event_type|event|git_tag|git_auth_secret)\s{0,10}\}\}/g;

/** The templates of a text. Each has one name: `params.x`, `tt.params.x`, `body.pull_request.title`, `source_branch`. */
export function templatesOf(text: string): TemplateUse[] {
  if (!text.includes('$(') && !text.includes('{{')) return [];
  return matchTemplates(text, PATTERN, (match) => [nameOf(match)]).map((use) => ({ ...use, expression: use.names[0] as string }));
}

function nameOf(match: RegExpMatchArray): string {
  const [, root, path = '', dynamic] = match;
  if (root === undefined) return plain(dynamic ?? '');
  return plain(`${root === 'inputs.params' ? 'params' : root}${path}`);
}

/** `params["x"]` and `params.x[*]` as `params.x`. */
function plain(name: string): string {
  return name.replace(/\.?\[\s{0,5}["']([^"']{1,100})["']\s{0,5}\]/g, '.$1').replace(/\[[^\]]{0,100}\]/g, '');
}

const origin = (name: string, controlledBy: Origin['controlledBy'], type: Origin['type'], source: Origin['source'] = 'event'): Origin => ({ context: name, contexts: [name], source, type, controlledBy, events: [] });

/** Variables of Pipelines as Code. */
const DYNAMIC: Readonly<Record<string, readonly [Origin['controlledBy'], Origin['type']]>> = {
  source_branch: ['attacker', 'string'],
  trigger_comment: ['attacker', 'string'],
  source_url: ['attacker', 'name'],
  target_branch: ['collaborator', 'string'],
  git_tag: ['collaborator', 'string'],
  pull_request_labels: ['collaborator', 'string'],
  sender: ['attacker', 'name'],
  pull_request_number: ['trusted', 'number'],
  revision: ['trusted', 'sha'],
};

/** What a name holds that no parameter does: a field of the event, a value of the platform, or what a task left. */
export function originOfName(name: string): Origin {
  const [root = '', ...rest] = name.split('.');
  if (root === 'body' || root === 'extensions') return origin(name, 'attacker', payloadFieldType((rest.at(-1) ?? '').toLowerCase(), (rest.at(-2) ?? '').toLowerCase()) || 'string');
  if (root === 'header' || root === 'headers') return origin(name, 'attacker', 'string');
  if (root === 'tasks' || root === 'steps') return name.endsWith('.status') || name.endsWith('.exitCode') ? origin(name, 'trusted', 'name', 'platform') : origin(name, 'unknown', 'string', 'output');
  const dynamic = Object.hasOwn(DYNAMIC, name) ? DYNAMIC[name] : undefined;
  return dynamic === undefined ? origin(name, 'trusted', 'name', 'platform') : origin(name, dynamic[0], dynamic[1]);
}
