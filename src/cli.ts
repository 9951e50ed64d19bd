import { VERSION } from './version.js';

/*
 * The door of the command line. Nothing heavy is loaded before it is known to be needed:
 * `--version` answers at once, everything else loads the commands.
 */
const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`bartizan ${VERSION}\n`);
} else {
  const { runCommandLine } = await import('./commands/index.js');
  process.exitCode = await runCommandLine(args);
}
