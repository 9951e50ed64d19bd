/*
 * The shared room of the readers of pipelines that are not GitHub's.
 *
 * How to add a platform:
 *
 * 1. A folder `src/facts/<platform>/` with `index.ts` that exports one `PipelineReader`, and one line for it in
 *    `src/facts/pipeline-readers.ts`. Recognition is a line in `src/discover/pipeline-formats.ts`. Files that others of
 *    the same platform take parts from: add the format to `LINKED_PIPELINE_FORMATS` there, and ask `files`.
 * 2. The reader parses (`readYamlDocuments(context)` says what is wrong with the file), walks its tree with the helpers
 *    of `common/values.ts`, and gives ONE description, a `PipelineSource`, to `statePipeline`, which states every fact:
 *    `pipeline`, `job`, `step`, `condition`, `reference`, `script`, `command`, `expansion`, `secret-use`,
 *    `literal-secret`, `setting`, `parameter`. A file with several pipelines calls it once for each.
 *    Do not state such facts yourself; extend the description instead, so that all platforms get it.
 * 3. A `Dialect` says what the platform does with texts:
 *    - `predefined`: the variables whose value the file does not decide, with the events in which an OUTSIDER writes
 *      them (`events: ['merge_request_event']`); the names of events are those of the pipeline's `triggers`. Leave out
 *      what is harmless by nature (numbers, commits), or give its type: only `string` can carry code.
 *    - `templates`: what the platform pastes into texts before anything runs (`<< x >>`, `$(x)`, `{{ x }}`), by
 *      `matchTemplates`. Where a plain `$X` is only an environment variable of the shell there are no templates: quoting
 *      then makes it safe, and the shell's own rules find `eval` and the like.
 *    - `switches`: variables that change the platform (debug traces), stated as `setting`.
 * 4. Triggers: `{ event, by, privileged }`. `by: 'attacker'` when anyone on the internet can start it (pull requests of
 *    forks); `privileged` when such a run gets secrets or a token that may write, by the platform's DEFAULTS. State the
 *    triggers that hold when the file says nothing too. From them, conditions (`events`, `guards`, `guardedEvents`),
 *    `protectedOnly`, `environment`, `selfHosted`, the secrets that the job reads and `token` follows `job.reach`: who
 *    gets there and how bad it is. You never write a level yourself.
 * 5. Scripts: one `StepSource` for each script, `text` any `LocatedText` (a YAML scalar is one; `joinTexts(scalars, '\n')`
 *    for a list of commands that one shell runs). `initial` are the options the platform starts the shell with.
 * 6. `whole` is what `locate()` answers: a key or a name, not a block of many lines. `places` are the places of
 *    properties by path (`{ environment: contentOf(node), timeoutMinutes: … }`).
 * 7. Images: an `ImageSource` each; name, tag, digest and `pin` are read here. Other references (`orb`, `template`,
 *    `include`, `plugin`, `library`): a `ReferenceSource` with its `pin` (`pinOfRef` for git refs), `where: 'include'` or
 *    `'step'`, and places for `name` and `ref`.
 * 8. What runs an outsider's code with secrets by design of the platform (a pull request's checkout with secrets in
 *    reach) is `value.checkout: { kind: 'untrusted', … }` of the step that checks it out; what later steps run from it is
 *    found here.
 */
import type { Document } from '../../core/index.js';
import type { ReadContext } from '../common/context.js';
import type { PipelineFiles } from './files.js';

/** Reads one document and states its facts. Never throws because of its content. */
export type PipelineReader = (context: ReadContext, files: PipelineFiles) => void;

/** Whether a file may hold what others of its platform take parts from. */
export type IsLinked = (document: Document) => boolean;

export type { PipelineFiles, PipelineTexts } from './files.js';
export { MAX_LINKED_TEXT, pipelineFiles } from './files.js';
export type { Dialect, Predefined, PredefinedTable, TemplateUse } from './dialect.js';
export { matchTemplates, shellVariables } from './dialect.js';
export type { ImageSource, InputSource, JobSource, Placed, PipelineSource, PrintedReader, PrintedWrite, ReferenceSource, ScriptSource, StepSource, TextSource, TriggerSource, VariableSource } from './source.js';
export { statePipeline } from './state.js';
export { pinOfRef } from '../github/uses.js';
