import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { connectGitHub, GitHubError, type GitHub } from '../src/io/github.js';

/** An entry of `data/actions.json` under the name of an action's repository. */
export interface AdvisoryEntry {
  readonly id: string;
  readonly cve: string;
  readonly severity: string;
  readonly from: string;
  /** Empty while there is no version without it. */
  readonly fixed: string;
  readonly title: string;
  readonly movedTags?: true;
  readonly source: string;
  /** Day on which the entry got its present content. */
  readonly date: string;
}

/** An action that is no longer kept, and what to use instead. */
export interface ReplacedEntry {
  readonly by: string;
  readonly source: string;
  readonly date: string;
}

/** The whole of `data/actions.json`. */
export interface ActionData {
  /** Day on which the lists were fetched. */
  readonly date: string;
  readonly advisories: Readonly<Record<string, readonly AdvisoryEntry[]>>;
  readonly replaced: Readonly<Record<string, ReplacedEntry>>;
}

const MAX_PAGES = 50;
const ACTION = /^[\w.-]{1,100}\/[\w.-]{1,100}/;
const SEVERITIES = new Set(['critical', 'high', 'medium', 'low']);
/** What stands for a successor where none is known. */
const NO_SUCCESSOR = 'nothing that its owner names';

/**
 * The lists as GitHub has them: reviewed advisories of the ecosystem `actions`, and which of the repositories that we list are archived.
 * What was written by hand (titles, successors, tags that were moved) stays. The same answers give the same text, whatever their order.
 *
 * @param day ISO 8601
 * @throws GitHubError when GitHub can't be asked; nothing is half updated.
 */
export async function updatedData(before: ActionData, github: GitHub, day: string): Promise<ActionData> {
  const advisories = await fetchAdvisories(before, github, day);
  return { date: day, advisories, replaced: await fetchArchived(before, Object.keys(advisories), github, day) };
}

interface Advisory {
  readonly ghsa_id?: unknown;
  readonly cve_id?: unknown;
  readonly summary?: unknown;
  readonly severity?: unknown;
  readonly withdrawn_at?: unknown;
  readonly vulnerabilities?: readonly { readonly package?: { readonly ecosystem?: unknown; readonly name?: unknown }; readonly vulnerable_version_range?: unknown; readonly first_patched_version?: unknown }[] | null;
}

async function fetchAdvisories(before: ActionData, github: GitHub, day: string): Promise<ActionData['advisories']> {
  const found = new Map<string, AdvisoryEntry[]>();
  const known = new Map(Object.entries(before.advisories).flatMap(([name, entries]) => entries.map((entry) => [`${name} ${entry.id} ${entry.from}`, entry] as const)));
  let page: Readonly<Record<string, string>> | undefined = {};
  for (let count = 0; page !== undefined && count < MAX_PAGES; count++) {
    const answer = await github.request('GET /advisories', { ecosystem: 'actions', type: 'reviewed', per_page: 100, ...page });
    for (const advisory of Array.isArray(answer.data) ? (answer.data as readonly Advisory[]) : []) {
      for (const [name, entry] of entriesOf(advisory, day)) {
        const old = known.get(`${name} ${entry.id} ${entry.from}`);
        const merged = old === undefined ? entry : { ...entry, title: old.title, ...(old.movedTags !== undefined && { movedTags: old.movedTags }), source: old.source };
        found.set(name, [...(found.get(name) ?? []), old !== undefined && old.severity === entry.severity && old.fixed === entry.fixed && old.cve === entry.cve ? old : merged]);
      }
    }
    page = answer.next;
  }
  return sorted([...found].map(([name, entries]) => [name, entries.toSorted((a, b) => compare(b.id + b.from, a.id + a.from))] as const));
}

function entriesOf({ ghsa_id: id, cve_id: cve, summary, severity, withdrawn_at: withdrawn, vulnerabilities }: Advisory, day: string): [string, AdvisoryEntry][] {
  if (typeof id !== 'string' || !/^GHSA(?:-[\da-z]{4}){3}$/.test(id) || typeof severity !== 'string' || !SEVERITIES.has(severity) || typeof withdrawn === 'string') return [];
  return (vulnerabilities ?? []).flatMap(({ package: subject, vulnerable_version_range: range, first_patched_version: patched }): [string, AdvisoryEntry][] => {
    const name = subject?.ecosystem === 'actions' && typeof subject.name === 'string' ? subject.name.toLowerCase() : '';
    if (!ACTION.test(name) || typeof range !== 'string') return [];
    const fixed = typeof patched === 'string' ? patched : firstAbove(range);
    const title = typeof summary === 'string' ? summary.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 200) : id;
    return [[name, { id, cve: typeof cve === 'string' ? cve : '', severity, from: /(?:^|,)\s*>=?\s*v?([\d.]+)/.exec(range)?.[1] ?? '', fixed, title, source: `https://github.com/advisories/${id}`, date: day }]];
  });
}

/** `4.1.3` of `>= 4.0.0, < 4.1.3`; empty where the range has no such end. */
function firstAbove(range: string): string {
  return /(?:^|,)\s*<\s*v?([\d.]+)/.exec(range)?.[1] ?? '';
}

async function fetchArchived(before: ActionData, affected: readonly string[], github: GitHub, day: string): Promise<ActionData['replaced']> {
  const entries = new Map(Object.entries(before.replaced));
  for (const name of new Set([...Object.keys(before.replaced), ...affected].map((one) => one.split('/', 2).join('/')).toSorted(compare))) {
    const [owner = '', repo = ''] = name.split('/');
    if (!(await isArchived(owner, repo, github))) continue;
    const listed = [...entries.keys()].some((one) => one === name || one.startsWith(`${name}/`));
    if (!listed) entries.set(name, { by: NO_SUCCESSOR, source: `https://github.com/${name}`, date: day });
  }
  return sorted([...entries]);
}

async function isArchived(owner: string, repo: string, github: GitHub): Promise<boolean> {
  try {
    const { data } = await github.request('GET /repos/{owner}/{repo}', { owner, repo });
    return (data as { readonly archived?: unknown } | null)?.archived === true;
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return false;
    throw error;
  }
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => compare(a, b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// BARTIZAN_GITHUB_TOKEN=… npm run update-data
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'data/actions.json');
  const token = process.env['BARTIZAN_GITHUB_TOKEN'] ?? '';
  if (token === '') throw new Error('GitHub answers too few requests without a token: set BARTIZAN_GITHUB_TOKEN to one that may read public repositories.');
  const github = await connectGitHub({
    token,
    apiUrl: process.env['GITHUB_API_URL'] ?? 'https://api.github.com',
    userAgent: 'bartizan-update-data',
    onWait: (seconds) => process.stdout.write(`GitHub limits the rate of requests; waiting ${seconds} s.\n`),
  });
  const before = JSON.parse(readFileSync(path, 'utf8')) as ActionData;
  const after = await updatedData(before, github, new Date().toISOString().slice(0, 10));
  writeFileSync(path, `${JSON.stringify(after, null, 2)}\n`);
  const count = (data: ActionData): string => `${Object.values(data.advisories).flat().length} advisories, ${Object.keys(data.replaced).length} actions that are no longer kept`;
  process.stdout.write(`${before.date}: ${count(before)}\n${after.date}: ${count(after)}\n`);
}
