import * as core from '@actions/core';
import type { Annotation } from '../core/index.js';
import { takeInputs } from './actions-inputs.js';

/** The runner of GitHub Actions, as far as an action may speak to it. */
export interface ActionsRunner {
  /** Value of an input, trimmed; empty when not given. */
  input(name: string): string;
  output(name: string, value: string): void;
  annotate(annotation: Annotation): void;
  /** Appends Markdown to the job summary; false when the runner offers none. */
  summary(markdown: string): Promise<boolean>;
  /** Marks the step as failed; the message is an error annotation of the run. */
  fail(message: string): void;
  info(message: string): void;
  group(title: string, lines: readonly string[]): void;
  /** A warning of the run, without a file. */
  warn(message: string): void;
  /** Keeps a value out of every log. */
  mask(secret: string): void;
}

/**
 * The runner that the process was started by, through `@actions/core`, which escapes
 * messages and properties of workflow commands. Inputs and tokens leave the environment at once.
 */
export function actionsRunner(): ActionsRunner {
  const input = takeInputs();
  return {
    input,
    output: (name, value) => core.setOutput(name, value),
    annotate: ({ level, message, properties }) => {
      const { title, file, line, endLine, col, endColumn } = properties;
      const issue = { error: core.error, warning: core.warning, notice: core.notice }[level];
      issue(plain(message), {
        title,
        ...(file !== undefined && { file }),
        ...(line !== undefined && { startLine: line }),
        ...(endLine !== undefined && { endLine }),
        ...(col !== undefined && { startColumn: col }),
        ...(endColumn !== undefined && { endColumn }),
      });
    },
    summary: async (markdown) => {
      if (!process.env['GITHUB_STEP_SUMMARY']) return false;
      await core.summary.addRaw(markdown, true).write();
      return true;
    },
    fail: (message) => core.setFailed(plain(message)),
    info: (message) => core.info(message),
    warn: (message) => core.warning(plain(message), { title: 'Bartizan' }),
    group: (title, lines) => {
      core.startGroup(title);
      for (const line of lines) core.info(line);
      core.endGroup();
    },
    mask: (secret) => core.setSecret(secret),
  };
}

/**
 * A message without `::`: runners made after GitHub's (Forgejo's, Gitea's, act) look for the last one in a command's
 * line, so a path like `::error::x` in a message would hide or change the command. The character between is invisible.
 */
function plain(message: string): string {
  return message.replace(/:(?=:)/g, ':\u2060');
}
