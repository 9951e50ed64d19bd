import { RE2JS } from 're2js';

/*
 * `matches` in policies runs on RE2: its time is linear in the text, whatever the pattern.
 * A custom policy may come from a pull request, so a pattern is hostile input like anything else.
 */

/** Longest pattern, in UTF-16 code units. */
const MAX_PATTERN = 2_000;
/** Patterns that are computed while evaluating are kept, the least recently made first to go. */
const MAX_CACHED = 200;

/** True when the pattern occurs anywhere in the text. */
export type Pattern = (text: string) => boolean;

/** A pattern that RE2 does not accept. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Compiles a regular expression in RE2 syntax; throws `PatternError`. */
export function compilePattern(source: string): Pattern {
  if (source.length > MAX_PATTERN) throw new PatternError(`regular expression longer than ${MAX_PATTERN} characters`);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : String(error));
  }
  return (text) => compiled.test(text);
}

const cache = new Map<string, Pattern>();

/** As `compilePattern`, for patterns that are known only while evaluating. */
export function cachedPattern(source: string): Pattern {
  let pattern = cache.get(source);
  if (pattern === undefined) {
    pattern = compilePattern(source);
    if (cache.size >= MAX_CACHED) for (const oldest of cache.keys()) {
      cache.delete(oldest);
      break;
    }
    cache.set(source, pattern);
  }
  return pattern;
}
