import type { Rng } from "@tenon/contracts";
import { badArgument, callable, shown } from "@tenon/guards";
import { below } from "./internal/below.js";

/**
 * The values 0, 1, …, n − 1 in a random order; all n! orders are equally likely.
 *
 * Durstenfeld's form of the Fisher–Yates shuffle (1964, Algorithm 235). Throws a RangeError unless
 * n is an integer in [0, 2³²).
 */
export function permutation(rng: Rng, n: number): Uint32Array {
  callable("permutation", "rng", rng);
  if (typeof n !== "number" || !(n >= 0 && n < 0x100000000 && Math.floor(n) === n))
    throw badArgument("permutation", "an integer n in [0, 2^32)", shown(n));
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = below("permutation", rng, i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}
