import type { SourceRange } from '../../core/index.js';

/** One argument of a command, as written. */
export interface PowershellWord {
  readonly range: SourceRange;
  readonly text: string;
  /** Without quotes; expansions stay as written. */
  readonly value: string;
  readonly quoted: '' | 'single' | 'double' | 'mixed';
  /** Names of the variables in it, in lower case, without `$`. */
  readonly variables: readonly string[];
}

/** One call of a cmdlet, function or program. */
export interface PowershellCommand {
  readonly range: SourceRange;
  readonly nameRange: SourceRange;
  /** Cmdlets in lower case and by their full name, programs without folder and `.exe`; empty when a variable names it. */
  readonly name: string;
  /** As written. */
  readonly path: string;
  /** Variables in the place of the name: `& $x`. */
  readonly nameVariables: readonly { readonly name: string; readonly range: SourceRange }[];
  readonly words: readonly PowershellWord[];
  readonly flags: readonly string[];
  readonly operands: readonly string[];
  readonly pipedFrom: readonly string[];
  readonly pipedTo: readonly string[];
  /** Names of commands and of downloading methods inside its arguments. */
  readonly substituted: readonly string[];
}

/** A parameter of the script itself. */
export interface PowershellParameter {
  /** As written, without `$`. */
  readonly name: string;
  readonly range: SourceRange;
  /** As written in brackets, such as `string`. */
  readonly type: string;
  readonly mandatory: boolean;
  /** Its type, a set of values or a pattern keeps code out. */
  readonly restricted: boolean;
  /** As written, with its place. */
  readonly default?: { readonly text: string; readonly range: SourceRange };
}

/** Values that are made into code without a command: `[scriptblock]::Create($x)`. */
export interface PowershellCode {
  readonly range: SourceRange;
  readonly variables: readonly string[];
}

/** What a PowerShell script says, as plain data. Ranges are UTF-16 offsets in the text that was given. */
export interface PowershellScript {
  readonly commands: readonly PowershellCommand[];
  readonly parameters: readonly PowershellParameter[];
  readonly code: readonly PowershellCode[];
  readonly hasError: boolean;
}
