import type { Document, Finding, Fix } from '../core/index.js';
import type { ShellParser } from '../syntax/shell/index.js';
import type { YamlNode } from '../syntax/yaml-node.js';
import { parseYaml } from '../syntax/yaml.js';
import { cooldown } from './cooldown.js';
import { toFix } from './edits.js';
import { expressionToEnv } from './expression-to-env.js';
import { permissions } from './permissions.js';
import { persistCredentials } from './persist-credentials.js';
import { pin } from './pin.js';
import type { Repairer, RepairRequest } from './repairer.js';
import { timeout } from './timeout.js';

export { applyFix } from './edits.js';
export { digestsIn, unpinned } from './pin.js';
export type { KnownDigest } from './repairer.js';

/** The policies whose findings can be repaired by an edit. */
const REPAIRERS: Readonly<Record<string, Repairer>> = {
  'pipeline/dependabot-cooldown': cooldown,
  'pipeline/expansion-in-script': expressionToEnv,
  'pipeline/input-in-script': expressionToEnv,
  'pipeline/missing-permissions': permissions,
  'pipeline/missing-timeout': timeout,
  'pipeline/persisted-credentials': persistCredentials,
  'pipeline/script-injection': expressionToEnv,
  'pipeline/unpinned-reference': pin,
};

/** Ids of the policies whose findings can be repaired. */
export const REPAIRABLE: ReadonlySet<string> = new Set(Object.keys(REPAIRERS));

/** Formats whose files are repaired. */
const FORMATS: ReadonlySet<Document['format']> = new Set<Document['format']>(['github-workflow', 'github-action', 'dependabot']);

/** The tree of a file that can be repaired; undefined when it is of another format or could not be read completely. */
export function treeOf({ format, text }: Document): YamlNode | undefined {
  if (!FORMATS.has(format)) return undefined;
  const { documents, problems } = parseYaml(text);
  return problems.length === 0 && documents.length === 1 ? documents[0] : undefined;
}

/**
 * The edit that repairs a finding, where one is known to be safe. It says nothing about whether the file is better
 * for it: that is for the caller to judge by reading the result.
 *
 * @param root what {@link treeOf} gives for the document
 */
export function repair(finding: Finding, document: Document, root: YamlNode, tools: Pick<RepairRequest, 'digestOf'> & { readonly shell: ShellParser }): Fix | undefined {
  const repairer = finding.tool === 'policies' ? REPAIRERS[finding.ruleId] : undefined;
  const [{ path, region }] = finding.locations;
  if (repairer === undefined || path !== document.path || region === undefined) return undefined;
  const range = document.lines.range(region);
  const made = repairer({ document, root, finding, range, ...tools });
  return made === undefined ? undefined : toFix(document, made.description, made.edits);
}
