import type { SourceRange } from '../../core/index.js';
import type { LocatedText } from '../../syntax/located-text.js';
import type { ShellOptions } from '../../syntax/shell/index.js';
import type { Places } from '../common/context.js';
import type { ParameterSource } from '../common/parameters.js';
import type { ConditionValue, ContainerValue, FactValue, PermissionsValue, TriggerValue, UsesValue } from '../schema.js';
import type { ScriptFlow } from '../github/command-output.js';
import type { LineScript } from '../github/environment-files-lines.js';
import type { Origin } from '../github/scope.js';
import type { Dialect, TemplateUse } from './dialect.js';

type Controller = FactValue<'expansion'>['controlledBy'];

/** Where something of a pipeline is written. */
export interface Placed {
  /** The answer of `locate()`: the key of a job, the first line of a step; never a whole block of many lines. */
  readonly whole: SourceRange;
  /** Places of properties of the fact, by path, such as `environment` or `inputs.script`. */
  readonly places?: Places;
}

/** A pipeline, or a reusable part of one. What is not given is derived or empty. */
export interface PipelineSource extends Placed {
  readonly dialect: Dialect;
  readonly value: Partial<FactValue<'pipeline'>>;
  /** What starts it, the platform's defaults included. */
  readonly triggers: readonly TriggerSource[];
  readonly variables?: readonly VariableSource[];
  readonly inputs?: readonly InputSource[];
  /** Includes, orbs, templates and other files that it takes parts from. */
  readonly references?: readonly ReferenceSource[];
  readonly jobs: readonly JobSource[];
}

/** `by` and `privileged` decide the severity: an outsider's event is privileged when its runs get secrets or a writing token. */
export type TriggerSource = Partial<TriggerValue> & Pick<TriggerValue, 'event'>;

/** A variable that the file sets, or a secret that it asks the platform for. */
export interface VariableSource {
  readonly name: string;
  /** Absent for a secret that comes from elsewhere. */
  readonly value?: LocatedText;
  /** Of the whole entry, where there is no value. */
  readonly range?: SourceRange;
  /** The platform replaces other variables in it; true when not given. */
  readonly expands?: boolean;
  /** A secret of the platform, encrypted or fetched from a store. */
  readonly secret?: boolean;
  /** Who else can choose it, such as the operator of variables that are asked for. */
  readonly controlledBy?: Controller;
  /** It holds here and is written in another file, which is judged itself: no facts are stated of it. */
  readonly elsewhere?: boolean;
}

/** A declared input: stated as a `parameter`, and in `pipeline.inputs`. */
export interface InputSource extends Omit<ParameterSource, 'parents'> {
  /** Names of the templates that read it, such as `inputs.x`. */
  readonly templates: readonly string[];
}

/** Something fetched by name. `pin` is the reader's; see `pinOfRef` and `imageSource`. */
export interface ReferenceSource extends Placed {
  readonly value: Partial<UsesValue> & Pick<UsesValue, 'text' | 'kind'>;
  readonly where: FactValue<'reference'>['where'];
  readonly trusted?: boolean;
  readonly controlledBy?: Controller;
}

/** A container image. */
export interface ImageSource {
  readonly text: LocatedText;
  readonly where: 'container' | 'service' | 'step';
  /** It is the platform's own. */
  readonly trusted?: boolean;
  /** What else is said of the container. */
  readonly container?: Partial<ContainerValue>;
  /** Password of its registry, as the file writes it. */
  readonly password?: LocatedText;
}

/** One unit of work with its own machine or container. */
export interface JobSource extends Placed {
  readonly value: Partial<FactValue<'job'>> & Pick<FactValue<'job'>, 'id'>;
  /** Names of the triggers that start it; absent: all of the pipeline. */
  readonly events?: readonly string[];
  /** Only refs that outsiders can not write to get here (protected branches and tags). */
  readonly protectedOnly?: boolean;
  readonly condition?: Partial<ConditionValue>;
  /** Rights of the job's token, where the file says them. */
  readonly token?: Partial<PermissionsValue>;
  readonly image?: ImageSource;
  readonly services?: readonly (ImageSource & { readonly name: string })[];
  /** Runner labels, tags or pools. */
  readonly runner?: readonly LocatedText[];
  readonly variables?: readonly VariableSource[];
  readonly references?: readonly ReferenceSource[];
  /** What names in templates hold here that are neither inputs nor variables, by lower-case name. */
  readonly values?: ReadonlyMap<string, Origin>;
  /** Other texts in which templates or variables choose something. */
  readonly texts?: readonly TextSource[];
  readonly steps: readonly StepSource[];
}

/** A text and what becomes of it. */
export interface TextSource {
  readonly name: string;
  readonly text: LocatedText;
  readonly sink: FactValue<'expansion'>['sink'];
  /** How secrets in it are handed over; `input` when not given. */
  readonly handover?: FactValue<'secret-use'>['handover'];
  /** What is replaced in it, where its reader knows that better than the dialect; in order and disjoint. */
  readonly templates?: readonly TemplateUse[];
}

/** One command, script, task or plugin of a job. */
export interface StepSource extends Placed {
  readonly value: Partial<FactValue<'step'>>;
  readonly uses?: ReferenceSource;
  readonly image?: ImageSource;
  readonly condition?: Partial<ConditionValue>;
  readonly variables?: readonly VariableSource[];
  readonly inputs?: readonly TextSource[];
  readonly script?: ScriptSource;
}

/** What a script tells the platform by printing it. */
export interface PrintedWrite {
  readonly sink: 'environment-file' | 'path-file' | 'output-file' | 'log';
  /** Name of the variable; empty for a path and for plain text. */
  readonly name: string;
  /** In the script. */
  readonly range: SourceRange;
  readonly origin: Origin;
  /** Index of the command of a shell; absent in other languages. */
  readonly command?: number;
}

/** Finds what a script prints for the platform: in the flow of a shell, and in the lines of other languages. */
export interface PrintedReader {
  shell(flow: ScriptFlow): readonly PrintedWrite[];
  lines(script: LineScript): readonly PrintedWrite[];
}

/** A script that an interpreter of the platform runs. */
export interface ScriptSource {
  readonly text: LocatedText;
  /** Interpreter, such as `bash`, `pwsh` or `python3`; empty takes that of the first line, or `sh`. */
  readonly shell: string;
  /** Options that the platform starts the interpreter with. */
  readonly initial?: Partial<ShellOptions>;
  /** Files, as written, of whose lines `NAME=value` the platform makes variables of later jobs. */
  readonly environmentFiles?: readonly string[];
  /** Its templates, where the text is not as it is written or the dialect's do not hold here; in order and disjoint. */
  readonly templates?: readonly TemplateUse[];
  /** Commands that the platform takes from what the script prints. */
  readonly printed?: PrintedReader;
  /** A program with its arguments, which no shell reads: a pasted value stays in its argument. */
  readonly withoutShell?: boolean;
}
