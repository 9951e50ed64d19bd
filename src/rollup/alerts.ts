import { SEVERITIES, type Severity } from '../core/index.js';
import type { GitHub } from '../io/github.js';
import { nameOf, timeOf, type RolledFinding } from './finding.js';

/** Most that GitHub gives at a time. */
const PER_PAGE = 100;
/** A cursor that never ends is a defect of the other side. */
const MAX_PAGES = 50_000;

/**
 * Open code scanning alerts of all repositories of an organisation, page by page ("List code scanning alerts for an
 * organization" of GitHub's REST interface). Rejects with a `GitHubError` when GitHub refuses.
 */
export async function* organizationAlerts(github: GitHub, org: string, now: number): AsyncGenerator<RolledFinding> {
  let cursor: Readonly<Record<string, string>> = {};
  for (let page = 0; page < MAX_PAGES; page++) {
    const { data, next } = await github.request('GET /orgs/{org}/code-scanning/alerts', { org, state: 'open', per_page: PER_PAGE, ...cursor });
    if (!Array.isArray(data)) return;
    for (const alert of data) yield findingOf(alert, now);
    const { after, page: number } = next ?? {};
    if (after !== undefined) cursor = { after };
    else if (number !== undefined) cursor = { page: number };
    else return;
  }
}

function findingOf(alert: unknown, now: number): RolledFinding {
  const rule = field(alert, 'rule');
  return {
    repository: nameOf(field(field(alert, 'repository'), 'full_name'), 'unknown'),
    tool: nameOf(field(field(alert, 'tool'), 'name'), 'unknown'),
    rule: nameOf(field(rule, 'id'), 'unknown'),
    severity: SEVERITIES.find((one) => one === field(rule, 'security_severity_level')) ?? byLevel(field(rule, 'severity')),
    firstSeen: timeOf(field(alert, 'created_at'), now),
  };
}

function byLevel(level: unknown): Severity {
  return level === 'error' ? 'high' : level === 'note' ? 'low' : level === 'none' ? 'note' : 'medium';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
