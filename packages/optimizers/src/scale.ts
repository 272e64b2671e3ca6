import type { Schedule, Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { finite } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

/**
 * Multiplies by a constant: g ← factor·g. `scale(-1)` ascends instead of descending. Throws a
 * RangeError unless it is finite.
 */
export function scale(factor: Schedule | number): Transform {
  noOptions("scale", arguments[1]);
  if (typeof factor !== "function") finite("scale", "factor", factor);
  return perParameter("scale", {}, { factor }, ({ g }, now) => ({ g: g.mul(now.factor) }));
}
