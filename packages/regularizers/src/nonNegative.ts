import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { constraint } from "./internal/constraint.js";
import type { OnlyOptions } from "./internal/only.js";

/** Sets negative values to zero after each step: w ← max(w, 0). Last in the chain. */
export function nonNegative(options: OnlyOptions = {}): Transform {
  known("nonNegative", options, "only");
  return constraint("nonNegative", options, {}, (w) => w.maximum(0));
}
