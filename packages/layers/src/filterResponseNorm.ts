import type { Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { ones, zeros } from "@tenon/init";
import type { Tensor } from "@tenon/tensor";
import { checkPositive, guarded, param, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";

export interface FilterResponseNormOptions {
  /** Added to the mean square. @defaultValue 1e-6 */
  readonly epsilon?: number;
}

/**
 * Gives each channel of each example mean square 1 over its positions, then a threshold that is
 * learned: y = max(γ x / √(mean(x²) + ε) + β, τ). It takes the place of batch norm and relu, and
 * does not depend on the batch.
 *
 * Parameters: `gamma`, `beta`, `tau` [channels]. timm `FilterResponseNormTlu2d`.
 *
 * Singh & Krishnan (2020), Filter response normalization layer. arXiv:1911.09737
 */
export function filterResponseNorm(options: FilterResponseNormOptions = {}): Layer<Tensor> {
  const name = "filterResponseNorm";
  const { epsilon = 1e-6 } = known(name, options, "epsilon");
  checkPositive(name, "epsilon", epsilon);
  return guarded({
    type: name,
    plan(input) {
      if (input.length < 2)
        throw badArgument(name, "positions and channels, [..., channels]", show(input));
      const shape = input.slice(-1);
      const params = {
        gamma: { shape, init: ones() },
        beta: { shape, init: zeros() },
        tau: { shape, init: zeros() },
      };
      return { output: input, params, stats: {} };
    },
    forward(x, pass) {
      const axes = x.shape.map((_, i) => i).slice(1, -1);
      const size = x.square().mean(axes, true).add(epsilon).sqrt();
      return x
        .mul(param(name, pass, "gamma").div(size))
        .add(param(name, pass, "beta"))
        .maximum(param(name, pass, "tau"));
    },
    toJSON: () => describe(name, options),
  });
}
