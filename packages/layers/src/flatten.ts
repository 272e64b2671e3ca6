import type { Layer } from "@tenon/contracts";
import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { sizeOf } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * All of an example's values in one row, in row-major order: `[2, 3, 4]` becomes `[24]`. Keras and
 * PyTorch `Flatten`.
 */
export function flatten(): Layer<Tensor> {
  nothing("flatten", arguments);
  return map("flatten", [], (x) => x.reshape([x.shape[0]!, sizeOf(x.shape.slice(1))]));
}
