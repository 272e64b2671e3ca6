import { badArgument, shown } from "@tenon/guards";
import { threefry2x32 } from "./threefry2x32.js";

/**
 * The values that an engine's `uniform` operation draws, uniform in [0, 1): a function of (seed,
 * step, stream, index) and of nothing else, so that a resumed run, or a run on more threads, draws
 * the same.
 *
 * With h = ⌈length / 2⌉ and, for i < h, (a, b) = threefry2x32 of key (seed, step) and counter (i,
 * stream): element i is ⌊a / 2⁸⌋ · 2⁻²⁴ and element h + i is ⌊b / 2⁸⌋ · 2⁻²⁴.
 *
 * `seed`, `step` and `stream` count as 32-bit words. 24 bits are what float32 holds exactly.
 * `hashString` makes a stream of a layer's path. Throws a RangeError for a length that no array can
 * have.
 */
export function uniformAt(
  seed: number,
  step: number,
  stream: number,
  length: number,
): Float32Array {
  if (!Number.isSafeInteger(length) || length < 0)
    throw badArgument("uniformAt", "a length that is an integer ≥ 0", shown(length));
  const out = new Float32Array(length);
  const words = new Int32Array(2);
  const unit = 1 / 0x1000000;
  const half = Math.floor((length + 1) / 2);
  for (let i = 0; i < half; i++) {
    threefry2x32(seed, step, i, stream, words);
    out[i] = (words[0] >>> 8) * unit;
    if (half + i < length) out[half + i] = (words[1] >>> 8) * unit;
  }
  return out;
}
