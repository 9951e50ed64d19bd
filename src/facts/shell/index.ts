export { secretHandover } from './secret-uses.js';
export { readShell } from './document.js';
export { executesWorkspace } from './executes.js';
export type { CommandLine } from './executes.js';
export { languageOf, readShellScript, shellFacts } from './facts.js';
export type { ShellReading, ShellSource } from './facts.js';
export { parsePowershell } from './powershell.js';
export { markUnasked } from './unasked.js';
export { isSecretName } from './secret-names.js';
