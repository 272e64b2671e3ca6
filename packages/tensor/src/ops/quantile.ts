import { badArgument, known, shown } from "@tenon/guards";
import { slice } from "./movement.js";
import { checkFlag, checkTensor } from "../internal/guards.js";
import { axisOf, show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { where } from "./elementwise.js";
import { any } from "./reduce.js";
import { sort } from "./sort.js";

export interface QuantileOptions {
  /** @defaultValue -1 */
  readonly axis?: number;
  /** Whether the axis stays, with size 1. @defaultValue false */
  readonly keepDims?: boolean;
}

/**
 * The value that a fraction of an axis is below: the median for 0.5, which is the mean of the two
 * middle ones where their number is even. Between two values in order, on the line between them
 * (NumPy's, Keras' and PyTorch's "linear"). NaN where one is NaN.
 *
 * It costs what `sort` does, n² comparisons. Gradients go to the two values that it is between.
 *
 * @param fraction in [0, 1]
 */
export function quantile(x: Tensor, fraction: number, options: QuantileOptions = {}): Tensor {
  const { axis = -1, keepDims = false } = known("quantile", options, "axis keepDims");
  checkTensor("quantile", x);
  checkFlag("quantile", "keepDims", keepDims);
  if (typeof fraction !== "number" || !(fraction >= 0 && fraction <= 1))
    throw badArgument("quantile", "a fraction in [0, 1]", shown(fraction));
  const along = axisOf("quantile", axis, x.shape.length);
  const n = x.shape[along]!;
  if (n === 0) throw badArgument("quantile", `values along axis ${axis}`, show(x.shape));
  const place = fraction * (n - 1);
  const [low, high] = [Math.floor(place), Math.ceil(place)];
  const sorted = sort(x.cast("float32"), { axis: along });
  const at = (i: number): Tensor =>
    slice(
      sorted,
      x.shape.map((_, k) => (k === along ? i : 0)),
      x.shape.map((size, k) => (k === along ? i + 1 : size)),
    );
  const between =
    low === high
      ? at(low)
      : at(low)
          .mul(high - place)
          .add(at(high).mul(place - low));
  const value = where(any(x.notEqual(x), along, true), NaN, between);
  return keepDims ? value : value.squeeze(along);
}
