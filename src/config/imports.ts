import { posix } from 'node:path';
import { type Diagnostic, type ImportSettings, type Known, FALCO_FORMAT, nearestHint, SARIF_FORMAT } from '../core/index.js';
import { describe, shown, type Source } from './problems.js';
import type { ImportConfig } from './schema.js';
import { patternProblem } from '../syntax/name-pattern.js';

/** The entries of `imports`, and what is wrong with the others. */
export function resolveImports(entries: readonly ImportConfig[], known: Known, source: Source): { readonly entries: readonly ImportSettings[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const formats = [SARIF_FORMAT, FALCO_FORMAT, ...known.scanners];
  const resolved = entries.map(({ path, from = SARIF_FORMAT, strict = false }, index): ImportSettings => {
    const wrong = (key: keyof ImportConfig, message: string): void => void diagnostics.push(source.diagnostic('config-import', message, ['imports', index, key], 'value'));
    const normal = posix.normalize(path);
    const broken = patternProblem(path);
    if (path.startsWith('/') || normal === '..' || normal.startsWith('../') || path.includes('\0')) wrong('path', `\`path\` is ${describe(path)}; it must be a file of the workspace or a glob, relative and without \`..\`.`);
    else if (broken !== undefined) wrong('path', `The pattern \`${shown(path)}\` ${broken}.`);
    if (!formats.includes(from)) wrong('from', `\`from\` is ${describe(from)}; it is \`${SARIF_FORMAT}\`, \`${FALCO_FORMAT}\` or the scanner whose own JSON it is: ${known.scanners.join(', ')}.${nearestHint(from, formats)}`);
    if (strict && from !== SARIF_FORMAT) wrong('strict', `\`strict\` is about SARIF; the JSON of ${shown(from)} is always read strictly.`);
    return { path: normal, from, strict };
  });
  return { entries: resolved, diagnostics };
}
