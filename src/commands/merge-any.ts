import { resolve } from 'node:path';
import { listFolder } from '../io/input-folder.js';
import { UsageError } from './errors.js';
import type { CommandContext } from './index.js';
import { mergeCommand, type MergeFlags } from './merge.js';
import { mergeParts, type MergePartsFlags } from './merge-parts.js';

/** `merge`: a folder holds the parts of a spread scan, files are SARIF logs. */
export async function mergeAny(files: readonly string[], flags: MergeFlags & MergePartsFlags, context: CommandContext): Promise<number> {
  const folders = files.filter((file) => listFolder(resolve(context.directory, file)) !== undefined);
  const [folder] = folders;
  if (folder === undefined) {
    if (flags.plan !== undefined || flags.durations !== undefined) throw new UsageError('--plan and --durations are for the parts of a spread scan: give the folder that they are in.');
    return mergeCommand(files, flags, context);
  }
  if (files.length > 1) throw new UsageError('`merge` takes one folder with the parts of a spread scan, or SARIF files; not both, and not several folders.');
  if (flags.strict === true || flags.upload === true) throw new UsageError('--strict and --upload are for SARIF files, not for the parts of a spread scan.');
  return mergeParts(folder, flags, context);
}
