import { resolve } from 'node:path';
import type { ScanRequest } from '../app.js';
import { overridesFromFlags } from '../config/inputs.js';
import { plural } from '../core/index.js';
import { replaceFile } from '../io/new-file.js';
import { repairWorkspace, type Repaired, type ResolveDigest } from '../repair-workspace.js';
import type { CommandContext } from './index.js';
import { githubWith, systemPorts } from './ports.js';

/** Flags of `fix`. */
export interface FixFlags {
  /** Only says what would be changed. */
  readonly dryRun?: boolean;
  /** Asks GitHub for the commits of tags and branches. */
  readonly online?: boolean;
  readonly only?: string;
  readonly skip?: string;
  readonly confidence?: string;
}

/** `fix [path]`: repairs what can be repaired by an edit that is known to be safe, and says what it changed. */
export async function fixCommand(path: string, flags: FixFlags, context: CommandContext): Promise<void> {
  const root = resolve(context.directory, path);
  const ports = { ...systemPorts(root, context.environment.PATH ?? ''), environment: context.environment };
  const { only, skip, confidence } = flags;
  const request: ScanRequest = {
    overrides: overridesFromFlags({ external: false, only, skip, confidence }),
    ignoreBaseline: true,
    reproduce: '',
  };
  const repaired = await repairWorkspace(request, ports, flags.online === true ? await githubDigests(context) : undefined);
  if (flags.dryRun !== true) for (const file of repaired.files) replaceFile(root, file.path, file.text);
  await context.out.write(render(repaired, flags.dryRun === true));
}

function render({ files, left }: Repaired, dryRun: boolean): string {
  const lines = files.flatMap(({ path, repairs }) => repairs.map(({ line, description, ruleId }) => `${path}:${line}: ${description} [${ruleId}]`));
  const total = `${plural(lines.length, 'finding')} ${dryRun ? 'would be' : lines.length === 1 ? 'was' : 'were'} repaired in ${plural(files.length, 'file')}`;
  const rest = left === 0 ? 'none is left' : `${plural(left, 'finding')} ${left === 1 ? 'needs' : 'need'} a person`;
  return `${lines.map((line) => `${line}\n`).join('')}${lines.length === 0 ? 'Nothing could be repaired by itself' : total}; ${rest}.\n`;
}

/** Commits by GitHub's interface; without a token it answers for public repositories, seldom. */
async function githubDigests(context: CommandContext): Promise<ResolveDigest> {
  const { GitHubError } = await import('../io/github.js');
  const github = await githubWith(context.token ?? '', context);
  return async (repository, ref) => {
    const [owner, repo] = repository.split('/');
    try {
      const { data } = await github.request('GET /repos/{owner}/{repo}/commits/{ref}', { owner, repo, ref });
      const digest = (data as { readonly sha?: unknown } | null)?.sha;
      return typeof digest === 'string' && /^[0-9a-f]{40}$/.test(digest) ? { digest, version: ref } : undefined;
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      await context.err.write(`${repository}@${ref}: GitHub does not tell its commit. ${error.message}\n`);
      return undefined;
    }
  };
}
