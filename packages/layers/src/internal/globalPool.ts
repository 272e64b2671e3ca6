import type { Layer, Shape } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkFlags } from "./check.js";
import { map } from "./map.js";

/** The options of pooling over all places. */
export interface GlobalPoolOptions {
  /** Leaves the axes that are pooled with size 1. @defaultValue false */
  readonly keepDims?: boolean;
}

/** The layer of a reduction over all positions. */
export function globalPool(
  type: string,
  options: GlobalPoolOptions,
  check: (type: string, input: Shape) => void,
  pool: (x: Tensor, keepDims: boolean) => Tensor,
): Layer<Tensor> {
  const { keepDims = false } = known(type, options, "keepDims");
  checkFlags(type, { keepDims });
  return map(
    type,
    [options],
    (x) => pool(x, keepDims),
    (input) => check(type, input),
  );
}
