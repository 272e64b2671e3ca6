import type { Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { whole } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

/**
 * Adds updates up and passes their sum on in every k-th step, 0 in the others.
 *
 * optax' `apply_every`. What stands before it sees each step; `accumulate` lets the whole rule
 * wait.
 * Throws a RangeError unless k is a whole number ≥ 1.
 */
export function applyEvery(k: number): Transform {
  noOptions("applyEvery", arguments[1]);
  whole("applyEvery", "k", k, 1);
  return perParameter(
    "applyEvery",
    { sum: 0 },
    {
      last: (step) => ((step + 1) % k === 0 ? 1 : 0),
      wait: (step) => ((step + 1) % k === 0 ? 0 : 1),
    },
    ({ g, sum }, { last, wait }) => {
      sum = sum.add(g);
      return { g: sum.mul(last), sum: sum.mul(wait) };
    },
  );
}
