/** What `bartizan tools` does, by name. */
export const TOOL_ACTIONS = {
  list: 'each tool with its version, where it comes from, and whether it is installed or on the PATH',
  install: 'install tools at their locked versions',
  verify: 'compare every file of the installed tools with what was installed; exit code 2 when one has changed',
  lock: 'print the lock as JSON',
} as const;

export type ToolAction = keyof typeof TOOL_ACTIONS;

export interface ToolOptions {
  readonly offline?: boolean;
  readonly mirror?: string;
}
