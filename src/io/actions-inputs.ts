/** What the runner hands to an action in its environment and to nothing that the action starts. */
export interface ActionInputs {
  /** Value of an input, trimmed; empty when not given. */
  input(name: string): string;
  /** Variables of the runner's own services, by name; for the artifact upload alone. */
  readonly services: Readonly<Record<string, string>>;
}

const INPUT = /^INPUT_/;
/** Tokens and addresses of the runner's services (`ACTIONS_RUNTIME_TOKEN`, `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, …). */
const SERVICE = /^ACTIONS_(?!STEP_DEBUG$|RUNNER_DEBUG$)/;
/** Tokens that people put into the environment of a step. */
const TOKENS: ReadonlySet<string> = new Set(['GITHUB_TOKEN', 'GH_TOKEN', 'GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN']);

/**
 * Takes inputs and tokens out of the environment, so that no thread and no child can inherit them. Children get
 * environments of their own besides; this is the second wall.
 */
export function takeInputs(variables: NodeJS.ProcessEnv = process.env): ActionInputs {
  const inputs = new Map<string, string>();
  const services: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) continue;
    if (INPUT.test(name)) inputs.set(name, value);
    else if (SERVICE.test(name)) services[name] = value;
    else if (!TOKENS.has(name)) continue;
    delete variables[name];
  }
  // As `@actions/core` names them.
  return { input: (name) => (inputs.get(`INPUT_${name.replace(/ /g, '_').toUpperCase()}`) ?? '').trim(), services };
}
