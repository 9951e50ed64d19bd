import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { buildDocuments } from './yaml-build.js';
import type { YamlLimits, YamlProblem, YamlResult } from './yaml-node.js';
import { joinFlowLine, MAX_REPARSED } from './yaml-lenient.js';
import { longestReadablePrefix } from './yaml-recover.js';

/** Far above anything that people write, low enough that a hostile file costs milliseconds. */
export const YAML_LIMITS: YamlLimits = {
  maxLength: 1_048_576,
  maxDepth: 100,
  maxNodes: 100_000,
  maxAliases: 10_000,
};

/**
 * Reads a YAML 1.2 stream. Data and places come from one pass over js-yaml's events; scalars decode themselves
 * when they are asked. Never throws: what is wrong is in `problems`.
 *
 * The core schema decides values (`on` is a string). Merge keys `<<` are resolved. Unknown tags are kept and
 * make strings. Tabs, comments, byte order marks and all three kinds of line ends are as in the standard.
 */
export function parseYaml(text: string, limits: Partial<YamlLimits> = {}): YamlResult {
  const bounds = { ...YAML_LIMITS, ...limits };
  if (text.length > bounds.maxLength) {
    return {
      documents: [],
      problems: [
        {
          code: 'yaml-limit',
          message: `The file has ${text.length} characters; at most ${bounds.maxLength} are read.`,
          range: { start: 0, end: 0 },
        },
      ],
      truncatedAt: 0,
    };
  }
  const read = readEvents(text, bounds.maxDepth);
  if ('events' in read) return finish(text, read.events, bounds, undefined, undefined);
  const joined = readJoined(text, read.problem, bounds.maxDepth);
  if (joined !== undefined) return finish(joined.text, joined.events, bounds, undefined, undefined);
  const prefix = longestReadablePrefix(text, read.problem.range.start, (part) => {
    const attempt = readEvents(part, bounds.maxDepth);
    return 'events' in attempt ? attempt.events : undefined;
  });
  return finish(prefix.text, prefix.events, bounds, read.problem, prefix.text.length);
}

function finish(
  text: string,
  events: readonly Event[],
  limits: YamlLimits,
  problem: YamlProblem | undefined,
  cutAt: number | undefined,
): YamlResult {
  const { documents, problems, stoppedAt } = buildDocuments(text, events, limits);
  if (problem !== undefined) problems.push(problem);
  problems.sort((a, b) => a.range.start - b.range.start);
  const truncatedAt = stoppedAt ?? cutAt;
  return truncatedAt === undefined ? { documents, problems } : { documents, problems, truncatedAt };
}

function readEvents(text: string, maxDepth: number): { events: Event[] } | { problem: YamlProblem } {
  try {
    return { events: parseEvents(text, { maxDepth }) };
  } catch (error) {
    return { problem: asProblem(text, error, maxDepth) };
  }
}

/** Reads a text whose flow collections are indented as the platforms allow; undefined when something else is wrong too. */
function readJoined(text: string, problem: YamlProblem, maxDepth: number): { text: string; events: Event[] } | undefined {
  let patched = text;
  let current = problem;
  let parsed = 0;
  while (parsed < MAX_REPARSED && current.message === SENTENCES['deficient indentation']) {
    const next = joinFlowLine(patched, current.range.start);
    if (next === undefined) return undefined;
    parsed += next.length;
    const read = readEvents(next, maxDepth);
    if ('events' in read) return { text: next, events: read.events };
    if (read.problem.range.start <= current.range.start) return undefined;
    patched = next;
    current = read.problem;
  }
  return undefined;
}

function asProblem(text: string, error: unknown, maxDepth: number): YamlProblem {
  const reason = error instanceof YAMLException ? error.reason : 'the file can not be read';
  const position = error instanceof YAMLException ? (error.mark?.position ?? 0) : 0;
  const start = Math.max(0, Math.min(position, text.length));
  if (reason.startsWith('nesting exceeded')) {
    return { code: 'yaml-limit', message: `Values are nested more than ${maxDepth} levels deep.`, range: { start, end: start } };
  }
  const c = text.charCodeAt(start);
  const end = start < text.length && c !== 10 && c !== 13 ? start + 1 : start;
  return { code: 'yaml-syntax', message: sentence(reason), range: { start, end } };
}

/** js-yaml's words for what people meet most, said so that they know what to do. */
const SENTENCES: Readonly<Record<string, string>> = {
  'bad indentation of a mapping entry': 'This line is indented differently from the entries around it.',
  'bad indentation of a sequence entry': 'This list entry is indented differently from the entries around it.',
  'tab characters must not be used in indentation': 'Lines are indented with spaces in YAML; there is a tab here.',
  'expected \':\' after a mapping key': 'A `:` was expected behind the key.',
  'can not read a block mapping entry; a multiline key may not be an implicit key': 'A `:` was expected behind the key on this or the previous line.',
  'unexpected end of the stream within a double quoted scalar': 'A text in double quotes is not closed.',
  'unexpected end of the stream within a single quoted scalar': 'A text in single quotes is not closed.',
  'unexpected end of the stream within a flow collection': 'A list or mapping in brackets is not closed.',
  'missed comma between flow collection entries': 'A comma was expected between two entries in brackets.',
  'the stream contains non-printable characters': 'There is a control character here that YAML does not allow.',
  'null byte is not allowed in input': 'There is a NUL byte here; this is not a text file.',
  'end of the stream or a document separator is expected': 'The document should end here; the text that follows does not belong to it.',
  'deficient indentation': 'This line has to be indented further.',
  'unknown escape sequence': 'This escape is unknown in double quotes; write `\\\\` for a backslash.',
};

function sentence(reason: string): string {
  const known = SENTENCES[reason];
  if (known !== undefined) return known;
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
