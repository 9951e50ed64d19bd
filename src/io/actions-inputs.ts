const INPUT = /^INPUT_/;
/** Tokens and addresses of the runner's own services: `ACTIONS_RUNTIME_TOKEN`, `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, … */
const SERVICE = /^ACTIONS_(?!STEP_DEBUG$|RUNNER_DEBUG$)/;
/** Tokens that people put into the environment of a step. */
const TOKENS: ReadonlySet<string> = new Set(['GITHUB_TOKEN', 'GH_TOKEN', 'GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN']);

/**
 * Takes inputs and tokens out of the environment, so that no thread and no child can inherit them; children get
 * environments of their own besides, this is the second wall. Returns how to read an input: trimmed, empty when not given.
 */
export function takeInputs(variables: NodeJS.ProcessEnv = process.env): (name: string) => string {
  const inputs = new Map<string, string>();
  for (const [name, value] of Object.entries(variables)) {
    if (INPUT.test(name)) inputs.set(name, value ?? '');
    else if (!SERVICE.test(name) && !TOKENS.has(name)) continue;
    delete variables[name];
  }
  // As `@actions/core` names them.
  return (name) => (inputs.get(`INPUT_${name.replace(/ /g, '_').toUpperCase()}`) ?? '').trim();
}
