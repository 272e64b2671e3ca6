import type { Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { positive } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

/**
 * Clips each element of a gradient to [−limit, limit]: g ← max(min(g, limit), −limit). Throws a
 * RangeError unless the limit is finite and above 0.
 */
export function clipByValue(limit: number): Transform {
  noOptions("clipByValue", arguments[1]);
  positive("clipByValue", "limit", limit);
  return perParameter("clipByValue", {}, {}, ({ g }) => ({ g: g.minimum(limit).maximum(-limit) }));
}
