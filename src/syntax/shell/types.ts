import type { SourceRange } from '../../core/index.js';
import type { TreeNode } from './tree.js';

/** How a whole word is quoted; `mixed` when its parts differ. */
export type WordQuoting = '' | 'single' | 'double' | 'mixed';

/** What keeps the shell from splitting an expansion's result. */
export type ExpansionQuoting = '' | 'double' | 'single' | 'heredoc';

/** The syntactic place of an expansion or mask; `unknown` lies in text that did not parse. */
export type ShellPlace =
  | 'command-name'
  | 'argument'
  | 'assignment'
  | 'redirect'
  | 'heredoc'
  | 'test'
  | 'arithmetic'
  | 'for'
  | 'case'
  | 'comment'
  | 'unknown';

/** A command or process substitution inside a word. */
export interface ShellSubstitution {
  readonly range: SourceRange;
  readonly kind: 'command' | 'process';
}

/** One word as the shell sees it before expansion. */
export interface ShellWord {
  readonly range: SourceRange;
  /** As written, quotes included. */
  readonly text: string;
  /** Quotes and escapes removed; expansions and template expressions stay as written. */
  readonly value: string;
  readonly quoted: WordQuoting;
  /** Neither an expansion nor a template expression in it. */
  readonly literal: boolean;
  /** Names of variables expanded, in order, each once. */
  readonly variables: readonly string[];
  /** Those of `variables` whose result the shell splits. */
  readonly unquoted: readonly string[];
  readonly substitutions: readonly ShellSubstitution[];
  /** Indexes of the masked ranges that lie in it. */
  readonly masks: readonly number[];
}

/** One redirection. Of a here-document the target is the delimiter and `body` is what is read. */
export interface ShellRedirect {
  readonly range: SourceRange;
  /** `>`, `>>`, `<`, `<<`, `<<<`, `&>`, … */
  readonly operator: string;
  /** Number in front of the operator, or `''`. */
  readonly descriptor: string;
  readonly target?: ShellWord;
  readonly body?: { readonly range: SourceRange; readonly text: string; /** The delimiter is quoted: nothing is expanded. */ readonly quoted: boolean };
  /** Written behind the group, loop or function that the command lies in. */
  readonly inherited: boolean;
}

export interface ShellAssignment {
  readonly name: string;
  /** Name, operator and value. */
  readonly range: SourceRange;
  readonly nameRange: SourceRange;
  readonly value?: ShellWord;
  /** `+=`. */
  readonly append: boolean;
  /** `export`, `local`, `declare`, `readonly`, `typeset`, or `''`. */
  readonly declaration: string;
  /** Index of the command that it is a prefix of or that declares it; -1 for a plain assignment. */
  readonly command: number;
}

/** One simple command, wrappers such as `sudo` removed. */
export interface ShellCommand {
  /** Position in `ShellScript.commands`. */
  readonly index: number;
  /** The simple command as written, prefix assignments and redirections included, bodies of here-documents excluded. */
  readonly range: SourceRange;
  readonly text: string;
  /** Base name of `path`; empty when the name is a command substitution. */
  readonly name: string;
  /** Name as written, quotes removed. */
  readonly path: string;
  readonly nameRange: SourceRange;
  /** Arguments behind the name. */
  readonly words: readonly ShellWord[];
  /** Options, clusters split, values cut off. */
  readonly flags: readonly string[];
  /** Values of the arguments that are neither options nor, for well-known tools, values of options. */
  readonly operands: readonly string[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** Names of the commands whose output it reads by a pipe, nearest first. */
  readonly pipedFrom: readonly string[];
  readonly pipedTo: readonly string[];
  /** Names of the commands inside its substitutions, nested ones included. */
  readonly substituted: readonly string[];
  /** Wrappers in front, outermost first: `sudo`, `env`, `docker exec`, … */
  readonly wrappers: readonly string[];
  /** Runs as root by a wrapper. */
  readonly root: boolean;
  readonly inFunction: string;
  readonly inCondition: boolean;
  /** Indexes of the `words` that the command runs as shell code: of `eval`, `sh -c`, `trap`, `su -c`. */
  readonly codeWords: readonly number[];
  /** The command whose substitution or code string this one lies in; -1 at top level. */
  readonly parent: number;
  readonly within: '' | 'substitution' | 'process' | 'code';
  /** Indexes of the masked ranges that lie in it, arguments, redirections and here-documents included. */
  readonly masks: readonly number[];
}

/** One `$x`, `${x…}` or arithmetic name. Command substitutions are in `ShellWord.substitutions`. */
export interface ShellExpansion {
  readonly range: SourceRange;
  readonly text: string;
  /** Name of the variable, without `$`, braces, index and operator. */
  readonly name: string;
  /** What stands behind the name: `:-`, `#`, `//`, … or `''`; `#` and `!` in front count too. */
  readonly operator: string;
  readonly quoting: ExpansionQuoting;
  readonly place: ShellPlace;
  /** The shell splits and globs its result. */
  readonly splits: boolean;
  /** Index of the command, -1 outside commands. */
  readonly command: number;
  /** Index in the command's `words`; -1 in the name, in a redirection or outside. */
  readonly word: number;
}

/** Where a masked range (a template expression of the platform) lies. */
export interface ShellMaskUse {
  /** Index in `options.masks`. */
  readonly mask: number;
  readonly range: SourceRange;
  readonly quoting: ExpansionQuoting;
  readonly place: ShellPlace;
  readonly splits: boolean;
  readonly command: number;
  readonly word: number;
  /** Name of the variable that is assigned, where it lies in an assignment. */
  readonly assigned: string;
  /** The place is inside a string that another command runs as code; the use in that string comes first. */
  readonly nested: boolean;
}

/** A loop over nothing that is counted beforehand. */
export interface ShellLoop {
  readonly kind: 'while' | 'until' | 'for';
  readonly range: SourceRange;
  /** What is asked each time: the commands behind `while`, or what stands in `((…))`. */
  readonly condition: SourceRange;
}

export interface ShellOptions {
  readonly errexit: boolean;
  readonly nounset: boolean;
  readonly pipefail: boolean;
  readonly xtrace: boolean;
}

export interface ShellProblem {
  readonly kind: 'error' | 'missing' | 'limit';
  readonly range: SourceRange;
  /** For `limit`, which limit was reached. */
  readonly message: string;
}

/**
 * What a shell script says, as plain data. All ranges are UTF-16 offsets in the text that was given,
 * those of nested code strings included. Lists are in the order of the text.
 */
export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  readonly expansions: readonly ShellExpansion[];
  readonly assignments: readonly ShellAssignment[];
  readonly functions: readonly { readonly name: string; readonly range: SourceRange; readonly nameRange: SourceRange }[];
  /** Loops that end when a condition says so, or never: `while`, `until` and `for ((…))`. */
  readonly loops: readonly ShellLoop[];
  /** Options that are in force somewhere at top level: by shebang, interpreter flags or `set`. */
  readonly options: ShellOptions;
  /** First word behind `#!`, without directory and `env`; empty when there is none. */
  readonly shebang: string;
  readonly maskUses: readonly ShellMaskUse[];
  /** The text did not parse completely: what is stated is right, but may not be everything. */
  readonly hasError: boolean;
  /** At most 100. */
  readonly problems: readonly ShellProblem[];
}

export interface ShellParseOptions {
  /** Template expressions of the platform: sorted, disjoint ranges of the text. */
  readonly masks?: readonly SourceRange[];
  /** Options that the interpreter's command line sets before the script starts. */
  readonly initial?: Partial<ShellOptions>;
}

export interface ShellParser {
  /**
   * Never throws on any text. Texts above 1,000,000 code units, and texts on which the parser
   * exceeds its work budget, give an empty script with a `limit` problem.
   */
  parse(text: string, options?: ShellParseOptions): ShellScript;
  /** The tree of a PowerShell script; undefined where the parser gives up. Absent when its grammar was not loaded. */
  readonly powershell?: (text: string) => TreeNode | undefined;
  /** Frees the parser; it can not be used afterwards. */
  dispose(): void;
}
