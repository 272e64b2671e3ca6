import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { avgPool2d, type AvgPool2dOptions, type Tensor } from "@tenon/tensor";
import { poolAlongRow } from "./internal/pool.js";
import type { RowOptions } from "./internal/sequence.js";

/**
 * `strides` are the window and `padding` "valid" unless they are given; the others are as the
 * tensor operation `avgPool2d` has them.
 */
export interface AvgPool1dOptions
  extends
    Omit<RowOptions, "dilation">,
    Pick<AvgPool2dOptions, "ceilMode" | "countPadding" | "divisor"> {}

/**
 * The mean under each window along a sequence: y[i, c] = mean over k of x[i·s + k, c].
 *
 * `[length, channels]` becomes `[length′, channels]`. Padded places are not counted (Keras) unless
 * `countPadding` (PyTorch). Keras `AveragePooling1D`, PyTorch `AvgPool1d`.
 *
 * @param window over how many neighbours. @defaultValue 2
 */
export function avgPool1d(window = 2, options: AvgPool1dOptions = {}): Layer<Tensor> {
  known("avgPool1d", options, "countPadding divisor strides padding ceilMode");
  return poolAlongRow("avgPool1d", avgPool2d, window, options);
}
