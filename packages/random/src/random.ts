import type { Rng } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { highWord, lowWord } from "./internal/words.js";
import { threefry2x32 } from "./threefry2x32.js";

/** A seeded source of values, uniform in [0, 1), from which independent sources can be split. */
export interface RandomSource extends Rng {
  /**
   * An independent source that belongs to this name. It depends on this source's seed and on the
   * name only: neither the order of splits nor the values already drawn matter, and splitting does
   * not move this source. Names are strings or safe integers; `"1"` and `1` are different names.
   */
  split(name: string | number): RandomSource;
}

// Numbers are drawn with counters whose second word is below 2³¹; the words below keep keys
// distinct from them.
const byNumber = 0x80000000;
const byText = 0xc0000000;

/** @param words what the sources that are split from one another compute in */
function source(key0: number, key1: number, words: Int32Array): RandomSource {
  // Written as a quotient because it is exact by IEEE 754; `**` is as exact as a platform makes it.
  const step = 1 / 0x20000000000000;
  let low = 0;
  let high = 0;

  function next(): number {
    threefry2x32(key0, key1, low, high, words);
    low = (low + 1) | 0;
    if (low === 0) high++;
    return ((words[0] >>> 5) * 0x4000000 + (words[1] >>> 6)) * step;
  }

  next.split = (name: string | number): RandomSource => {
    if (typeof name === "number") {
      if (!Number.isSafeInteger(name))
        throw badArgument(
          "split",
          "a string or a safe integer",
          shown(name),
          "name a stream by its index or by a text",
        );
      threefry2x32(key0, key1, lowWord(name), byNumber | (highWord(name) & 0x3fffffff), words);
      return source(words[0], words[1], words);
    }
    if (typeof name !== "string")
      throw badArgument("split", "a string or a safe integer", shown(name));
    // The length goes first, so that no name's chain is the beginning of another's.
    threefry2x32(key0, key1, name.length, byText, words);
    for (let i = 0; i < name.length; i += 2) {
      const second = i + 1 < name.length ? name.charCodeAt(i + 1) : 0;
      threefry2x32(words[0], words[1], name.charCodeAt(i) | (second << 16), byText, words);
    }
    return source(words[0], words[1], words);
  };

  return next;
}

/**
 * A seeded source of values, uniform in [0, 1): the same on every machine.
 *
 * Number i is the 53 high bits of threefry2x32(seed, i), as a multiple of 2⁻⁵³. The period is 2⁶³
 * numbers. Throws a RangeError if the seed is no safe integer.
 *
 * Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3. Splitting: Claessen & Pałka
 * (2013), Splittable pseudorandom number generators using cryptographic hashing.
 * doi:10.1145/2503778.2503784
 */
export function random(seed: number): RandomSource {
  if (!Number.isSafeInteger(seed))
    throw badArgument(
      "random",
      "a seed that is a safe integer",
      shown(seed),
      "for example random(1)",
    );
  return source(lowWord(seed), highWord(seed), new Int32Array(2));
}
