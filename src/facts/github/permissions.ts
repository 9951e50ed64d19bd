import type { SourceRange } from '../../core/index.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { commentAfter, get } from '../../syntax/yaml-query.js';
import type { PermissionsValue } from '../schema.js';
import { contentRange, entries } from './tree.js';

const NOTHING_DECLARED: PermissionsValue = Object.freeze({
  declared: false,
  inherited: false,
  all: '',
  scopes: {},
  writes: [],
  oidc: false,
  undocumented: [],
} satisfies PermissionsValue);

/**
 * Reads a `permissions:` value: `read-all`, `write-all`, `{}` or a mapping of scopes.
 *
 * @param text the file, for the comments beside the scopes
 */
export function readPermissions(node: YamlNode | undefined, text?: string): PermissionsValue {
  if (node === undefined) return NOTHING_DECLARED;
  if (node.kind === 'scalar') {
    const text = node.text.trim();
    const all = text === 'write-all' ? 'write' : text === 'read-all' ? 'read' : 'none';
    return { declared: true, inherited: false, all, scopes: {}, writes: all === 'write' ? ['*'] : [], oidc: all === 'write', undocumented: [] };
  }
  const scopes: Record<string, string> = {};
  const writes: string[] = [];
  const undocumented: string[] = [];
  for (const [scope, value] of entries(node)) {
    if (value.kind !== 'scalar' || scope === '__proto__') continue;
    const access = value.text.trim();
    scopes[scope] = access;
    // What is computed may be anything; the platform allows no expressions here today.
    if (access === 'write') writes.push(scope);
    if (text !== undefined && !(scope === 'contents' && access === 'read') && !isExplained(text, value.range)) undocumented.push(scope);
  }
  const all = Object.keys(scopes).length === 0 ? 'none' : '';
  return { declared: true, inherited: false, all, scopes, writes, oidc: scopes['id-token'] === 'write', undocumented };
}

/** A comment stands behind it, or on the line above. */
function isExplained(text: string, { start, end }: SourceRange): boolean {
  if (commentAfter(text, end) !== undefined) return true;
  const line = text.lastIndexOf('\n', start - 1);
  return line > 0 && text.slice(text.lastIndexOf('\n', line - 1) + 1, line).trimStart().startsWith('#');
}

/** Where a scope is granted, its name included; the whole value where it is not written by itself. */
export function scopeRange(node: YamlNode | undefined, scope: string): SourceRange | undefined {
  if (node === undefined) return undefined;
  const pair = get(node, scope);
  return pair === undefined ? contentRange(node) : { start: pair.key.range.start, end: contentRange(pair.value).end };
}

/**
 * What a place may do when nothing is written there: what the enclosing pipeline says, else the
 * default. The default is a setting of the repository that the file does not show: the permissive
 * one is assumed, except where every run has the token that only reads of an outsider's pull request.
 *
 * @param own what is written at the place
 * @param enclosing what holds around it; of a called workflow, what its callers give
 * @param isolated every run is that of a pull request from a fork
 */
export function effectivePermissions(own: PermissionsValue, enclosing: PermissionsValue | undefined, isolated: boolean): PermissionsValue {
  const base = own.declared ? own : enclosing?.declared === true || enclosing?.inherited === true ? { ...enclosing, declared: false, inherited: true, undocumented: [] } : own;
  if (base.declared || base.inherited) return base;
  return { ...base, writes: isolated ? [] : ['*'] };
}
