import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkFinite } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * Another unit: y = scale · x + offset. `rescaling(1 / 255)` maps bytes to [0, 1]. Keras
 * `Rescaling`.
 *
 * @param offset @defaultValue 0
 */
export function rescaling(scale: number, offset = 0): Layer<Tensor> {
  noOptions("rescaling", arguments[2]);
  checkFinite("rescaling", "scale", scale);
  checkFinite("rescaling", "offset", offset);
  return map("rescaling", [scale, offset], (x) => x.mul(scale).add(offset));
}
