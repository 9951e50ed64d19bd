import { createHmac } from 'node:crypto';
import { LineIndex, type Finding } from '../core/index.js';

/** Words in the names of detectors and what kind of credential they mean. */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/aws|amazon|akia/i, 'aws'],
  [/github|\bgh[pousr]\b/i, 'github'],
  [/gitlab|glpat/i, 'gitlab'],
  [/slack/i, 'slack'],
  [/stripe/i, 'stripe'],
  [/google|gcp|firebase/i, 'google'],
  [/azure|microsoft/i, 'azure'],
  [/twilio/i, 'twilio'],
  [/sendgrid/i, 'sendgrid'],
  [/\bnpm/i, 'npm'],
  [/pypi/i, 'pypi'],
  [/docker/i, 'docker'],
  [/heroku/i, 'heroku'],
  [/jwt|json-?web-?token/i, 'jwt'],
  [/private[-_ ]?key|\brsa\b|\bpem\b/i, 'private-key'],
  [/openai|anthropic|hugging/i, 'ai'],
];

const SPECIFIC = CLASSES.map(([, name]) => `secret-kind:${name}`);
const GENERIC = ['secret-kind:any', ...SPECIFIC];

/** The kinds of credential that a detector may mean, by its rule's id: its own, or any for a general one. */
export function detectorClasses(ruleId: string): readonly string[] {
  const found = CLASSES.find(([pattern]) => pattern.test(ruleId))?.[1];
  return found === undefined ? GENERIC : [`secret-kind:${found}`];
}

/** Longest line that a credential is looked for in, in UTF-16 code units. */
const MAX_LINE = 10_000;

/**
 * A lookup of keyed hashes of the credentials at findings, so that tools that point at different columns of one line
 * are known to mean the same one. The key is random and never leaves the process, so that a hash tells nothing.
 * The credential is the longest word of its characters in the region, or in the line when the region is empty.
 */
export function secretHashes(source: (path: string) => string | undefined, key: Uint8Array): (finding: Finding) => string | undefined {
  let last: { readonly path: string; readonly lines: LineIndex | undefined } | undefined;
  return (finding) => {
    const { path, region } = finding.locations[0];
    if (region === undefined) return undefined;
    if (last?.path !== path) {
      const text = source(path);
      last = { path, lines: text === undefined ? undefined : new LineIndex(text) };
    }
    const line = last.lines?.line(region.startLine).slice(0, MAX_LINE);
    if (line === undefined || line === '') return undefined;
    const whole = region.endLine !== region.startLine || region.endColumn <= region.startColumn;
    const inside = longestWord(whole ? line : line.slice(region.startColumn - 1, region.endColumn - 1)) ?? longestWord(line);
    if (inside === undefined) return undefined;
    // A region may begin or end inside of the credential: the whole word counts.
    const word = line.match(WORD)?.find((candidate) => candidate.includes(inside)) ?? inside;
    return createHmac('sha256', key).update(word, 'utf8').digest('hex').slice(0, 32);
  };
}

const WORD = /[A-Za-z0-9+/_=.~-]{8,}/g;

function longestWord(text: string): string | undefined {
  let longest: string | undefined;
  for (const word of text.match(WORD) ?? []) if (longest === undefined || word.length > longest.length) longest = word;
  return longest;
}
