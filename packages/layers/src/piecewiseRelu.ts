import { badArgument, known, shown } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkFinite } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";

export interface PiecewiseReluOptions {
  /** The slope below the threshold. @defaultValue 0 */
  readonly negativeSlope?: number;
  /** Where the slope becomes 1. @defaultValue 0 */
  readonly threshold?: number;
  /** The largest output. @defaultValue none */
  readonly maxValue?: number;
}

/**
 * A relu of other segments: y = min(x, max) for x ≥ θ, slope · (x − θ) below.
 *
 * Keras' `ReLU` with options; its gradient at θ is 0, that at the maximum 1.
 */
export function piecewiseRelu(options: PiecewiseReluOptions = {}): Activation {
  const {
    negativeSlope = 0,
    threshold = 0,
    maxValue,
  } = known("piecewiseRelu", options, "negativeSlope threshold maxValue");
  checkFinite("piecewiseRelu", "negativeSlope", negativeSlope);
  checkFinite("piecewiseRelu", "threshold", threshold);
  if (maxValue !== undefined && (!Number.isFinite(maxValue) || maxValue < threshold))
    throw badArgument(
      "piecewiseRelu",
      `maxValue as a finite number ≥ ${threshold}, the threshold`,
      shown(maxValue),
    );
  return elementwise(
    "piecewiseRelu",
    (x: Tensor) => {
      const high = maxValue === undefined ? x : where(x.greater(maxValue), maxValue, x);
      return where(x.greater(threshold), high, x.sub(threshold).neg().relu().mul(-negativeSlope));
    },
    () => describe("piecewiseRelu", options),
  );
}
