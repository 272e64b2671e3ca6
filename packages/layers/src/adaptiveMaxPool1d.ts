import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { adaptiveMaxPool2d as pool, type Tensor } from "@tenon/tensor";
import { checkCount } from "./internal/check.js";
import { map } from "./internal/map.js";
import { checkSequence, onRow } from "./internal/sequence.js";

/**
 * The largest value under the windows of `adaptiveAvgPool1d`, the gradient to the first of equals.
 *
 * `[length, channels]` becomes `[size, channels]`. PyTorch `AdaptiveMaxPool1d`.
 */
export function adaptiveMaxPool1d(size: number): Layer<Tensor> {
  noOptions("adaptiveMaxPool1d", arguments[1]);
  checkCount("adaptiveMaxPool1d", "size", size);
  return map(
    "adaptiveMaxPool1d",
    [size],
    (x) => onRow("adaptiveMaxPool1d", x, (row) => pool(row, [1, size])),
    (input) => checkSequence("adaptiveMaxPool1d", input),
  );
}
