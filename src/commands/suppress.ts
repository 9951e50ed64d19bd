import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadAllPolicies } from '../app.js';
import { appendSuppression, renderSuppression, type NewSuppression } from '../config/append-suppression.js';
import { CONFIG_FILE, loadSettings, type Known } from '../config/index.js';
import { dayOf, isDay } from '../core/index.js';
import { openFiles, type Files } from '../io/files.js';
import { createFile, replaceFile } from '../io/new-file.js';
import { SCANNERS } from '../scanners/index.js';
import { UsageError } from './errors.js';
import type { CommandContext } from './index.js';

/** Flags of `suppress`. */
export interface SuppressFlags {
  readonly reason: string;
  readonly owner?: string;
  readonly expires?: string;
  /** Top folder of the repository. */
  readonly root: string;
}

/**
 * `suppress <fingerprint>`: adds an entry to the configuration, which otherwise stays as it is.
 * @throws UsageError for arguments that can't be; ConfigurationError when the configuration is wrong already.
 */
export async function suppressCommand(fingerprint: string, flags: SuppressFlags, context: CommandContext, now = Date.now()): Promise<void> {
  const entry = checked(fingerprint, flags, now);
  const root = resolve(context.directory, flags.root);
  const files = openFiles(root);
  const path = files.kind(CONFIG_FILE) === undefined && files.kind('.bartizan.yaml') !== undefined ? '.bartizan.yaml' : CONFIG_FILE;
  const text = read(files, path);
  const known: Known = { policies: (await loadAllPolicies(files)).map(({ definition }) => definition), scanners: SCANNERS.map(({ name }) => name) };
  const before = loadSettings({ file: { path, text: text ?? '' }, known }).settings;
  if (before.suppressions?.some((one) => one.fingerprint === fingerprint) === true) throw new UsageError(`${path} has an entry for ${fingerprint} already.`);
  const after = appendSuppression(text ?? '', entry);
  if (after === undefined || !addsOnly(after, { path, known, before, entry })) {
    throw new UsageError(`An entry can't be added to ${path} as it is written. Add it by hand to \`suppressions\`:\n${renderSuppression(entry, '  ')}`);
  }
  if (text !== undefined) replaceFile(root, path, after);
  else if (!createFile(root, path, after)) throw new UsageError(`${path} was written by somebody else in the meantime. Run the command again.`);
  await context.out.write(`${text === undefined ? 'wrote' : 'changed'} ${path}: ${fingerprint} does not count ${entry.expires === undefined ? 'any more' : `until ${entry.expires}`}\n`);
}

function checked(fingerprint: string, { reason, owner, expires }: SuppressFlags, now: number): NewSuppression {
  if (!/^[0-9a-f]{32}$/.test(fingerprint)) throw new UsageError('A fingerprint has 32 hexadecimal digits: `bartizan scan --all` shows it below a finding, JSON and SARIF as `bartizan/v1`.');
  if (reason.trim() === '') throw new UsageError('--reason must say in words why the finding does not count.');
  if (expires !== undefined && !isDay(expires)) throw new UsageError('--expires must be a day that exists, written YYYY-MM-DD.');
  if (expires !== undefined && expires < dayOf(now)) throw new UsageError(`--expires ${expires} is over already.`);
  return { fingerprint, reason: reason.trim().replace(/\s+/g, ' '), owner, expires };
}

/** Whether a text means what the configuration meant, and the entry. */
function addsOnly(text: string, { path, known, before, entry }: { path: string; known: Known; before: ReturnType<typeof loadSettings>['settings']; entry: NewSuppression }): boolean {
  try {
    const { suppressions = [], ...rest } = loadSettings({ file: { path, text }, known }).settings;
    const { suppressions: had = [], ...others } = before;
    const added = suppressions.at(-1);
    return (
      isDeepStrictEqual(rest, others) &&
      isDeepStrictEqual(suppressions.slice(0, -1), had) &&
      added?.fingerprint === entry.fingerprint && added.reason === entry.reason && added.owner === entry.owner && added.expires === entry.expires
    );
  } catch {
    // The caller tells what to write by hand.
    return false;
  }
}

function read(files: Files, path: string): string | undefined {
  if (files.kind(path) === undefined) return undefined;
  const result = files.read(path);
  if (!result.ok) throw new UsageError(`${path} can't be read. ${result.diagnostic.message}`);
  return result.byteOrderMark ? `\ufeff${result.text}` : result.text;
}
