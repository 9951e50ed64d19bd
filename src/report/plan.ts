import type { Diagnostic, Inventory } from '../core/index.js';
import { logLine, oneLine } from './escape.js';

/** One external scanner of a plan, as far as it is shown. */
export interface PlannedScanner {
  readonly scanner: { readonly name: string };
  readonly decision: 'run' | 'skip';
  readonly reason: string;
  readonly files: readonly unknown[];
}

/** `--explain-plan`: which file was read as what and why, and why each scanner runs or not. Ends with a line feed. */
export function renderPlan(inventory: Inventory, diagnostics: readonly Diagnostic[], scanners: readonly PlannedScanner[]): string {
  const width = Math.max(0, ...inventory.files.map(({ format }) => format.length));
  const files = inventory.files.map(({ path, format, reason }) => `  ${format.padEnd(width)}  ${path}  (${reason})`);
  const nameWidth = Math.max('policies'.length, ...scanners.map(({ scanner }) => scanner.name.length));
  const lines = [
    `${inventory.files.length} files that matter of ${inventory.total}, listed by ${inventory.source === 'git' ? 'git' : 'walking the folders'}`,
    ...files,
    '',
    'Scanners',
    `  ${'policies'.padEnd(nameWidth)}  runs: built in`,
    ...scanners.map(({ scanner, decision, reason }) => `  ${scanner.name.padEnd(nameWidth)}  ${decision === 'run' ? 'runs where installed' : 'skipped'}: ${reason}`),
    ...(diagnostics.length === 0 ? [] : ['', 'Not read']),
    ...diagnostics.map(({ path, message }) => `  ${path === undefined ? '' : `${path}: `}${message}`),
  ];
  return `${lines.map((line) => logLine(oneLine(line, 1_000))).join('\n')}\n`;
}
