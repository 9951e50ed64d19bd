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
 * Edits above a line don't change its hash. 64-bit arithmetic is done in two halves of doubles,
 * whose products stay below 2^53, since BigInt is about twenty times slower.
 */
export function lineHashes(text: string): readonly string[] {
  const window = new Uint16Array(BLOCK);
  const lineAt = new Int32Array(BLOCK).fill(-1);
  const seen = new Map<string, number>();
  const hashes: string[] = [];
  let high = 0;
  let low = 0;
  let index = 0;
  let line = 0;
  let lineStart = true;
  let afterCR = false;

  const emit = (): void => {
    const number = lineAt[index] as number;
    if (number === -1) return;
    const hex = high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
    const count = (seen.get(hex) ?? 0) + 1;
    seen.set(hex, count);
    hashes[number - 1] = `${hex}:${count}`;
    lineAt[index] = -1;
  };
  const push = (unit: number): void => {
    const old = window[index] as number;
    window[index] = unit;
    const sum = low * FACTOR + unit - OUT_WEIGHT.low * old;
    const carry = Math.floor(sum / TWO32);
    low = sum - carry * TWO32;
    high = (high * FACTOR + carry - OUT_WEIGHT.high * old) >>> 0;
    index = index + 1 === BLOCK ? 0 : index + 1;
  };
  const take = (unit: number): void => {
    emit();
    if (lineStart) lineAt[index] = ++line;
    lineStart = unit === LF;
    push(unit);
  };

  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === SPACE || unit === TAB || (afterCR && unit === LF)) {
      afterCR = false;
      continue;
    }
    afterCR = unit === CR;
    take(afterCR ? LF : unit);
  }
  take(EOF);
  for (let i = 0; i < BLOCK; i++) {
    emit();
    push(0);
  }
  return hashes;
}
