import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { emptyValue } from '../empty.js';
import type { ContainerValue, InputValue } from '../schema.js';
import { state } from './context.js';
import { emitLiteral, emitText, envUse, type Place, type Use } from './emit.js';
import { resolveMatrix } from './matrix.js';
import { contentRange, isNull, scalarOf, textOf, textsOf, valueOf } from './tree.js';
import { knowledgeOf } from './reference-knowledge.js';
import { type ParsedUses, NO_USES, parseImage, trailingComment } from './uses.js';
import { readMap, readText } from './values.js';

/** No container. Shared; never changed. */
export const NO_CONTAINER: ContainerValue = Object.freeze({
  image: NO_USES,
  privileged: false,
  options: '',
  volumes: [],
  literalPassword: false,
  root: false,
} satisfies ContainerValue);

/** Reads a `container:` or one service (an image, or a mapping with one) and states the facts in it. */
export function readContainer(node: YamlNode | undefined, where: 'container' | 'service', place: Place): ContainerValue {
  if (node === undefined || isNull(node)) return NO_CONTAINER;
  const image = scalarOf(node.kind === 'scalar' ? node : valueOf(node, 'image'));
  const options = textOf(valueOf(node, 'options')) ?? '';
  const password = scalarOf(valueOf(valueOf(node, 'credentials'), 'password'));
  const literalPassword = password !== undefined && password.text !== '' && !password.text.includes('${{');
  emitContainerTexts(node, image, where, place);
  if (password !== undefined && literalPassword) emitLiteral(contentRange(password), 'container-password', { name: 'password', where }, place);
  return {
    image: image === undefined ? NO_USES : imageOf(image, place).value,
    privileged: /(?:^|\s)--privileged(?:$|\s|=true)/.test(options),
    options,
    volumes: textsOf(valueOf(node, 'volumes')),
    literalPassword,
    root: false,
  };
}

/** The image of a scalar, states one `reference` for each image that it can be. */
function imageOf(scalar: YamlScalar, place: Place): ParsedUses {
  return parseImage((resolveMatrix(scalar, place.scope.matrix)[0] ?? scalar).text);
}

function emitContainerTexts(node: YamlNode, image: YamlScalar | undefined, where: 'container' | 'service', place: Place): void {
  if (image !== undefined) {
    const text = readText(image, place.scope);
    emitText(text, { sink: 'image', name: 'image', handover: 'image', where }, place);
    for (const scalar of resolveMatrix(image, place.scope.matrix)) emitImage(scalar, where, text.value.controlledBy, place);
  }
  // Passwords of a database that lives as long as the job are no secrets of anyone.
  for (const [name, text] of readMap(valueOf(node, 'env'), place.scope, false)) emitText(text, { ...envUse(name), where }, place);
  for (const name of ['username', 'password']) {
    const scalar = scalarOf(valueOf(valueOf(node, 'credentials'), name));
    const use: Use = { sink: 'input', name: '', handover: 'image', where };
    if (scalar !== undefined) emitText(readText(scalar, place.scope), { ...use }, place);
  }
  const options = scalarOf(valueOf(node, 'options'));
  if (options !== undefined) emitText(readText(options, place.scope), { sink: 'argument', name: 'options', handover: 'argument', where }, place);
}

function emitImage(scalar: YamlScalar, where: 'container' | 'service', controlledBy: InputValue['controlledBy'], place: Place): void {
  const parsed = parseImage(scalar.text);
  if (parsed.value.text === '') return;
  const control = scalar.text.includes('${{') ? controlledBy : 'trusted';
  emitReference(scalar, { ...parsed, value: { ...parsed.value, comment: trailingComment(place.context.document, scalar) } }, where, control, place);
}

/** States one `reference`. */
export function emitReference(
  scalar: YamlScalar,
  parsed: ParsedUses,
  where: 'step' | 'job' | 'container' | 'service' | 'action',
  controlledBy: InputValue['controlledBy'],
  place: Place,
  trusted = false,
): void {
  state(place.context, 'reference', { ...emptyValue('reference'), ...parsed.value, ...knowledgeOf(parsed.value), where, trusted, controlledBy }, place.parents, (path) => {
    const part = path !== undefined && Object.hasOwn(parsed.parts, path) ? parsed.parts[path as keyof typeof parsed.parts] : undefined;
    return part === undefined ? contentRange(scalar) : scalar.sourceRange(part);
  });
}
