import type { SourceRange } from '../../core/index.js';
import type { GroovyArgument, GroovyCall, GroovyNode } from '../../syntax/groovy/index.js';
import { partOf } from '../../syntax/located-text.js';
import { pinOfRef, type ReferenceSource } from '../pipeline/index.js';
import { argumentOf, itemsOf, type Values } from './values.js';

/** `@Library('name@version')`, a list of them: https://www.jenkins.io/doc/book/pipeline/shared-libraries/#using-libraries */
export function annotatedLibraries(args: readonly GroovyArgument[], values: Values): ReferenceSource[] {
  return args.flatMap(({ value }) => itemsOf(value).flatMap((item) => library(item.value, values, undefined) ?? []));
}

/** `library 'name@version'`, `library identifier: …, retriever: …`, and `lib('…')` of `libraries { … }`. */
export function calledLibrary(call: GroovyCall, values: Values): ReferenceSource | undefined {
  const identifier = argumentOf(call, 'identifier', true);
  return identifier === undefined ? undefined : library(identifier, values, argumentOf(call, 'retriever'));
}

/**
 * Without a version the one that the administrator of the server has set is taken. With a retriever the file itself says
 * where the code comes from.
 */
function library(node: GroovyNode, values: Values, retriever: GroovyNode | undefined): ReferenceSource | undefined {
  if (node.kind !== 'string') return undefined;
  const { content, interpolations } = node;
  const text = content.text.trim();
  if (text === '') return undefined;
  const at = text.lastIndexOf('@');
  const name = (at < 0 ? text : text.slice(0, at)).toLowerCase();
  const ref = at < 0 ? '' : text.slice(at + 1);
  const whole = content.sourceRange({ start: 0, end: content.text.length });
  const lead = content.text.indexOf(text);
  const place = (start: number, end: number): SourceRange => partOf(content, { start: lead + start, end: lead + end }).sourceRange({ start: 0, end: end - start });
  const open = interpolations.some(({ range }) => range.end > lead + at);
  const names = open ? values.names(node) : [];
  return {
    value: { text, kind: 'library', name, owner: '', repository: name, ref, pin: open ? '' : ref === '' ? (retriever === undefined ? '' : 'none') : pinOfRef(ref) },
    where: 'include',
    whole,
    places: { name: place(0, name.length), ...(at >= 0 && { ref: place(at + 1, text.length) }) },
    ...(names.some((one) => one.startsWith('params.')) && { controlledBy: 'operator' }),
  };
}
