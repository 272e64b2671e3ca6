import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkFinite } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";
import { eluOf } from "./internal/elu.js";

export interface EluOptions {
  /** Minus the limit for x → −∞. @defaultValue 1 */
  readonly alpha?: number;
}

/**
 * Approaches −α below zero: y = x for x > 0, α (eˣ − 1) otherwise. Keras and PyTorch `ELU`.
 *
 * Clevert, Unterthiner & Hochreiter (2016), Fast and accurate deep network learning by exponential
 * linear units. arXiv:1511.07289
 */
export function elu(options: EluOptions = {}): Activation {
  const { alpha = 1 } = known("elu", options, "alpha");
  checkFinite("elu", "alpha", alpha);
  return elementwise(
    "elu",
    (x: Tensor) => eluOf(x, alpha),
    () => describe("elu", options),
  );
}
