import type { YamlNode } from '../../syntax/yaml-node.js';
import { contentOf, entriesOf } from '../common/values.js';
import type { Origin } from '../github/scope.js';
import type { InputSource, Predefined, PredefinedTable } from '../pipeline/index.js';
import { interpolationBy } from '../pipeline/interpolation.js';

const table = (names: readonly string[], predefined: Predefined): PredefinedTable => Object.fromEntries(names.map((name) => [name, predefined]));
const plain = (names: readonly string[], type: Predefined['type']): PredefinedTable => table(names, { events: [], type, otherwise: 'trusted' });

/** https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values#using_default_substitutions */
export const PREDEFINED: PredefinedTable = {
  ...table(['BRANCH_NAME', 'REF_NAME', '_HEAD_BRANCH'], { events: ['build', 'pull_request'], type: 'string' }),
  ...table(['TAG_NAME', '_BASE_BRANCH'], { events: [], type: 'string' }),
  ...plain(['COMMIT_SHA', 'SHORT_SHA', 'REVISION_ID'], 'sha'),
  ...plain(['PROJECT_NUMBER', '_PR_NUMBER'], 'number'),
  ...plain(['PROJECT_ID', 'BUILD_ID', 'LOCATION', 'TRIGGER_NAME', 'TRIGGER_BUILD_CONFIG_PATH', 'REPO_NAME', 'REPO_FULL_NAME', 'SERVICE_ACCOUNT', 'SERVICE_ACCOUNT_EMAIL', '_HEAD_REPO_URL'], 'name'),
};

/** `$NAME` and `${NAME…}` are replaced, names being in capitals; `$$` leaves one dollar sign. */
export const SUBSTITUTION = interpolationBy(/\$\$|\$(?:\{([A-Z_][A-Z0-9_]{0,100})([^{}]{0,300})\}|([A-Z_][A-Z0-9_]{0,100}))/g, ([, braced, operator = '', bare]) => {
  const name = braced ?? bare;
  return name === undefined ? 'escape' : { names: [name], expression: name + operator };
});

/** A field of the event that started the build: of a webhook whoever sends it decides. */
const PAYLOAD = /\$\((?:body|header)\.([\w.[\]-]{1,200})\)/;

/** Substitutions of the file as inputs: whoever starts a build can give them other values. Those that an outsider fills are in `values`. */
export function declaredSubstitutions(node: YamlNode | undefined): { readonly inputs: InputSource[]; readonly values: Map<string, Origin> } {
  const inputs: InputSource[] = [];
  const values = new Map<string, Origin>();
  for (const { name, key, value } of entriesOf(node)) {
    if (value.kind !== 'scalar') continue;
    const origin = filledBy(name, value.text);
    if (origin !== undefined) values.set(name.toLowerCase(), origin);
    inputs.push({
      value: { name, type: 'string', hasDefault: value.text !== '', default: value.text, controlledBy: origin === undefined ? 'operator' : 'attacker' },
      whole: contentOf(key),
      places: { default: contentOf(value) },
      templates: origin === undefined ? [name] : [],
    });
  }
  return { inputs, values };
}

function filledBy(name: string, text: string): Origin | undefined {
  const payload = PAYLOAD.exec(text);
  if (payload !== null) return { context: payload[0].slice(2, -1), contexts: [name, payload[0].slice(2, -1)], source: 'event', type: 'string', controlledBy: 'attacker', events: [] };
  for (const { names } of SUBSTITUTION.templates(text)) {
    for (const one of names) if (Object.hasOwn(PREDEFINED, one) && PREDEFINED[one]?.type === 'string' && PREDEFINED[one].events.length > 0) return { context: one, contexts: [name, one], source: 'event', type: 'string', controlledBy: 'attacker', events: [] };
  }
  return undefined;
}

/** Substitutions that the file reads and does not declare: the trigger has to give them. */
export function givenSubstitutions(text: string, declared: ReadonlySet<string>): Map<string, Origin> {
  const values = new Map<string, Origin>();
  for (const { names } of SUBSTITUTION.templates(text)) {
    for (const name of names) {
      if (!name.startsWith('_') || declared.has(name) || Object.hasOwn(PREDEFINED, name)) continue;
      values.set(name.toLowerCase(), { context: name, contexts: [name], source: 'input', type: 'string', controlledBy: 'unknown', events: [] });
    }
  }
  return values;
}
