import { isDay, type Diagnostic, type Settings, type SuppressionEntry } from '../core/index.js';
import type { Files } from '../io/files.js';
import { parseYaml } from '../syntax/yaml.js';
import { toPlain } from '../syntax/yaml-query.js';
import { readOpenVex } from './openvex.js';

const VEX_FOLDER = '.vex';
const TRIVY_FILE = '.trivyignore';
const SNYK_FILE = '.snyk';

/** Files of other tools that decide about findings; those of the base decide about a pull request. */
export const FOREIGN_FILES: readonly string[] = [VEX_FOLDER, TRIVY_FILE, SNYK_FILE];

const MAX_BYTES = 5_000_000;
const MAX_DOCUMENTS = 100;
const MAX_ENTRIES = 5_000;
const NO_REASON = 'no reason is given';

/** Entries of other tools' files, and what of them can't be read, which silences nothing. */
export interface ForeignSuppressed {
  readonly entries: readonly SuppressionEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads `.trivyignore`, `.snyk` and OpenVEX documents of a tree. `named` has the documents that the setting `vex` names.
 * With `foreign-suppressions: report` the first two silence nothing.
 */
export function foreignSuppressions(files: Files, named: Files, settings: Settings): ForeignSuppressed {
  const entries: SuppressionEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  const warn = (path: string, message: string): void => {
    diagnostics.push({ level: 'warning', code: 'suppression-foreign', path, message });
  };
  const text = (from: Files, path: string): string | undefined => {
    const read = from.read(path, MAX_BYTES);
    if (read.ok) return read.text;
    warn(path, `It silences nothing: ${read.diagnostic.message}`);
    return undefined;
  };
  if (settings.foreignSuppressions !== 'report') {
    for (const [path, read] of [[TRIVY_FILE, readTrivyIgnore], [SNYK_FILE, readSnyk]] as const) {
      if (files.kind(path) !== 'file') continue;
      const content = text(files, path);
      const result = content === undefined ? [] : read(content);
      if (typeof result === 'string') warn(path, result);
      else entries.push(...result);
    }
  }
  for (const { from, path } of vexDocuments(files, named, settings, warn)) {
    const content = text(from, path);
    if (content === undefined) continue;
    const read = readOpenVex(content, path);
    if (typeof read === 'string') warn(path, read);
    else entries.push(...read);
  }
  if (entries.length <= MAX_ENTRIES) return { entries, diagnostics };
  return { entries: [], diagnostics: [...diagnostics, { level: 'warning', code: 'suppression-foreign', message: `Files of other tools and OpenVEX documents silence more than ${MAX_ENTRIES} things; none of them is obeyed.` }] };
}

function vexDocuments(files: Files, named: Files, { vex = [] }: Settings, warn: (path: string, message: string) => void): readonly { readonly from: Files; readonly path: string }[] {
  const listed = files.kind(VEX_FOLDER) === 'directory' ? files.list(VEX_FOLDER, MAX_DOCUMENTS) : [];
  if (!Array.isArray(listed)) warn(VEX_FOLDER, `Its documents silence nothing: ${(listed as Diagnostic).message}`);
  const usual = (Array.isArray(listed) ? listed : []).filter(({ name, kind }) => kind === 'file' && name.endsWith('.json')).map(({ name }) => `${VEX_FOLDER}/${name}`).sort();
  const missing = vex.filter((path) => named.kind(path) !== 'file');
  for (const path of missing) warn(path, 'This OpenVEX document of the setting `vex` does not exist; it silences nothing.');
  return [...usual.map((path) => ({ from: files, path })), ...vex.filter((path) => !missing.includes(path) && !usual.includes(path)).map((path) => ({ from: named, path }))];
}

function atLine(path: string, line: number): SuppressionEntry['place'] {
  return { path, region: { startLine: line, startColumn: 1, endLine: line, endColumn: 1 } };
}

/** An id a line, with `exp:YYYY-MM-DD`; a comment above it is its reason (https://trivy.dev/docs/latest/configuration/filtering/#trivyignore). */
function readTrivyIgnore(text: string): readonly SuppressionEntry[] {
  let comment = '';
  return text.split(/\r?\n/).flatMap((line, index): SuppressionEntry[] => {
    const words = line.trim();
    const [id = '', ...rest] = words.replace(/\s#.*$/, '').split(/\s+/);
    const reason = (/\s#(.*)$/.exec(words)?.[1] ?? comment).trim();
    comment = words.startsWith('#') ? words.slice(1) : '';
    if (!/^[A-Za-z][\w.-]{2,100}$/.test(id)) return [];
    const end = rest.find((word) => word.startsWith('exp:'))?.slice('exp:'.length);
    // One whose end can't be read would never end.
    if (end !== undefined && !isDay(end)) return [];
    return ['trivy', 'trivy-image'].map((tool) => ({ kind: 'external', by: 'trivy', rule: `${tool}/${id}`, reason: reason === '' ? NO_REASON : reason.slice(0, 500), place: atLine(TRIVY_FILE, index + 1), ...(end !== undefined && { expires: end }) }));
  });
}

/** `ignore: {ID: [{'*': {reason, expires}}]}`; entries for single paths of dependencies are left to snyk (https://docs.snyk.io/manage-risk/policies/the-.snyk-file). */
function readSnyk(text: string): readonly SuppressionEntry[] | string {
  const { documents, problems } = parseYaml(text, { maxNodes: 50_000 });
  const [root] = documents;
  const data = root === undefined ? null : toPlain(root);
  if (problems.length > 0 || (data !== null && (typeof data !== 'object' || Array.isArray(data)))) return 'It silences nothing, since it is no valid policy file of snyk.';
  const ignore = (data as Record<string, unknown> | null)?.['ignore'];
  if (ignore === null || ignore === undefined) return [];
  if (typeof ignore !== 'object' || Array.isArray(ignore)) return 'It silences nothing: `ignore` is no mapping.';
  return Object.entries(ignore).flatMap(([id, paths]) => {
    const everywhere = (Array.isArray(paths) ? (paths as unknown[]) : []).flatMap((one) => (typeof one === 'object' && one !== null && Object.hasOwn(one, '*') ? [(one as Record<string, unknown>)['*']] : []))[0];
    if (typeof everywhere !== 'object' || everywhere === null || !/^[\w.:-]{3,100}$/.test(id)) return [];
    const { reason, expires } = everywhere as Record<string, unknown>;
    const end = typeof expires === 'string' ? expires.slice(0, 10) : undefined;
    if (expires !== undefined && expires !== null && (end === undefined || !isDay(end))) return [];
    const said = typeof reason === 'string' && reason.trim() !== '' ? reason.trim().slice(0, 500) : NO_REASON;
    return [{ kind: 'external', by: 'snyk', rule: `snyk/${id}`, reason: said, place: { path: SNYK_FILE }, ...(end !== undefined && { expires: end }) } satisfies SuppressionEntry];
  });
}
