import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Pair, Pool2dOptions, Tensor } from "@tenon/tensor";
import { lpPool, type LpPoolOptions } from "./internal/lpPool.js";
import { poolOf } from "./internal/pool.js";

/** `strides`, `padding` and `ceilMode` as the tensor operation `avgPool2d` has them. */
export interface LpPool2dOptions extends Pool2dOptions, LpPoolOptions {}

/**
 * The p-norm under each window: y = (Σ |x|ᵖ)^(1/p), between the sum and the maximum.
 *
 * `[height, width, channels]` becomes `[height′, width′, channels]`. A window of zeros has no
 * gradient: NaN for p > 1, as in PyTorch. PyTorch `LPPool2d`.
 *
 * Sermanet, Chintala & LeCun (2012), Convolutional neural networks applied to house numbers digit
 * classification. arXiv:1204.3968
 *
 * @param window one number for both directions, or [rows, columns]. @defaultValue 2
 */
export function lpPool2d(window: Pair = 2, options: LpPool2dOptions = {}): Layer<Tensor> {
  const { order = 2 } = known("lpPool2d", options, "order strides padding ceilMode");
  const pool = lpPool("lpPool2d", order);
  return poolOf("lpPool2d", (x, size, { order: _, ...how }) => pool(x, size, how), window, options);
}
