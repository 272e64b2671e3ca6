import type { Schedule, Transform } from "@tenon/contracts";
import { known, towards } from "@tenon/guards";
import { positive, positiveRate } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

export interface CocobOptions {
  /** Bets are small until the gradients add up to so many of the largest one. @defaultValue 100 */
  readonly alpha?: Schedule | number;
  /** What the largest gradient begins with, so that none divides by 0. @defaultValue 1e-8 */
  readonly start?: number;
}

/**
 * Continuous coin betting, without a rate: each element bets on the sign of its next gradient a
 * part of what it has won so far, and the bet is how far it is from where it began.
 *
 * L ← max(L, |g|) from the start,  G ← G + |g|,  R ← max(R − g (w − w₀), 0),  C ← C − g,
 * w ← w₀ + C (L + R) / (L max(G + L, αL))
 *
 * The size of gradients does not matter. Weight decay is `addDecayedWeights` before it. optax:
 * `contrib.cocob`. Throws a RangeError unless α and the start are finite and above 0. Orabona &
 * Tommasi (2017), Training deep networks without learning rates through coin betting, algorithm 2.
 * arXiv:1705.07795
 */
export function cocob(options: CocobOptions = {}): Transform {
  const { alpha = 100, start = 1e-8 } = known("cocob", options, "alpha start");
  positiveRate("cocob", "alpha", alpha);
  positive("cocob", "start", start);
  return perParameter(
    "cocob",
    { first: "parameter", largest: start, size: 0, reward: 0, sum: 0 },
    { alpha },
    ({ g, w, first, ...kept }, now) => {
      const largest = kept.largest.maximum(g.abs());
      const size = kept.size.add(g.abs());
      const reward = kept.reward.sub(g.mul(w.sub(first))).maximum(0);
      const sum = kept.sum.sub(g);
      const most = size.add(largest).maximum(largest.mul(now.alpha));
      const bet = sum.div(largest.mul(most)).mul(largest.add(reward));
      return { g: towards(w, first.add(bet)), first, largest, size, reward, sum };
    },
  );
}
