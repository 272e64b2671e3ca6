import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { bounded } from "./bounded.js";

/**
 * Between 0 and 1: y = 1 / (1 + e⁻ˣ).
 */
export function sigmoid(): Activation {
  nothing("sigmoid", arguments);
  return bounded(
    activation("sigmoid", (x: Tensor) => x.sigmoid()),
    0,
    1,
  );
}
