import { partOf } from '../../syntax/located-text.js';
import type { GroovyCall, GroovyNode, GroovyStatement } from '../../syntax/groovy/index.js';
import type { VariableSource } from '../pipeline/index.js';
import { contentRange, itemsOf, literalOf, type Values } from './values.js';

/** Parameters of bindings that name the variable that gets a secret, or a part of one. */
const BOUND = /^(?:variable|passwordVariable|keyFileVariable|passphraseVariable|secretKeyVariable|tokenVariable|keystoreVariable|aliasVariable|secretVariable)$/;
/** These hold names, not secrets. */
const NAMES = /^(?:usernameVariable|accessKeyVariable)$/;

/** Variables of `withCredentials([string(credentialsId: 'x', variable: 'Y')])`: https://www.jenkins.io/doc/pipeline/steps/credentials-binding/ */
export function boundVariables(call: GroovyCall): VariableSource[] {
  const found: VariableSource[] = [];
  for (const { value } of call.args.flatMap((argument) => itemsOf(argument.value))) {
    const fields = value.kind === 'call' || value.kind === 'list' ? (value.kind === 'call' ? value.args : value.items) : [];
    const pair = value.kind === 'call' && value.name === 'usernameColonPassword';
    for (const { label, value: named } of fields) {
      const name = literalOf(named);
      if (label === undefined || name === '' || NAMES.test(label) || !BOUND.test(label)) continue;
      found.push({ name, secret: true, range: contentRange(named) });
      if (pair) break;
    }
  }
  return found;
}

/** `X = 'y'` and `X = credentials('id')` of `environment { … }`: https://www.jenkins.io/doc/book/pipeline/syntax/#environment */
export function environmentVariables(statements: readonly GroovyStatement[], values: Values): VariableSource[] {
  return statements.flatMap((one) => (one.kind === 'assignment' ? variablesOf(one.name.replace(/^env\./, ''), one.value, values) : []));
}

function variablesOf(name: string, value: GroovyNode, values: Values): VariableSource[] {
  if (value.kind === 'call' && value.name === 'credentials') {
    const range = value.range;
    // Of a user name with password there are two more.
    return [{ name, secret: true, range }, { name: `${name}_PSW`, secret: true, elsewhere: true }];
  }
  return [{ name, value: values.pasted(value).text }];
}

/** Variables of `withEnv(['X=y'])`. */
export function setVariables(call: GroovyCall, values: Values): VariableSource[] {
  return call.args.flatMap(({ value }) =>
    itemsOf(value).flatMap(({ value: item }): VariableSource[] => {
      const { text } = values.pasted(item);
      const at = text.text.indexOf('=');
      // `PATH+NAME=value` puts something in front of it.
      const name = at < 0 ? '' : (text.text.slice(0, at).split('+')[0] as string);
      return /^\w{1,200}$/.test(name) ? [{ name, value: partOf(text, { start: at + 1, end: text.text.length }) }] : [];
    }),
  );
}
