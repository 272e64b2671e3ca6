import type { Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { uniform, where, type Tensor } from "@tenon/tensor";
import { checkFinite, guarded } from "./internal/check.js";
import { describe } from "./internal/describe.js";

export interface RreluOptions {
  /** The smallest slope. @defaultValue 1/8 */
  readonly low?: number;
  /** The largest slope. @defaultValue 1/3 */
  readonly high?: number;
}

/**
 * A leaky relu of random slopes: y = x for x > 0, a · x otherwise, where a is uniform in [low,
 * high) for each element while training, and (low + high) / 2 otherwise. PyTorch `RReLU`.
 *
 * Xu et al. (2015), Empirical evaluation of rectified activations in convolution network.
 * arXiv:1505.00853
 */
export function rrelu(options: RreluOptions = {}): Layer<Tensor> {
  const { low = 1 / 8, high = 1 / 3 } = known("rrelu", options, "low high");
  checkFinite("rrelu", "low", low);
  checkFinite("rrelu", "high", high);
  if (low > high) throw badArgument("rrelu", "low ≤ high", `${low} and ${high}`);
  return guarded({
    type: "rrelu",
    plan: (input) => ({ output: input, params: {}, stats: {} }),
    forward(x, pass) {
      const slopes = pass.training
        ? pass
            .draw(x.shape, uniform)
            .mul(high - low)
            .add(low)
        : (low + high) / 2;
      return where(x.greater(0), x, x.mul(slopes));
    },
    toJSON: () => describe("rrelu", options),
  });
}
