import ignore from 'ignore';
import type { Ignore } from 'ignore';
import type { Diagnostic } from '../core/index.js';
import type { Clock } from '../io/clock.js';
import type { Files } from '../io/files.js';

/** One file that a walk has found. */
export interface WalkedFile {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'special';
}

export interface Walk {
  readonly files: WalkedFile[];
  readonly diagnostics: Diagnostic[];
}

/** The bounds of a walk: what lies beyond is left out, and one message says so. */
export interface WalkLimits {
  readonly files: number;
  /** Folders below folders. */
  readonly depth: number;
  readonly milliseconds: number;
}

export const WALK_LIMITS: WalkLimits = { files: 200_000, depth: 64, milliseconds: 30_000 };

/** Not sources: git's own data, and what package managers put in place. */
const SKIPPED_FOLDERS = new Set(['.git', '.hg', '.svn', 'node_modules']);

/** Rules of one `.gitignore`, which are relative to its folder. */
interface IgnoreRules {
  readonly prefix: string;
  readonly rules: Ignore;
}

interface Folder {
  readonly path: string;
  readonly depth: number;
  readonly ignored: readonly IgnoreRules[];
}

/** Lists files without git, honouring every `.gitignore` on the way. Links are listed, never entered. */
export function walk(files: Files, clock: Clock, limits: WalkLimits = WALK_LIMITS): Walk {
  const result: Walk = { files: [], diagnostics: [] };
  const deadline = clock.now() + limits.milliseconds;
  const pending: Folder[] = [{ path: '', depth: 0, ignored: [] }];
  let tooDeep: string | undefined;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = files.list(folder.path, limits.files + 1);
    if (!Array.isArray(entries)) {
      result.diagnostics.push({ ...entries, message: 'This folder could not be listed. Nothing in it was scanned.' });
      continue;
    }
    const prefix = folder.path === '' ? '' : `${folder.path}/`;
    const ignored = entries.some((entry) => entry.name === '.gitignore') ? [...folder.ignored, ...rulesOf(files, prefix, result.diagnostics)] : folder.ignored;
    for (const entry of entries) {
      const stop = result.files.length >= limits.files ? `${limits.files} files` : clock.now() > deadline ? `${limits.milliseconds / 1000} seconds` : undefined;
      if (stop !== undefined) {
        result.diagnostics.push(incomplete(`The search for files ended at the limit of ${stop}, in ${folder.path || 'the root'}`));
        return result;
      }
      const path = prefix + entry.name;
      if (entry.kind === 'directory') {
        if (SKIPPED_FOLDERS.has(entry.name) || isIgnored(ignored, `${path}/`)) continue;
        if (folder.depth >= limits.depth) tooDeep ??= path;
        else pending.push({ path, depth: folder.depth + 1, ignored });
      } else if (!isIgnored(ignored, path)) {
        result.files.push({ path, kind: entry.kind });
      }
    }
  }
  if (tooDeep !== undefined) result.diagnostics.push(incomplete(`Folders more than ${limits.depth} levels deep were not searched, the first is ${tooDeep}`));
  return result;
}

function incomplete(what: string): Diagnostic {
  return { level: 'warning', code: 'walk-limit', message: `${what}. What lies beyond was not scanned. Make it a git repository, or scan a part of it.` };
}

function isIgnored(ignored: readonly IgnoreRules[], path: string): boolean {
  // The nearest file decides, as in git.
  for (let i = ignored.length - 1; i >= 0; i--) {
    const { prefix, rules } = ignored[i] as IgnoreRules;
    const verdict = rules.test(path.slice(prefix.length));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

/** Largest `.gitignore` that is honoured, in bytes, and its most rules. */
const MAX_IGNORE_BYTES = 200_000;
const MAX_IGNORE_RULES = 5_000;

function rulesOf(files: Files, prefix: string, diagnostics: Diagnostic[]): IgnoreRules[] {
  const path = `${prefix}.gitignore`;
  const read = files.read(path, MAX_IGNORE_BYTES);
  if (!read.ok) {
    diagnostics.push(read.diagnostic);
    return [];
  }
  const lines = read.text.split(/\r?\n/);
  const usable = lines.filter(isCheap).slice(0, MAX_IGNORE_RULES);
  if (usable.length < lines.length) {
    diagnostics.push({ level: 'note', code: 'ignore-rule', path, message: 'Some rules have too many wildcards, or there are too many of them. They were not applied, so more files were scanned.' });
  }
  return [{ prefix, rules: ignore({ allowRelativePaths: true }).add(usable) }];
}

/**
 * The library makes a backtracking regular expression of each rule, and a hostile rule can make that
 * slow without end. With at most three wildcards its time grows with the cube of a name's length at worst.
 */
function isCheap(line: string): boolean {
  return line.length <= 1000 && (line.match(/\*+/g)?.length ?? 0) <= 3;
}
