import type { Diagnostic, Document, Format } from '../../core/index.js';
import type { ShellParser } from '../../syntax/shell/index.js';
import type { AnyFact } from '../schema.js';
import { markUnasked } from '../shell/index.js';
import { readAnsible, readAnsibleConfig } from './ansible/index.js';
import { readAzureAutomation } from './azure/index.js';
import { readGoogleWorkflow } from './cloud/google.js';
import { readAtlantis, readSpacelift } from './cloud/infrastructure.js';
import { readN8n } from './cloud/n8n.js';
import { readNotebook } from './cloud/notebook.js';
import type { ReadContext } from '../common/context.js';
import { readMarkdown } from './markdown/index.js';
import { readRundeckAcl, readRundeckJobs } from './rundeck/index.js';
import { readSsm } from './ssm/index.js';
import { readCompose } from './settings/compose.js';
import { readEnvironmentFile, readSshConfig } from './settings/files.js';
import { readKubernetes } from './settings/kubernetes.js';
import { readAttune, readStackstorm } from './stackstorm/index.js';
import { readJustfile } from './tasks/just.js';
import { readMakefile } from './tasks/make.js';
import { readMise } from './tasks/mise.js';
import { readTaskfile } from './tasks/taskfile.js';
import { readXec } from './xec/index.js';


export { readDispatchInputs } from './dispatch.js';

const READERS: Readonly<Partial<Record<Format, (context: ReadContext) => void>>> = {
  'markdown-runbook': readMarkdown,
  'rundeck-job': readRundeckJobs,
  'rundeck-acl': readRundeckAcl,
  'ssm-document': readSsm,
  ansible: readAnsible,
  'ansible-config': readAnsibleConfig,
  makefile: readMakefile,
  justfile: readJustfile,
  taskfile: readTaskfile,
  mise: readMise,
  stackstorm: readStackstorm,
  attune: readAttune,
  xec: readXec,
  'env-file': readEnvironmentFile,
  'ssh-config': readSshConfig,
  compose: readCompose,
  kubernetes: readKubernetes,
  'azure-automation': readAzureAutomation,
  'google-workflow': readGoogleWorkflow,
  'n8n-workflow': readN8n,
  notebook: readNotebook,
  atlantis: readAtlantis,
  spacelift: readSpacelift,
};

/** Formats of runbooks and of settings that have a reader here. */
export const RUNBOOK_FORMATS = Object.keys(READERS) as Format[];

/** States the facts of one runbook or file of settings. Never throws because of its content. */
export function readRunbook(document: Document, shell: ShellParser | undefined): { document: Document; facts: AnyFact[]; diagnostics: Diagnostic[] } {
  const context: ReadContext = { document, shell, facts: [], diagnostics: [] };
  READERS[document.format]?.(context);
  markUnasked(context.facts);
  return { document, facts: context.facts, diagnostics: context.diagnostics };
}
