import type { Shape } from "@tenon/contracts";
import { list } from "@tenon/guards";

/** The numbers of inputs and of outputs of one unit. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * How many inputs one output of a kernel depends on, and the other way round. The kernel is
 * [...window, in, out], as in Keras' `compute_fans`.
 *
 * fan_in = in·∏window, fan_out = out·∏window. A vector of n has n and n, a scalar 1 and 1. PyTorch
 * has the same values for its [out, in, ...window]. Kernels of grouped convolutions hold
 * in/groups, which is what is counted.
 */
export function fans(shape: Shape): Fans {
  list("fans", "shape", shape);
  const rank = shape.length;
  if (rank === 0) return { fanIn: 1, fanOut: 1 };
  if (rank === 1) return { fanIn: shape[0], fanOut: shape[0] };
  let window = 1;
  for (let axis = 0; axis < rank - 2; axis++) window *= shape[axis];
  return { fanIn: shape[rank - 2] * window, fanOut: shape[rank - 1] * window };
}
