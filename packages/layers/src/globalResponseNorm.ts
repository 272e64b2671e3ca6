import type { Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { zeros } from "@tenon/init";
import { norm, type Tensor } from "@tenon/tensor";
import { checkNotNegative, guarded, param, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";

export interface GlobalResponseNormOptions {
  /** Added to the mean of the channels' norms. @defaultValue 1e-6 */
  readonly epsilon?: number;
}

/**
 * Makes channels compete: y = γ · x · g / (mean(g) + ε) + β + x, where g is each channel's norm √Σ
 * x² over all positions of an example and the mean is over channels.
 *
 * Parameters: `gamma`, `beta` [channels], which start as 0, so that it starts as the identity. timm
 * `GlobalResponseNorm`.
 *
 * Woo et al. (2023), ConvNeXt V2, section 3.3. arXiv:2301.00808
 */
export function globalResponseNorm(options: GlobalResponseNormOptions = {}): Layer<Tensor> {
  const name = "globalResponseNorm";
  const { epsilon = 1e-6 } = known(name, options, "epsilon");
  checkNotNegative(name, "epsilon", epsilon);
  return guarded({
    type: name,
    plan(input) {
      if (input.length < 2)
        throw badArgument(name, "positions and channels, [..., channels]", show(input));
      const each = { shape: input.slice(-1), init: zeros() };
      return { output: input, params: { gamma: each, beta: each }, stats: {} };
    },
    forward(x, pass) {
      const g = norm(x, x.shape.map((_, i) => i).slice(1, -1), true);
      const relative = g.div(g.mean(-1, true).add(epsilon));
      return x
        .mul(relative)
        .mul(param(name, pass, "gamma"))
        .add(param(name, pass, "beta"))
        .add(x);
    },
    toJSON: () => describe(name, options),
  });
}
