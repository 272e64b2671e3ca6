import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { adaptiveAvgPool2d as pool, type Tensor } from "@tenon/tensor";
import { checkCount } from "./internal/check.js";
import { map } from "./internal/map.js";
import { checkSequence, onRow } from "./internal/sequence.js";

/**
 * The mean under windows that divide a sequence into `size` parts: part i of N covers the places
 * from ⌊i·n/N⌋ up to but not including ⌈(i + 1)·n/N⌉.
 *
 * `[length, channels]` becomes `[size, channels]`. PyTorch `AdaptiveAvgPool1d`.
 */
export function adaptiveAvgPool1d(size: number): Layer<Tensor> {
  noOptions("adaptiveAvgPool1d", arguments[1]);
  checkCount("adaptiveAvgPool1d", "size", size);
  return map(
    "adaptiveAvgPool1d",
    [size],
    (x) => onRow("adaptiveAvgPool1d", x, (row) => pool(row, [1, size])),
    (input) => checkSequence("adaptiveAvgPool1d", input),
  );
}
