import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { maxPool2d, type Tensor } from "@tenon/tensor";
import { poolAlongRow } from "./internal/pool.js";
import type { RowOptions } from "./internal/sequence.js";

/** `strides` are the window, `padding` "valid" and `dilation` 1 unless they are given. */
export interface MaxPool1dOptions extends RowOptions {
  /** Whether a last window may hang over the end, if it begins before it. @defaultValue false */
  readonly ceilMode?: boolean;
}

/**
 * The largest value under each window along a sequence: y[i, c] = max over k of x[i·s + k·d, c].
 *
 * `[length, channels]` becomes `[length′, channels]`. The whole gradient goes to the first of
 * equals. Keras `MaxPooling1D`, PyTorch `MaxPool1d`.
 *
 * @param window over how many neighbours. @defaultValue 2
 */
export function maxPool1d(window = 2, options: MaxPool1dOptions = {}): Layer<Tensor> {
  known("maxPool1d", options, "strides padding dilation ceilMode");
  return poolAlongRow("maxPool1d", maxPool2d, window, options);
}
