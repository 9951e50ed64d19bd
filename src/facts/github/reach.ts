import type { ConditionValue, PermissionsValue, ReachValue, TriggerValue } from '../schema.js';

/** What the severity of code that runs in a job depends on. */
export interface ReachInput {
  /** What starts the job: the pipeline's own triggers, and those of known callers. */
  readonly triggers: readonly TriggerValue[];
  /** Its own condition and those of the jobs that it waits for. */
  readonly conditions: readonly ConditionValue[];
  readonly permissions: PermissionsValue;
  /** Names of secrets in reach, the job's token left out; `*` for all. */
  readonly secrets: readonly string[];
  readonly environment: string;
  readonly selfHosted: boolean;
}

/** Scopes with which a token changes code, packages or what is trusted elsewhere. */
const POWERFUL = new Set(['*', 'contents', 'packages', 'actions', 'deployments', 'pages', 'attestations', 'id-token', 'security-events', 'workflows', 'administration']);

/** Checks after which a person has looked at it, or should have; what is then run can still have changed. */
const APPROVALS = new Set(['label', 'environment']);

/**
 * Who can trigger a job and what code running in it would get: trigger, guards, rights of the token,
 * secrets, identity, environment and kind of runner, each that counts named as a reason.
 */
export function readReach(input: ReachInput): ReachValue {
  const { permissions, environment, selfHosted } = input;
  const possible = input.triggers.filter((trigger) => input.conditions.every((condition) => allows(condition, trigger.event)));
  const outsiders = possible.filter((trigger) => trigger.by === 'attacker');
  const sound = input.conditions.flatMap((condition) => condition.guards.filter((guard) => guard.sound));
  const approved = environment !== '' || sound.some((guard) => APPROVALS.has(guard.kind));
  const reaching = outsiders.filter((trigger) => !input.conditions.some((condition) => condition.guardedEvents.includes(trigger.event)));
  const excluded = outsiders.length > 0 && reaching.length === 0;
  const privileged = reaching.some((trigger) => trigger.privileged);
  const restricted = reaching.length > 0 && !privileged;
  const writes = restricted ? [] : permissions.writes;
  const secrets = restricted ? [] : input.secrets;
  const oidc = permissions.oidc && !restricted;
  const unknownCallers = possible.some((trigger) => trigger.by === 'unknown');
  const powers = { writes, secrets, oidc, selfHosted, environment };
  return {
    events: unique(reaching.map((trigger) => trigger.event)),
    privileged,
    guarded: excluded || (outsiders.length > 0 && approved),
    writes: [...writes],
    secrets: [...secrets],
    oidc,
    environment,
    selfHosted,
    level: level(reaching.length > 0, privileged, approved, unknownCallers, powers),
    reasons: reasons(possible, outsiders, reaching, privileged, excluded ? sound.filter((guard) => !APPROVALS.has(guard.kind)).map((guard) => guard.text) : [], approved, powers),
    runs: unique(possible.map((trigger) => trigger.event)),
    checks: unique([...sound.map((guard) => guard.kind), ...(environment === '' ? [] : ['environment'])]),
  };
}

interface Powers {
  readonly writes: readonly string[];
  readonly secrets: readonly string[];
  readonly oidc: boolean;
  readonly selfHosted: boolean;
  readonly environment: string;
}

function level(reached: boolean, privileged: boolean, approved: boolean, unknownCallers: boolean, powers: Powers): ReachValue['level'] {
  if (reached && privileged) {
    const strong = powers.secrets.length > 0 || powers.oidc || powers.selfHosted || powers.writes.some((scope) => POWERFUL.has(scope));
    if (approved) return strong ? 'high' : 'medium';
    if (strong) return 'critical';
    return powers.writes.length > 0 ? 'high' : 'medium';
  }
  if (reached) return powers.selfHosted ? 'high' : 'medium';
  return unknownCallers ? 'medium' : 'low';
}

function allows(condition: ConditionValue, event: string): boolean {
  return condition.events.length === 0 || condition.events.includes(event);
}

function reasons(
  possible: readonly TriggerValue[],
  outsiders: readonly TriggerValue[],
  reaching: readonly TriggerValue[],
  privileged: boolean,
  guards: readonly string[],
  approved: boolean,
  powers: Powers,
): string[] {
  const words: string[] = [];
  if (reaching.length > 0) words.push(`anyone can trigger it by ${list(unique(reaching.map((trigger) => trigger.event)))}`);
  else if (outsiders.length > 0) words.push(`outsiders are kept out by ${list(unique(guards))}`);
  else if (possible.some((trigger) => trigger.by === 'unknown')) words.push('its callers are not known from this repository');
  else if (possible.some((trigger) => trigger.by === 'collaborator')) words.push('people with write access can trigger it');
  else if (possible.some((trigger) => trigger.by === 'operator')) words.push('it is started by hand');
  else if (possible.length > 0) words.push('only the platform starts it');
  else words.push('no trigger gets past its condition');
  if (reaching.length > 0 && approved) words.push(powers.environment === '' ? 'a label must be set first' : `the environment ${powers.environment} may ask for approval`);
  if (reaching.length > 0 && !privileged) words.push('such runs get no secrets and a token that only reads');
  if (powers.writes.length > 0) words.push(powers.writes.includes('*') ? 'its token may write everything' : `its token may write ${list(powers.writes)}`);
  if (powers.secrets.length > 0) words.push(powers.secrets.includes('*') ? 'all secrets are in reach' : `it reaches ${list(powers.secrets.slice(0, 5))}${powers.secrets.length > 5 ? ' and more secrets' : ''}`);
  if (powers.oidc) words.push('it can ask for an identity token');
  if (powers.selfHosted) words.push('it runs on a self-hosted machine');
  return words;
}

function list(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1) as string}`;
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
