import type { Layer } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { normalize, type Tensor } from "@tenon/tensor";
import { fromTheEnd, sizesAlong } from "./internal/axes.js";
import { checkNotNegative } from "./internal/check.js";
import { map } from "./internal/map.js";

export interface UnitNormalizationOptions {
  /** Over which axes of an example, negative: counted from the end. @defaultValue -1 */
  readonly axes?: number | readonly number[];
  /** p of the norm; 2 is the Euclidean one. @defaultValue 2 */
  readonly order?: number;
  /** The smallest norm that is divided by. @defaultValue 1e-12 */
  readonly epsilon?: number;
}

/**
 * Gives each example the norm 1 over some of its axes: y = x / max(‖x‖ₚ, ε). Zeros stay zeros.
 *
 * Keras `UnitNormalization`, PyTorch `functional.normalize`.
 */
export function unitNormalization(options: UnitNormalizationOptions = {}): Layer<Tensor> {
  const { order = 2, epsilon = 1e-12 } = known("unitNormalization", options, "axes order epsilon");
  const axes = fromTheEnd("unitNormalization", options.axes);
  checkNotNegative("unitNormalization", "epsilon", epsilon);
  if (typeof order !== "number" || !(order > 0) || order === Infinity)
    throw badArgument("unitNormalization", "a finite order > 0", shown(order));
  return map(
    "unitNormalization",
    [options],
    (x) => normalize(x, { axes, order, epsilon }),
    (input) => void sizesAlong("unitNormalization", axes, input),
  );
}
