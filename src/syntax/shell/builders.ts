import type { SourceRange } from '../../core/index.js';
import type { Source } from './quoting.js';
import type { TreeNode } from './tree.js';
import type { ExpansionQuoting, ShellLoop, ShellPlace, ShellProblem, ShellSubstitution } from './types.js';

/*
 * What the walk over the tree collects. Names and indexes are known only when wrappers are removed
 * and code strings are read, so builders refer to each other and `finish.ts` turns them into plain data.
 */

export interface WordBuilder {
  readonly node: TreeNode;
  readonly source: Source;
  readonly variables: string[];
  readonly unquoted: string[];
  readonly substitutions: ShellSubstitution[];
  readonly masks: number[];
  literal: boolean;
  /** Position behind the command's name, set when wrappers are removed. */
  index: number;
}

export interface RedirectBuilder {
  readonly range: SourceRange;
  readonly operator: string;
  readonly descriptor: string;
  target: WordBuilder | undefined;
  body: { range: SourceRange; quoted: boolean; node: TreeNode } | undefined;
}

export interface AssignmentBuilder {
  readonly name: string;
  readonly range: SourceRange;
  readonly nameRange: SourceRange;
  readonly append: boolean;
  readonly declaration: string;
  readonly command: CommandBuilder | undefined;
  value: WordBuilder | undefined;
}

/** A position in a pipe; `outer` is the pipe that the whole pipe stands in. */
export interface PipePlace {
  readonly stages: CommandBuilder[][];
  readonly stage: number;
  readonly outer: PipePlace | undefined;
}

export interface CommandBuilder {
  start: number;
  end: number;
  /** The name is the first. */
  readonly words: WordBuilder[];
  readonly assignments: AssignmentBuilder[];
  readonly redirects: RedirectBuilder[];
  readonly inherited: readonly RedirectBuilder[];
  readonly masks: number[];
  readonly inFunction: string;
  readonly inCondition: boolean;
  readonly pipe: PipePlace | undefined;
  readonly owner: CommandBuilder | undefined;
  readonly within: '' | 'substitution' | 'process' | 'code';
  readonly depth: number;
  readonly source: Source;
  /** Names of commands in its substitutions, filled by `finish.ts`. */
  readonly substituted: string[];
  index: number;
  name: string;
}

export interface ExpansionBuilder {
  readonly range: SourceRange;
  readonly name: string;
  readonly operator: string;
  readonly quoting: ExpansionQuoting;
  readonly place: ShellPlace;
  readonly splits: boolean;
  readonly command: CommandBuilder | undefined;
  readonly word: WordBuilder | undefined;
}

export interface MaskUseBuilder {
  readonly mask: number;
  readonly range: SourceRange;
  readonly quoting: ExpansionQuoting;
  readonly place: ShellPlace;
  readonly splits: boolean;
  readonly command: CommandBuilder | undefined;
  readonly word: WordBuilder | undefined;
  readonly assigned: string;
  readonly nested: boolean;
}

/** A masked range of one parse. In a code string, the outer command's expansions are masked too: they have no index. */
export interface MaskSpan extends SourceRange {
  readonly index: number;
  /** Names of the variables that an outer expansion reads. */
  readonly variables: readonly string[];
}

export interface Collector {
  readonly commands: CommandBuilder[];
  readonly expansions: ExpansionBuilder[];
  readonly assignments: AssignmentBuilder[];
  readonly functions: { name: string; range: SourceRange; nameRange: SourceRange }[];
  readonly loops: ShellLoop[];
  readonly maskUses: MaskUseBuilder[];
  readonly problems: ShellProblem[];
  hasError: boolean;
}

export const MAX_PROBLEMS = 100;

export function addProblem(out: Collector, kind: ShellProblem['kind'], range: SourceRange, message: string): void {
  out.hasError = true;
  if (out.problems.length < MAX_PROBLEMS) out.problems.push({ kind, range, message });
}
