import type { SourceRange } from '../../core/index.js';
import type { FactValue } from '../schema.js';

type Expansion = FactValue<'expansion'>;

/** One of the variables that a platform sets itself and whose value the file does not decide. */
export interface Predefined {
  /** The events, by the names that triggers have, in whose runs an outsider writes it. Empty: in no event. */
  readonly events: readonly string[];
  /** What it can be. Only a `string` can carry code; a branch name is one. */
  readonly type: 'string' | 'name' | 'sha' | 'number' | 'boolean';
  /** Who writes it in all other events; `collaborator` when not given. */
  readonly otherwise?: Expansion['controlledBy'];
}

/** Predefined variables by the names that scripts and templates use. */
export type PredefinedTable = Readonly<Record<string, Predefined>>;

/** One template expression: something that the platform replaces in a text before anything is run. */
export interface TemplateUse {
  /** With its delimiters, in the text that was searched. */
  readonly range: SourceRange;
  /** What stands between the delimiters. */
  readonly expression: string;
  /** Names that its value can come from. */
  readonly names: readonly string[];
}

/** What one platform does with texts. */
export interface Dialect {
  readonly platform: FactValue<'pipeline'>['platform'];
  readonly predefined: PredefinedTable;
  /** The templates of a text, in order and disjoint; linear in the text. Absent: the platform pastes nothing into scripts. */
  readonly templates?: (text: string) => readonly TemplateUse[];
  /** The same in values that are no scripts (images, variables, labels): `$X` and `${X}` besides `templates` when not given. */
  readonly references?: (text: string) => readonly TemplateUse[];
  /** Predefined variables that hold credentials and whose names do not say so. */
  readonly secrets?: ReadonlySet<string>;
  /** The name under which scripts find a variable in their environment, where it differs from the one that the file gives. */
  readonly environmentName?: (name: string) => string;
  /** Variables that change how the platform behaves: stated as `setting` facts. */
  readonly switches?: ReadonlySet<string>;
}

const VARIABLE = /\$(?:(\w{1,200})|\{(\w{1,200})[^{}]{0,200}\})/g;
const MAX_TEMPLATES = 5_000;

/** `$X`, `${X}` and `${X:-y}` of a text, as shells and most platforms write variables. */
export function shellVariables(text: string): TemplateUse[] {
  return matchTemplates(text, VARIABLE, (match) => [(match[1] ?? match[2]) as string]);
}

/**
 * Templates by a pattern with the global flag, for dialects. The pattern must be linear: bounded insides, no nested
 * repetition. The first group that took part is the expression.
 */
export function matchTemplates(text: string, pattern: RegExp, names: (match: RegExpMatchArray, expression: string) => readonly string[]): TemplateUse[] {
  const found: TemplateUse[] = [];
  for (const match of text.matchAll(pattern)) {
    if (found.length >= MAX_TEMPLATES) break;
    const expression = (match.slice(1).find((group) => group !== undefined) ?? '').trim();
    found.push({ range: { start: match.index, end: match.index + match[0].length }, expression, names: names(match, expression) });
  }
  return found;
}
