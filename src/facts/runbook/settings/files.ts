import { emptyValue } from '../fact-types.js';
import { type ReadContext, state } from '../../common/context.js';
import { keywordsOf, pairsOf } from './lines.js';
import { configuresRunbooks } from './service.js';
import { stateVariable } from './variable.js';

/** States the settings of an environment file. */
export function readEnvironmentFile(context: ReadContext): void {
  const pairs = [...pairsOf(context.document.text, 'env')];
  const application = configuresRunbooks(pairs.map(({ name }) => name)) ? 'runbook-service' : '';
  // What is shown to be copied and filled in is no setting of anything.
  const file = /example|sample|template|\.dist$/i.test(context.document.path.split('/').at(-1) as string) ? 'environment-example' : 'environment';
  for (const pair of pairs) stateVariable(pair, { scope: '', file, application }, {}, context);
}

/** States the settings of OpenSSH's client or server. */
export function readSshConfig(context: ReadContext): void {
  const file = /sshd/.test(context.document.path) ? 'sshd' : 'ssh';
  for (const { name, value, nameRange, valueRange, scope } of keywordsOf(context.document.text)) {
    state(context, 'setting', { ...emptyValue('setting'), name, value, scope, file }, { start: nameRange.start, end: valueRange.end }, { name: nameRange, value: valueRange });
  }
}
