import type { Location as SarifLocation, PhysicalLocation, Region as SarifRegion } from 'sarif';
import { LineIndex, redactLines, type Location, type Region } from '../core/index.js';
import { LIMITS } from './limits.js';
import { messageText, sarifText } from './text.js';

const MAX_INT = 2 ** 31 - 1;
const SNIPPET_LINES = 20;

/** Lines of the files that locations point into; each file is indexed once. */
export type Lines = (path: string) => LineIndex | undefined;

/** Line lookup over a source, remembered per path. */
export function linesOf(source: (path: string) => string | undefined): Lines {
  const known = new Map<string, LineIndex | undefined>();
  return (path) => {
    if (known.has(path)) return known.get(path);
    const text = source(path);
    const lines = text === undefined ? undefined : new LineIndex(text);
    known.set(path, lines);
    return lines;
  };
}

/** URIs of paths that were asked for last: findings of one file come together. */
const URIS = new Map<string, string>();

/**
 * A path relative to the workspace as a relative URI reference: percent-encoded, never absolute, never with a
 * scheme, never leaving the workspace. GitHub rejects a file with an empty one.
 */
export function toUri(path: string): string {
  const known = URIS.get(path);
  if (known !== undefined) return known;
  if (URIS.size >= 10_000) URIS.clear();
  const uri = uriOf(path);
  URIS.set(path, uri);
  return uri;
}

function uriOf(path: string): string {
  const segments = path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return segments.length === 0 ? '.' : segments.map(encodeURIComponent).join('/');
}

/** A region that lies in the file: lines and columns from 1, the end not before the start, nothing past the text. */
export function clamp(region: Region, lines: LineIndex | undefined): Region {
  const lastLine = lines?.lineCount ?? MAX_INT;
  const startLine = within(region.startLine, 1, lastLine);
  const endLine = within(region.endLine, startLine, lastLine);
  const startColumn = within(region.startColumn, 1, width(lines, startLine) + 1);
  const least = endLine === startLine ? startColumn : 1;
  const endColumn = within(region.endColumn, least, width(lines, endLine) + 1);
  return { startLine, startColumn, endLine, endColumn };
}

function within(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.max(least, Math.min(Math.trunc(value), most)) : least;
}

function width(lines: LineIndex | undefined, line: number): number {
  return lines === undefined ? MAX_INT - 1 : lines.line(line).length;
}

/** Regions of a file that are credentials. */
export type Secrets = (path: string) => readonly Region[];

/** A location with region, redacted snippet and message. `secrets` are never shown. */
export function toLocation(location: Location, lines: Lines, secrets: Secrets): SarifLocation {
  return {
    physicalLocation: toPhysical(location, lines, secrets),
    ...(location.message !== undefined && { message: { text: messageText(location.message, LIMITS.description) } }),
  };
}

function toPhysical(location: Location, lines: Lines, secrets: Secrets): PhysicalLocation {
  const artifactLocation = { uri: toUri(location.path) };
  if (location.region === undefined) return { artifactLocation };
  const index = lines(location.path);
  const region = clamp(location.region, index);
  const snippet = snippetOf(location, region, index, secrets(location.path));
  const full: SarifRegion = { ...region, ...(snippet !== '' && { snippet: { text: snippet } }) };
  return { artifactLocation, region: full };
}

function snippetOf(location: Location, region: Region, lines: LineIndex | undefined, secrets: readonly Region[]): string {
  if (location.snippet !== undefined && secrets.length === 0) return sarifText(location.snippet, LIMITS.snippet);
  if (lines === undefined) return '';
  const last = Math.min(region.endLine, region.startLine + SNIPPET_LINES - 1);
  const raw: string[] = [];
  for (let line = region.startLine; line <= last; line++) raw.push(lines.line(line));
  return sarifText(redactLines(raw, region.startLine, secrets).join('\n'), LIMITS.snippet);
}
