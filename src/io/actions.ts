import * as core from '@actions/core';

/** A message at a line of the pull request; lines and columns from 1, as GitHub counts them. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly title: string;
  readonly path?: string;
  readonly startLine?: number;
  readonly endLine?: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** The runner of GitHub Actions, as far as an action may speak to it. */
export interface ActionsRunner {
  /** Value of an input, trimmed; empty when not given. */
  input(name: string): string;
  output(name: string, value: string): void;
  annotate(annotation: Annotation): void;
  /** Appends Markdown to the job summary; false when the runner offers none. */
  summary(markdown: string): Promise<boolean>;
  /** Marks the step as failed; the message is its first line in the log. */
  fail(message: string): void;
  info(message: string): void;
  group(title: string, lines: readonly string[]): void;
  /** Keeps a value out of every log. */
  mask(secret: string): void;
}

/**
 * The runner that the process was started by, through `@actions/core`, which escapes
 * messages and properties of workflow commands.
 */
export function actionsRunner(): ActionsRunner {
  return {
    input: (name) => core.getInput(name),
    output: (name, value) => core.setOutput(name, value),
    annotate: ({ level, message, title, path, startLine, endLine, startColumn, endColumn }) => {
      const properties: core.AnnotationProperties = { title };
      if (path !== undefined) properties.file = path;
      if (startLine !== undefined) properties.startLine = startLine;
      if (endLine !== undefined) properties.endLine = endLine;
      // GitHub drops columns of annotations that span lines.
      if (startLine === endLine) {
        if (startColumn !== undefined) properties.startColumn = startColumn;
        if (endColumn !== undefined) properties.endColumn = endColumn;
      }
      const issue = { error: core.error, warning: core.warning, notice: core.notice }[level];
      issue(message, properties);
    },
    summary: async (markdown) => {
      if (!process.env['GITHUB_STEP_SUMMARY']) return false;
      await core.summary.addRaw(markdown, true).write();
      return true;
    },
    fail: (message) => core.setFailed(message),
    info: (message) => core.info(message),
    group: (title, lines) => {
      core.startGroup(title);
      for (const line of lines) core.info(line);
      core.endGroup();
    },
    mask: (secret) => core.setSecret(secret),
  };
}
