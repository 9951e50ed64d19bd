import { ScannerOutputError } from '../../core/index.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses what a tool printed. Throws `ScannerOutputError` that says whether there was nothing, or
 * where the text stops being JSON.
 */
export function parseJson(text: string): unknown {
  if (text.trim() === '') throw new ScannerOutputError('printed no results');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScannerOutputError(`its output is not valid JSON: ${shorten((error as Error).message)}`);
  }
}

/** The value as an object, or a `ScannerOutputError` that names the place. */
export function asObject(value: unknown, place: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new ScannerOutputError(`its output is not in the expected form: ${place} is not an object`);
}

/** The value as a list, or a `ScannerOutputError` that names the place. */
export function asArray(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ScannerOutputError(`its output is not in the expected form: ${place} is not a list`);
}

/** The value as a string, or a `ScannerOutputError` that names the place. */
export function asString(value: unknown, place: string): string {
  if (typeof value === 'string') return value;
  throw new ScannerOutputError(`its output is not in the expected form: ${place} is not a string`);
}

/** A whole number from `minimum`, or undefined for anything else. */
export function wholeNumber(value: unknown, minimum: number): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum ? value : undefined;
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
