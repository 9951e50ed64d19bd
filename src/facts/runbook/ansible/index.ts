import { get } from '../../../syntax/yaml-query.js';
import { emptyValue } from '../fact-types.js';
import { type ReadContext, state } from '../../common/context.js';
import { pairsOf } from '../settings/lines.js';
import { entriesOf, itemsOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';
import { readPlaybook, readTasks, stateVariable } from './playbook.js';

/** States the facts of a playbook, of the tasks of a role, or of a file of variables. */
export function readAnsible(context: ReadContext): void {
  for (const root of readYamlDocuments(context)) {
    if (root.kind === 'mapping') for (const { name, value } of entriesOf(root)) stateVariable(name, value, {}, context);
    else if (itemsOf(root).some((item) => get(item, 'hosts') !== undefined || get(item, 'import_playbook') !== undefined || get(item, 'ansible.builtin.import_playbook') !== undefined)) readPlaybook(root, context);
    else if (root.kind === 'sequence') readTasks(root, context);
  }
}

/** States the settings of `ansible.cfg`. https://docs.ansible.com/ansible/latest/reference_appendices/config.html */
export function readAnsibleConfig(context: ReadContext): void {
  for (const { name, nameRange, value, valueRange, scope } of pairsOf(context.document.text, 'ini')) {
    state(context, 'setting', { ...emptyValue('setting'), name, value, scope, file: 'ansible' }, { start: nameRange.start, end: valueRange.end }, { name: nameRange, value: valueRange });
  }
}
