const BLOCK = 100;
const SPACE = 32;
const TAB = 9;
const LF = 10;
const CR = 13;
/** Marks the end of the file in the hash. */
const EOF = 65535;
const FACTOR = 37;
const TWO32 = 2 ** 32;

/** 37^100 modulo 2^64 as two unsigned 32-bit halves: what a unit weighs when it leaves the window. */
const OUT_WEIGHT = (() => {
  let weight = 1n;
  for (let i = 0; i < BLOCK; i++) weight = BigInt.asUintN(64, weight * BigInt(FACTOR));
  return { high: Number(weight >> 32n), low: Number(weight & 0xffffffffn) };
})();

/**
 * `primaryLocationLineHash` of every line of a file, index 0 for line 1, as GitHub code scanning computes it:
 * a rolling hash over the 100 UTF-16 code units from the start of the line on, without spaces and tabs,
 * every line end as one LF, then `:` and how often the same hash has been seen so far in the file.
 *
 * Only the first `count` lines are answered when it is given.
 * Edits above a line don't change its hash. 64-bit arithmetic is done in two halves of doubles,
 * whose products stay below 2^53, since BigInt is about twenty times slower.
 */
export function lineHashes(text: string, count = Infinity): readonly string[] {
  const units = new Uint16Array(text.length + 1 + BLOCK);
  const starts: number[] = [];
  const kept = keep(text, units, starts);
  const wanted = Math.min(starts.length, count);
  const seen = new Map<string, number>();
  const hashes: string[] = [];
  let high = 0;
  let low = 0;
  let line = 0;
  let due = (starts[0] as number) + BLOCK - 1;
  for (let i = 0; i < kept + BLOCK && line < wanted; i++) {
    const old = i < BLOCK ? 0 : (units[i - BLOCK] as number);
    const sum = low * FACTOR + (units[i] as number) - OUT_WEIGHT.low * old;
    const carry = Math.floor(sum / TWO32);
    low = sum - carry * TWO32;
    high = (high * FACTOR + carry - OUT_WEIGHT.high * old) >>> 0;
    if (i === due) {
      const hex = high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
      const number = (seen.get(hex) ?? 0) + 1;
      seen.set(hex, number);
      hashes.push(`${hex}:${number}`);
      due = (starts[++line] ?? Infinity) + BLOCK - 1;
    }
  }
  return hashes;
}

/**
 * Writes the units that are hashed to `units` and the index of each line's first one to `starts`; gives how many
 * there are. What follows them in `units` stays zero, which is what the hash takes after the end of the file.
 */
function keep(text: string, units: Uint16Array, starts: number[]): number {
  let kept = 0;
  let lineStart = true;
  let afterCR = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === SPACE || unit === TAB || (afterCR && unit === LF)) {
      afterCR = false;
      continue;
    }
    afterCR = unit === CR;
    if (lineStart) starts.push(kept);
    lineStart = afterCR || unit === LF;
    units[kept++] = afterCR ? LF : unit;
  }
  if (lineStart) starts.push(kept);
  units[kept++] = EOF;
  return kept;
}
