import { badArgument, isFiniteNumber, noOptions, shown } from "@tenon/guards";
import type { Tensor } from "../tensor.js";
import { tensor } from "./leaf.js";

/**
 * `count` values at equal distances from `start` to `end`, both of them included (NumPy's, Keras'
 * and PyTorch's `linspace`). One value is `start`.
 */
export function linspace(start: number, end: number, count: number): Tensor {
  noOptions("linspace", arguments[3]);
  for (const [what, value] of Object.entries({ start, end }))
    if (!isFiniteNumber(value))
      throw badArgument("linspace", `${what} as a finite number`, shown(value));
  if (!Number.isInteger(count) || count < 0 || count >= 2 ** 31)
    throw badArgument("linspace", "a count that is an integer ≥ 0, below 2³¹", shown(count));
  const last = Math.max(1, count - 1);
  return tensor(
    Float64Array.from({ length: count }, (_, i) => (start * (last - i) + end * i) / last),
  );
}
