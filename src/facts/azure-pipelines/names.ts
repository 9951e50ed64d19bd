import type { YamlNode } from '../../syntax/yaml-node.js';
import { walk } from '../../syntax/yaml-query.js';
import { parseExpression } from '../../syntax/expressions.js';
import { isSecretName } from '../shell/index.js';
import { type KnownNames, namesOf } from './expressions.js';
import { entriesOf, itemsOf, textIn } from './tree.js';

const SET_VARIABLE = /task\.setvariable\b[^\]\r\n]{0,200}?\bvariable=([\w.-]{1,200})/gi;
const EACH = /^\$\{\{-?\s{0,20}each\s{1,20}(\w{1,100})\s{1,20}in\s{1,20}([^]{1,1000}?)-?\}\}\s*$/;
const MACRO_NAME = /\$\(([A-Za-z_][\w.-]{0,199})\)/g;

/** Names that a file gives meaning to, wherever in it; templates are read with those of the files that call them. */
export function knownNames(roots: readonly YamlNode[], given: readonly string[] = []): KnownNames {
  const variables = new Set(given.map((name) => name.toLowerCase()));
  const loops = new Map<string, readonly string[]>();
  const empty: KnownNames = { variables, loops };
  for (const root of roots) {
    walk(root, (node) => {
      if (node.kind === 'scalar') {
        if (node.text.includes('setvariable')) for (const match of node.text.matchAll(SET_VARIABLE)) variables.add((match[1] as string).toLowerCase());
        return;
      }
      if (node.kind !== 'mapping') return;
      for (const { key, value } of node.pairs) {
        if (key.kind !== 'scalar') continue;
        if (key.text === 'variables') for (const name of variableNames(value)) variables.add(name.toLowerCase());
        const each = key.text.includes('each') ? EACH.exec(key.text.trim()) : null;
        if (each !== null) loops.set((each[1] as string).toLowerCase(), namesOf(parseExpression(each[2] as string), empty));
      }
    });
  }
  return { variables, loops };
}

/** Names of a `variables:`, a mapping or a list of entries with `name`. */
function variableNames(node: YamlNode): string[] {
  if (node.kind === 'mapping') return entriesOf(node).map(({ name }) => name);
  return itemsOf(node).flatMap(({ value }) => {
    const name = textIn(entriesOf(value), 'name');
    return name === '' ? [] : [name];
  });
}

/** Macros of a file whose names say that they are secrets, in any of the ways in which people write names: `npmToken`, `NPM_TOKEN`, `npm.token`. */
export function secretMacros(text: string): Set<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(MACRO_NAME)) {
    const name = match[1] as string;
    if (names.size < 1_000 && isSecretName(snakeCase(name))) names.add(name);
  }
  return names;
}

/** `npmToken` and `npm.token` as `npm_token`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, '$1_$2').replace(/[.-]/g, '_');
}
