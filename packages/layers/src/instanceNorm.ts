import type { Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative, guarded, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { affineParams, checkAffine, rescale, type AffineOptions } from "./internal/normalize.js";

export interface InstanceNormOptions extends AffineOptions {
  /**
   * Added to the variance; with 0, values that are all equal become 0 / 0. PyTorch has 1e-5.
   * @defaultValue 1e-3
   */
  readonly epsilon?: number;
}

/**
 * Gives each channel of each example mean β and standard deviation γ over its positions: y = γ (x −
 * μ) / √(σ² + ε) + β.
 *
 * Parameters: `gamma`, `beta` [channels].
 *
 * Ulyanov, Vedaldi & Lempitsky (2016), Instance normalization. arXiv:1607.08022
 */
export function instanceNorm(options: InstanceNormOptions = {}): Layer<Tensor> {
  const { epsilon = 1e-3 } = known("instanceNorm", options, "epsilon center scale");
  checkNotNegative("instanceNorm", "epsilon", epsilon);
  checkAffine("instanceNorm", options);
  return guarded({
    type: "instanceNorm",
    plan(input) {
      if (input.length < 2)
        throw badArgument("instanceNorm", "positions and channels, [..., channels]", show(input));
      return {
        output: input,
        params: affineParams([input[input.length - 1]!], options),
        stats: {},
      };
    },
    forward(x, pass) {
      const axes = x.shape.map((_, i) => i).slice(1, -1);
      const centred = x.sub(x.mean(axes, true));
      const variance = centred.square().mean(axes, true);
      return rescale("instanceNorm", centred, variance.add(epsilon).sqrt(), pass, options);
    },
    toJSON: () => describe("instanceNorm", options),
  });
}
