import { get } from '../../../syntax/yaml-query.js';
import type { ReadContext } from '../../common/context.js';
import { readYamlDocuments } from '../../common/yaml.js';
import { readAction, readPermissions, readWorkflow } from './action.js';

/** States the facts of a file of a StackStorm pack. */
export function readStackstorm(context: ReadContext): void {
  for (const root of readYamlDocuments(context)) {
    if (get(root, 'runner_type') !== undefined || get(root, 'runner-type') !== undefined) readAction(root, 'stackstorm', context);
    else if (root.kind === 'mapping') readWorkflow(root, 'stackstorm', context);
  }
}

/** States the facts of a file of an Attune pack. */
export function readAttune(context: ReadContext): void {
  for (const root of readYamlDocuments(context)) {
    if (get(root, 'grants') !== undefined) readPermissions(root, context);
    else if (get(root, 'tasks') !== undefined) readWorkflow(root, 'attune', context);
    else if (get(root, 'runner_type') !== undefined || get(root, 'entry_point') !== undefined) readAction(root, 'attune', context);
  }
}
