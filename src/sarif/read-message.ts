import type { Problems } from './read-problems.js';
import { isObject, objectOf, stringOf, stringsOf, type JsonObject } from './read-values.js';

/** Longest text that is kept of a message, in UTF-16 code units. */
const MAX_MESSAGE = 8_000;

/** Where texts with ids are found. */
export interface MessageContext {
  readonly problems: Problems;
  /** `globalMessageStrings` of the driver. */
  readonly globalMessages: JsonObject;
}

/**
 * The plain text of a SARIF `message`: its text, its Markdown when it has no other, or the text of its id in the
 * rule or the tool with arguments put in (SARIF 2.1.0, 3.11). Undefined when there is none.
 */
export function plainMessage(message: unknown, ruleMessages: JsonObject | undefined, context: MessageContext, pointer: string): string | undefined {
  const { problems } = context;
  if (message === undefined || message === null) return undefined;
  // Version 1 and some tools write the bare text.
  if (typeof message === 'string') {
    problems.wrong(pointer, 'an object with `text` or `id`');
    return clip(message);
  }
  if (!isObject(message)) {
    problems.wrong(pointer, 'an object with `text` or `id`');
    return undefined;
  }
  const text = stringOf(message, 'text', problems, pointer) ?? stringOf(message, 'markdown', problems, pointer) ?? byId(message, ruleMessages, context, pointer);
  if (text === undefined || text === '') return undefined;
  const parts = message['arguments'] === undefined && !text.includes('{') ? [] : stringsOf(message, 'arguments', problems, pointer);
  return clip(withoutLinks(substitute(text, parts)));
}

function byId(message: JsonObject, ruleMessages: JsonObject | undefined, context: MessageContext, pointer: string): string | undefined {
  const id = stringOf(message, 'id', context.problems, pointer);
  if (id === undefined) return undefined;
  for (const messages of [ruleMessages, context.globalMessages]) {
    if (messages === undefined || !Object.hasOwn(messages, id)) continue;
    const entry = objectOf(messages, id, context.problems, pointer);
    const text = stringOf(entry, 'text', context.problems, pointer);
    if (text !== undefined) return text;
  }
  context.problems.wrong(`${pointer}/id`, 'the id of a message of the rule or the tool');
  return id;
}

/** `{0}` by the arguments; `{{` and `}}` stand for braces. Without arguments a text is as it is. */
function substitute(text: string, parts: readonly string[]): string {
  if (parts.length === 0) return text;
  return text.replace(/\{\{|\}\}|\{(\d{1,3})\}/g, (found, index: string | undefined) => (index === undefined ? found.charAt(0) : (parts[Number(index)] ?? found)));
}

/** `[text](target)` is an embedded link and gives its text; a bracket after a backslash is none (3.11.6). */
function withoutLinks(text: string): string {
  if (!text.includes('](') && !text.includes('\\')) return text;
  return text.replace(/(?<!\\)\[((?:[^[\]\\]|\\.){1,500})\]\([^()\s]{1,500}\)/g, '$1').replace(/\\([[\]])/g, '$1');
}

function clip(text: string): string {
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE - 1)}…` : text;
}
