import { type Diagnostic, nearestHint, type ScannerSettings } from '../core/index.js';
import type { Known } from '../core/index.js';
import { shown, type Source } from './problems.js';
import type { ScannerConfig } from './schema.js';
import { isPattern, patternProblem } from '../syntax/name-pattern.js';

/** Settings by name of every scanner that the configuration says something about. */
export function resolveScanners(config: Readonly<Record<string, ScannerConfig>>, known: Known, source: Source): { settings: Map<string, ScannerSettings>; diagnostics: Diagnostic[] } {
  const settings = new Map<string, ScannerSettings>();
  const diagnostics: Diagnostic[] = [];
  for (const [name, value] of Object.entries(config)) {
    if (!known.scanners.includes(name)) {
      const message = `There is no scanner \`${shown(name)}\`; there are ${known.scanners.join(', ')}.${nearestHint(name, known.scanners)}`;
      diagnostics.push(source.diagnostic('config-name', message, ['scanners', name], 'key'));
    } else if (typeof value !== 'object') {
      settings.set(name, { enabled: value === 'on' || value === true, skip: [], options: {} });
    } else {
      const { enabled, skip = [], ...options } = value;
      for (const [position, entry] of skip.entries()) {
        const broken = isPattern(entry) ? patternProblem(entry) : undefined;
        if (broken === undefined) continue;
        diagnostics.push(source.diagnostic('config-name', `The pattern \`${shown(entry)}\` ${broken}.`, ['scanners', name, 'skip', position], 'value'));
      }
      settings.set(name, { enabled: enabled !== 'off' && enabled !== false, skip, options });
    }
  }
  return { settings, diagnostics };
}
