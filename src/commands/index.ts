import { resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { ConfigurationError } from '../core/index.js';
import { INPUTS } from '../config/inputs.js';
import { standardError, standardOutput, type Output } from '../io/log.js';
import { readEnvironment, type Environment } from '../io/environment.js';
import { hardenProcess } from '../io/process-hygiene.js';
import { VERSION } from '../version.js';
import { describeError, UsageError } from './errors.js';
import { TOOL_ACTIONS, type ToolAction, type ToolOptions } from './tool-actions.js';

/** What a command works with. */
export interface CommandContext {
  readonly out: Output;
  readonly err: Output;
  readonly environment: Environment;
  /** Absolute path of the working directory. */
  readonly directory: string;
  /** For commands that ask GitHub; no longer in the environment of the process. */
  readonly token?: string | undefined;
  /** The arguments as typed, for messages. */
  readonly args: readonly string[];
}

/** Exit code of configuration and usage errors. */
const USAGE_ERROR = 3;

/** Runs the command line and gives its exit code; messages are written, nothing is thrown. */
export async function runCommandLine(args: readonly string[], given: Partial<CommandContext> = {}): Promise<number> {
  // Reading the environment comes first: hardening takes the tokens out of it.
  const environment = given.environment ?? readEnvironment();
  const token = hardenProcess();
  const context: CommandContext = {
    out: given.out ?? standardOutput(),
    err: given.err ?? standardError(),
    environment,
    directory: given.directory ?? process.cwd(),
    token: given.token ?? token,
    args,
  };
  let exitCode = 0;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
    const debug = args.includes('--debug');
    await context.err.write(describeError(error, debug));
    return error instanceof ConfigurationError || error instanceof UsageError ? USAGE_ERROR : 2;
  }
}

function createProgram(context: CommandContext, exit: (code: number) => void): Command {
  const { out, err } = context;
  const program = new Command('bartizan')
    .description('Scans a repository, its pipelines and its scripts, and fails above a severity.')
    .version(`bartizan ${VERSION}`, '-V, --version')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: (text) => void out.write(text), writeErr: (text) => void err.write(text) });

  const scan = program
    .command('scan')
    .description('scan a folder: the policies and every scanner that fits and is installed')
    .argument('[path]', 'folder to scan', '.');
  withSettings(scan);
  scan
    .option('--shard <k/n>', 'do one part of a scan that is spread over machines, and write it to --output')
    .option('--plan <file>', 'with --shard: the plan that `bartizan plan` wrote')
    .addOption(new Option('--format <format>', 'what is written to standard output').choices(['text', 'json', 'sarif', 'html']).default('text'))
    .option('--output <file>', 'write the document of --format to a file and the text to standard output')
    .option('--no-cache', 'use and keep no results of earlier runs')
    .option('--all', 'every finding in full, however long it gets')
    .option('--explain-plan', 'say which file was read as what and why each scanner runs or not, without scanning')
    .addOption(new Option('--color <when>', 'colour').choices(['auto', 'always', 'never']).default('auto'))
    .option('--debug', 'show where an error comes from')
    .addHelpText('after', '\nExit codes: 0 pass, 1 findings at or above --fail-on, 2 a scanner did not finish or a file could not be judged, 3 wrong configuration or usage.')
    .action(async (path: string, options: Record<string, unknown>) => {
      const { scanCommand } = await import('./scan.js');
      exit(await scanCommand(path, options, context));
    });

  const plan = program
    .command('plan')
    .description('spread a scan over machines: prints a job matrix as JSON, of which each entry is one `scan --shard`')
    .argument('[path]', 'folder to scan', '.');
  withSettings(plan)
    .addOption(new Option('--shards <n>', 'number of machines, or `auto` for as many as are worth it').default('auto'))
    .option('-o, --output <file>', 'write the plan, for `scan --shard` and `merge`')
    .option('--durations <file>', 'how long scanners took, as `merge` writes it (default: a file of the tool cache)')
    .action(async (path: string, options: { shards: string }) => {
      const { planCommand } = await import('./plan.js');
      await planCommand(path, options, context);
    });

  const merge = program
    .command('merge')
    .description('put the parts of a spread scan together and judge them as one scan; or make one SARIF log of several')
    .argument('<files...>', 'one folder with parts, or SARIF 2.1.0 files of any tools')
    .option('-o, --output <file>', 'write the document to a file')
    .option('--root <folder>', 'top folder of the files that findings are in', '.')
    .option('--strict', 'SARIF: refuse a file at the first value that is not as SARIF has it')
    .option('--upload', 'SARIF: leave out what GitHub code scanning does not take')
    .option('--plan <file>', 'parts: the plan that they were made by')
    .option('--durations <file>', 'parts: where to write how long scanners took (default: a file of the tool cache)')
    .addOption(new Option('--format <format>', 'parts: what is written').choices(['text', 'json', 'sarif', 'html']).default('text'))
    .option('--all', 'parts: every finding in full, however long it gets')
    .addOption(new Option('--color <when>', 'parts: colour').choices(['auto', 'always', 'never']).default('auto'));
  withSettings(merge)
    .addHelpText('after', '\nThe options of the settings are for parts: give the same as to `plan` and `scan --shard`.')
    .action(async (files: string[], { root, ...options }: { root: string; format: 'text'; color: 'auto' }) => {
      const { mergeAny } = await import('./merge-any.js');
      exit(await mergeAny(files, { ...options, root: resolve(context.directory, root) }, context));
    });

  program
    .command('rollup')
    .description('one overview of the reports of many repositories: by repository, rule and age')
    .argument('[folder]', 'folder with SARIF logs or JSON reports')
    .option('--org <name>', 'open code scanning alerts of an organisation instead of a folder')
    .option('--html <file>', 'write the overview as one HTML page')
    .option('--csv <file>', 'write it as CSV, one line per repository and rule')
    .option('--since <csv>', 'CSV of an earlier overview: since when there are findings, where reports do not say')
    .action(async (folder: string | undefined, options: Record<string, string>) => {
      const { rollupCommand } = await import('./rollup.js');
      exit(await rollupCommand(folder, options, context));
    });

  program
    .command('convert')
    .description('write the output of a scanner or a SARIF log as another document')
    .argument('<file>', 'the output of a tool')
    .requiredOption('--from <tool>', '`sarif`, or the scanner that wrote it')
    .addOption(new Option('--to <format>', 'what is written').choices(['sarif', 'json', 'text']).default('sarif'))
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--root <folder>', 'top folder of the files that findings are in', '.')
    .option('--strict', 'refuse a SARIF file at the first value that is not as SARIF has it')
    .action(async (file: string, { root, ...options }: { root: string; from: string; to: 'sarif' | 'json' | 'text' }) => {
      const { convertCommand } = await import('./convert.js');
      exit(await convertCommand(file, { ...options, root: resolve(context.directory, root) }, context));
    });

  program
    .command('policies')
    .description('list the policies')
    .argument('[path]', 'folder whose custom policies are listed too', '.')
    .addOption(new Option('--format <format>', 'text, or every detail as JSON').choices(['text', 'json']).default('text'))
    .action(async (path: string, { format }: { format: 'text' | 'json' }) => {
      const { listPolicies } = await import('./policies.js');
      await listPolicies(path, format, context);
    });

  program
    .command('explain')
    .description('why a policy matters, how to repair what it reports, when not to use it')
    .argument('<id>', 'id or alias of a policy')
    .action(async (id: string) => {
      const { explain } = await import('./policies.js');
      await explain(id, context);
    });

  const tools = program.command('tools').description('external scanners at their locked versions: list, install, verify, print the lock');
  for (const [name, description] of Object.entries(TOOL_ACTIONS)) {
    const command = tools.command(name).description(description).argument('[tools...]', 'names of tools (default: all of the lock; for `install` at least one is needed)');
    if (name === 'install') command.option('--offline', 'fetch nothing; say what is missing').option('--mirror <url>', 'where release files are fetched instead of on their own host');
    command.action(async (names: string[], options: ToolOptions) => {
      const { toolsCommand } = await import('./tools.js');
      exit(await toolsCommand(name as ToolAction, names, options, context));
    });
  }

  program
    .command('fix')
    .description('repair what can be repaired by an edit that is known to be safe; every edit is proved by judging the file again')
    .argument('[path]', 'folder to repair', '.')
    .option('--dry-run', 'change nothing; say what would be changed')
    .option('--online', 'ask GitHub for the commits of tags and branches (with GITHUB_TOKEN where it is set)')
    .option('--only <ids>', 'repair findings of these policies only')
    .option('--skip <ids>', 'leave these policies out')
    .option('--confidence <level>', 'repair findings of this confidence and above: high, medium or low (default: as configured)')
    .action(async (path: string, flags: { dryRun?: boolean }) => {
      const { fixCommand } = await import('./fix.js');
      await fixCommand(path, flags, context);
    });

  program
    .command('why')
    .description('the way of one finding: tool, raw result, severity, correlation, suppression, baseline, gate')
    .argument('<fingerprint>', 'the `bartizan/v1` fingerprint that reports show, or its first 8 digits or more')
    .argument('[path]', 'folder to scan', '.')
    .option('--from <file>', 'look into this report of `scan --format json` instead of scanning')
    .option('--config <file>', 'the configuration file, relative to the workspace')
    .option('--base <commit>', 'as of `scan`')
    .action(async (fingerprint: string, path: string, flags: { from?: string }) => {
      const { whyCommand } = await import('./why.js');
      await whyCommand(fingerprint, path, flags, context);
    });

  program
    .command('suppress')
    .description('add a suppression of one finding to .bartizan.yml, which otherwise stays as it is')
    .argument('<fingerprint>', 'the `bartizan/v1` fingerprint that reports show')
    .requiredOption('--reason <text>', 'why it does not count')
    .option('--owner <name>', 'who decided it')
    .option('--expires <day>', 'last day on which it holds, YYYY-MM-DD in UTC')
    .option('--root <folder>', 'top folder of the repository', '.')
    .action(async (fingerprint: string, flags: { reason: string; root: string }) => {
      const { suppressCommand } = await import('./suppress.js');
      await suppressCommand(fingerprint, flags, context);
    });

  program
    .command('baseline')
    .description('scan and write what is found to bartizan.baseline.json as known; what is gone is taken out')
    .argument('[path]', 'folder to scan', '.')
    .action(async (path: string) => {
      const { baselineCommand } = await import('./baseline.js');
      await baselineCommand(path, context);
    });

  program
    .command('init')
    .description('write a commented .bartizan.yml and a workflow, where there is none')
    .argument('[path]', 'top folder of the repository', '.')
    .action(async (path: string) => {
      const { init } = await import('./init.js');
      await init(path, context);
    });

  return program;
}

/** Adds the flags of all settings. */
function withSettings(command: Command): Command {
  for (const { flag, description, default: fallback, choices } of INPUTS) {
    const option = new Option(flag, `${lowerFirst(description).replace(/\.$/, '')} (default: ${fallback})`);
    command.addOption(choices === undefined ? option : option.choices([...choices]));
  }
  command.option('--base <commit>', 'what is scanned is proposed for this commit, whose configuration and baseline decide (default: the base of the event in GitHub Actions, otherwise none)');
  return command;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
