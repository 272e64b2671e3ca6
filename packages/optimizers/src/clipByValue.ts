import type { Schedule, Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { positiveRate } from "./internal/guards.js";
import { mapped } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";

/**
 * Clips each element of a gradient to [−limit, limit]: g ← max(min(g, limit), −limit). Throws a
 * RangeError unless the limit is finite and above 0.
 */
export function clipByValue(limit: Schedule | number): Transform {
  noOptions("clipByValue", arguments[1]);
  positiveRate("clipByValue", "limit", limit);
  return perParameter(
    "clipByValue",
    {},
    { high: limit, low: mapped(limit, (value) => -value) },
    ({ g }, { high, low }) => ({ g: g.minimum(high).maximum(low) }),
  );
}
