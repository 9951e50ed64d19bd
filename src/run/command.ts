import type { ScanCommand, ScanRequest } from '../core/index.js';
import { writePrivateFiles } from '../io/process-directory.js';
import type { ToolRequest } from '../io/process-runner.js';

/** The part of a request to start a program that a scanner's command decides. */
export type PreparedCommand = Pick<ToolRequest, 'args' | 'stdin' | 'env' | 'directory' | 'result'>;

/** Makes the directories that the scan request names, with the command's files in one. Throws what the file system says. */
export function prepareCommand(command: ScanCommand, { configDirectory, outputDirectory }: ScanRequest): PreparedCommand {
  writePrivateFiles(configDirectory, command.files ?? {});
  if (command.resultFile !== undefined) writePrivateFiles(outputDirectory, {});
  return {
    args: command.args,
    ...(command.stdin === undefined ? {} : { stdin: command.stdin }),
    ...(command.env === undefined ? {} : { env: command.env }),
    ...(command.directory === undefined ? {} : { directory: configDirectory }),
    ...(command.resultFile === undefined ? {} : { result: { directory: outputDirectory, file: command.resultFile } }),
  };
}
