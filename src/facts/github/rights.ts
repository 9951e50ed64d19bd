import type { FactValue } from '../schema.js';
import { actionModel } from './action-models.js';

type StepValue = FactValue<'step'>;

/** Calls of the platform's interface that answer which rights an account has. */
const LOOKUP = /\/collaborators\/[^\s]{1,200}\/permission|getCollaboratorPermissionLevel|checkCollaborator|\/memberships\/|getMembershipFor|checkMembershipFor|isTeamMember|author_association/;
/** What ends a script in failure. */
const FAILURE = /\bexit\s{1,5}[1-9]|core\.setFailed\(|\bthrow\b|process\.exit\([1-9]/;
/** What a local action is called that does the same. */
const NAME = /authori[sz]|permission|check-(?:access|member|team|actor|user)|is-(?:member|maintainer)|allowed/i;

/** The step looks up whether whoever started the run has rights; what follows from the answer is not seen. */
export function looksUpRights(value: StepValue): boolean {
  const model = value.uses.name === '' ? undefined : actionModel(value.uses.name);
  if (model?.authorizes !== undefined || model?.failsWithoutRights === true) return true;
  return (value.uses.kind === 'local' && NAME.test(value.uses.path)) || LOOKUP.test(scriptOf(value));
}

/** Its script looks up the rights of whoever started the run and can fail because of the answer. */
export function failsWithoutRights(value: StepValue): boolean {
  const script = scriptOf(value);
  return script !== '' && LOOKUP.test(script) && FAILURE.test(script);
}

function scriptOf(value: StepValue): string {
  if (value.run !== '') return value.run;
  return value.uses.name === 'actions/github-script' && Object.hasOwn(value.inputs, 'script') ? (value.inputs['script']?.text ?? '') : '';
}
