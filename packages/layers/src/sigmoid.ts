import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * Between 0 and 1: y = 1 / (1 + e⁻ˣ). Keras `sigmoid`, PyTorch `Sigmoid`.
 */
export function sigmoid(): Activation {
  nothing("sigmoid", arguments);
  return bounded(
    elementwise("sigmoid", (x: Tensor) => x.sigmoid()),
    0,
    1,
  );
}
