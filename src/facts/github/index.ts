import type { Diagnostic, Document } from '../../core/index.js';
import type { ShellParser } from '../../syntax/shell/index.js';
import type { YamlNode, YamlProblem } from '../../syntax/yaml-node.js';
import { parseYaml } from '../../syntax/yaml.js';
import type { AnyFact } from '../schema.js';
import { readAction } from './action.js';
import type { ReadContext } from './context.js';
import { readDependabot } from './dependabot.js';
import type { Repository } from './repository.js';
import { readWorkflow } from './workflow.js';

const READERS: Readonly<Partial<Record<Document['format'], (root: YamlNode, context: ReadContext) => void>>> = {
  'github-workflow': readWorkflow,
  'github-action': readAction,
  dependabot: readDependabot,
};

/** States the facts of one workflow, action or `dependabot.yml`; nothing for other formats. */
export function readGithub(document: Document, repository: Repository, shell: ShellParser | undefined): { document: Document; facts: AnyFact[]; diagnostics: Diagnostic[] } {
  const facts: AnyFact[] = [];
  const diagnostics: Diagnostic[] = [];
  const read = READERS[document.format];
  if (read !== undefined) {
    const { documents, problems } = parseYaml(document.text);
    for (const problem of problems) diagnostics.push(yamlDiagnostic(problem, document));
    const root = documents[0];
    if (root !== undefined) read(root, { document, repository, shell, facts, diagnostics });
  }
  return { document, facts, diagnostics };
}

function yamlDiagnostic(problem: YamlProblem, document: Document): Diagnostic {
  return {
    level: problem.code === 'yaml-duplicate-key' ? 'warning' : 'error',
    code: problem.code,
    message: problem.message,
    path: document.path,
    region: document.lines.region(problem.range),
  };
}
