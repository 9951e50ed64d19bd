import {
  COLLECTION_STYLE,
  EVENT_ID,
  type AliasEvent,
  type Event,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import type { SourceRange } from '../core/index.js';
import type { YamlItem, YamlLimits, YamlMapping, YamlNode, YamlPair, YamlProblem, YamlScalar, YamlSequence } from './yaml-node.js';
import { isMergeKey, resolveMerges } from './yaml-merge.js';
import { createNull, createScalar } from './yaml-scalar.js';
import { flowEnd, headerEnd, headerStart, markerEnd, visibleEnd } from './yaml-space.js';

/** Problems of one file that are listed; a hostile file could have one for every line. */
const MAX_PROBLEMS = 100;

/** A value with what it adds when it is used once more. */
export interface Measured {
  readonly node: YamlNode;
  /** Number of values in it, itself included, aliases followed. */
  readonly size: number;
  /** Collections on the longest way down, itself included. */
  readonly height: number;
}

interface Anchor {
  target: Measured | undefined;
}

interface Frame {
  readonly kind: 'document' | 'mapping' | 'sequence';
  readonly start: number;
  /** Written with a bracket, whose other half ends it. */
  readonly closed: boolean;
  readonly tag: string | undefined;
  readonly anchorName: string | undefined;
  readonly anchor: Anchor | undefined;
  size: number;
  height: number;
  readonly items: YamlItem[];
  readonly pairs: YamlPair[];
  /** Texts of the keys, once there are enough of them that looking through the pairs is slow. */
  keys: Set<string | null> | undefined;
  merges: boolean;
  key: YamlNode | undefined;
  keyStart: number;
}

/** What was built, and the offset at which a limit ended it. */
export interface Built {
  readonly documents: YamlNode[];
  readonly problems: YamlProblem[];
  readonly stoppedAt: number | undefined;
}

/** Builds trees from js-yaml's events, which give no ends of collections and no places of empty values. */
export function buildDocuments(text: string, events: readonly Event[], limits: YamlLimits): Built {
  const documents: YamlNode[] = [];
  const problems: YamlProblem[] = [];
  const stack: Frame[] = [];
  let anchors = new Map<string, Anchor>();
  let nodes = 0;
  let aliases = 0;
  /** End of the last token that was read. */
  let cursor = 0;

  const report = (code: YamlProblem['code'], message: string, range: SourceRange): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ code, message, range });
    else if (problems.length === MAX_PROBLEMS)
      problems.push({ code: 'yaml-limit', message: `There are more than ${MAX_PROBLEMS} problems; those behind this place are not listed.`, range });
  };

  const tagOf = (event: ScalarEvent | MappingEvent | SequenceEvent): string | undefined =>
    event.tagStart < 0 ? undefined : text.slice(event.tagStart, event.tagEnd);
  const anchorOf = (event: ScalarEvent | MappingEvent | SequenceEvent): string | undefined =>
    event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd);

  const declare = (name: string | undefined, target: Measured | undefined): Anchor | undefined => {
    if (name === undefined) return undefined;
    const anchor: Anchor = { target };
    anchors.set(name, anchor);
    return anchor;
  };

  const attach = (value: Measured, place: SourceRange, alias: SourceRange | undefined): void => {
    const frame = stack[stack.length - 1];
    if (frame === undefined) return;
    const node = value.node;
    // What a merge key brings takes its place: it adds no level.
    const levels = frame.kind === 'mapping' && frame.key !== undefined && isMergeKey(frame.key) ? value.height : value.height + 1;
    frame.size += value.size;
    if (levels > frame.height) frame.height = levels;
    if (frame.kind === 'sequence') frame.items.push(alias === undefined ? { value: node } : { value: node, alias });
    else if (frame.kind === 'document') documents.push(node);
    else if (frame.key === undefined) {
      frame.key = node;
      frame.keyStart = place.start;
    } else {
      const key = frame.key;
      const range = { start: frame.keyStart, end: place.end };
      frame.key = undefined;
      if (isMergeKey(key)) frame.merges = true;
      else if (isRepeated(frame, key)) {
        report('yaml-duplicate-key', `The key \`${shown(key)}\` is written twice in one mapping; the first one is kept.`, {
          start: frame.keyStart,
          end: Math.max(frame.keyStart, key.range.end),
        });
        return;
      }
      frame.pairs.push(alias === undefined ? { key, value: node, range } : { key, value: node, range, alias });
    }
  };

  const open = (kind: Frame['kind'], start: number, closed: boolean, event: MappingEvent | SequenceEvent | undefined): void => {
    const anchorName = event === undefined ? undefined : anchorOf(event);
    stack.push({
      kind,
      start,
      closed,
      tag: event === undefined ? undefined : tagOf(event),
      anchorName,
      anchor: declare(anchorName, undefined),
      size: 1,
      height: 1,
      items: [],
      pairs: [],
      keys: undefined,
      merges: false,
      key: undefined,
      keyStart: 0,
    });
  };

  const close = (): void => {
    const frame = stack.pop();
    if (frame === undefined || frame.kind === 'document') return;
    if (frame.closed) cursor = flowEnd(text, cursor);
    const range = { start: frame.start, end: Math.max(frame.start, cursor) };
    const node = frame.kind === 'sequence' ? sequence(frame, range) : mapping(frame, range);
    const value = { node, size: frame.size, height: frame.height };
    if (frame.anchor !== undefined) frame.anchor.target = value;
    attach(value, range, undefined);
  };

  const mapping = (frame: Frame, range: SourceRange): YamlMapping => {
    let pairs = frame.pairs;
    if (frame.merges) {
      const merged = resolveMerges(pairs);
      pairs = merged.pairs;
      for (const place of merged.invalid) report('yaml-alias', 'A merge key `<<` takes a mapping or a list of mappings.', place);
    }
    return { kind: 'mapping', pairs, range, tag: frame.tag, anchor: frame.anchorName };
  };

  const scalar = (event: ScalarEvent): void => {
    const written = event.valueStart >= 0;
    if (event.tagEnd > cursor) cursor = event.tagEnd;
    if (event.anchorEnd > cursor) cursor = event.anchorEnd;
    let range: SourceRange;
    if (!written) {
      if (event.tagStart < 0 && event.anchorStart < 0) cursor = markerEnd(text, cursor, expected(stack[stack.length - 1]));
      range = { start: cursor, end: cursor };
    } else if (event.style === SCALAR_STYLE.PLAIN) {
      range = { start: event.valueStart, end: event.valueEnd };
      cursor = event.valueEnd;
    } else if (event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED) {
      range = { start: event.valueStart - 1, end: event.valueEnd + 1 };
      cursor = range.end;
    } else {
      const start = headerStart(text, cursor, event.valueStart);
      range = { start, end: visibleEnd(text, event.valueStart, event.valueEnd) ?? headerEnd(text, start) };
      cursor = range.end;
    }
    const name = anchorOf(event);
    const value = { node: createScalar(text, event, range, tagOf(event), name), size: 1, height: 0 };
    declare(name, value);
    attach(value, range, undefined);
  };

  const alias = (event: AliasEvent): boolean => {
    const range = { start: event.anchorStart - 1, end: event.anchorEnd };
    cursor = range.end;
    const name = text.slice(event.anchorStart, event.anchorEnd);
    const anchor = anchors.get(name);
    const target = anchor?.target;
    let value: Measured | undefined;
    if (anchor === undefined) report('yaml-alias', `The alias \`*${name}\` has no anchor \`&${name}\` before it.`, range);
    else if (target === undefined) report('yaml-alias', `The alias \`*${name}\` stands inside the value that it refers to.`, range);
    else if (++aliases > limits.maxAliases) {
      report('yaml-limit', `The file has more than ${limits.maxAliases} aliases.`, range);
      return false;
    } else if (nodes + target.size > limits.maxNodes) {
      report('yaml-limit', tooManyNodes(limits), range);
      return false;
    } else if (stack.length + target.height > limits.maxDepth) {
      report('yaml-limit', `Followed through this alias, values are nested more than ${limits.maxDepth} levels deep.`, range);
      return false;
    } else {
      value = target;
      nodes += target.size;
    }
    attach(value ?? { node: createNull(range), size: 1, height: 0 }, range, range);
    return true;
  };

  for (let i = 0; i < events.length; i++) {
    const event = events[i] as Event;
    let within = true;
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        anchors = new Map();
        within = ++nodes <= limits.maxNodes;
        open('document', cursor, false, undefined);
        break;
      case EVENT_ID.SCALAR:
        within = ++nodes <= limits.maxNodes;
        if (within) scalar(event);
        break;
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        within = ++nodes <= limits.maxNodes;
        const closed = event.style === COLLECTION_STYLE.FLOW && !isBarePair(text, event, events[i + 1]);
        open(event.type === EVENT_ID.MAPPING ? 'mapping' : 'sequence', event.start, closed, event);
        cursor = Math.max(cursor, event.tagEnd, event.anchorEnd);
        if (closed) cursor = Math.max(cursor, event.start + 1);
        break;
      }
      case EVENT_ID.ALIAS:
        if (!alias(event)) return stop(cursor);
        break;
      case EVENT_ID.POP:
        close();
        break;
    }
    if (!within) {
      report('yaml-limit', tooManyNodes(limits), { start: cursor, end: cursor });
      return stop(cursor);
    }
  }
  return { documents, problems, stoppedAt: undefined };

  function stop(at: number): Built {
    while (stack.length > 0) {
      const frame = stack[stack.length - 1] as Frame;
      // An unfinished collection ends where reading did, not at a bracket further on.
      if (frame.closed) stack[stack.length - 1] = { ...frame, closed: false };
      close();
    }
    return { documents, problems, stoppedAt: at };
  }
}

function sequence(frame: Frame, range: SourceRange): YamlSequence {
  return { kind: 'sequence', items: frame.items, range, tag: frame.tag, anchor: frame.anchorName };
}

function tooManyNodes(limits: YamlLimits): string {
  return `The file has more than ${limits.maxNodes} values, those reached through aliases counted each time.`;
}

/** The character that announces a value which is then not written. */
function expected(frame: Frame | undefined): ':' | '-' | '' {
  if (frame?.kind === 'mapping') return frame.key === undefined ? '' : ':';
  return frame?.kind === 'sequence' && !frame.closed ? '-' : '';
}

/** In `[a: 1]` the pair is a mapping without brackets of its own. */
function isBarePair(text: string, event: MappingEvent | SequenceEvent, next: Event | undefined): boolean {
  if (event.type !== EVENT_ID.MAPPING) return false;
  if (text.charAt(event.start) !== '{') return true;
  return next?.type === EVENT_ID.MAPPING && next.style === COLLECTION_STYLE.FLOW && next.start === event.start;
}

const FEW_KEYS = 8;

function isRepeated(frame: Frame, key: YamlNode): boolean {
  if (key.kind !== 'scalar') return false;
  const name = nameOf(key);
  if (frame.pairs.length < FEW_KEYS) return frame.pairs.some((pair) => pair.key.kind === 'scalar' && nameOf(pair.key) === name);
  if (frame.keys === undefined) {
    frame.keys = new Set();
    for (const pair of frame.pairs) if (pair.key.kind === 'scalar') frame.keys.add(nameOf(pair.key));
  }
  if (frame.keys.has(name)) return true;
  frame.keys.add(name);
  return false;
}

/** What tells keys apart: their text, but nothing at all is another key than the empty text in quotes. */
function nameOf(key: YamlScalar): string | null {
  return key.text === '' && key.style === 'plain' ? null : key.text;
}

function shown(key: YamlNode): string {
  const text = key.kind === 'scalar' ? key.text : '';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
