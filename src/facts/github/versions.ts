import type { UsesValue } from '../schema.js';

const VERSION = /(?:^|[\s=@])v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})?(?=$|[\s,;)])/i;

/**
 * Whether a reference is of a version or a later one, by its tag or the comment behind its commit.
 * A moving tag (`v4`) is the newest of it. False when no version can be told.
 */
export function isAtLeast(uses: UsesValue, major: number, minor: number): boolean {
  const match = VERSION.exec(uses.pin === 'digest' ? uses.comment : uses.ref);
  if (match === null) return false;
  const [, ownMajor, ownMinor] = match;
  if (Number(ownMajor) !== major) return Number(ownMajor) > major;
  return ownMinor === undefined || Number(ownMinor) >= minor;
}
