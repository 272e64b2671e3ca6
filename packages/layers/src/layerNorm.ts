import type { Layer, Shape } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative, guarded } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { fromTheEnd, sizesAlong, toBroadcast } from "./internal/axes.js";
import { affineParams, checkAffine, rescale, type AffineOptions } from "./internal/normalize.js";

export interface LayerNormOptions extends AffineOptions {
  /** Over which axes of an example, negative: counted from the end. @defaultValue -1 */
  readonly axes?: number | readonly number[];
  /**
   * Added to the variance; with 0, values that are all equal become 0 / 0. Keras has 1e-3, PyTorch
   * 1e-5. @defaultValue 1e-3
   */
  readonly epsilon?: number;
}

/**
 * Gives each example mean β and standard deviation γ over some of its own axes: y = γ (x − μ) /
 * √(σ² + ε) + β, σ² = Σ(x − μ)² / n. Keras `LayerNormalization`, PyTorch `LayerNorm`.
 *
 * Parameters: `gamma`, `beta`, with the sizes of those axes.
 *
 * Ba, Kiros & Hinton (2016), Layer normalization. arXiv:1607.06450
 */
export function layerNorm(options: LayerNormOptions = {}): Layer<Tensor> {
  const { epsilon = 1e-3 } = known("layerNorm", options, "epsilon axes center scale");
  const axes = fromTheEnd("layerNorm", options.axes);
  checkNotNegative("layerNorm", "epsilon", epsilon);
  checkAffine("layerNorm", options);
  return guarded({
    type: "layerNorm",
    plan: (input: Shape) => ({
      output: input,
      params: affineParams(sizesAlong("layerNorm", axes, input), options),
      stats: {},
    }),
    forward(x, pass) {
      const centred = x.sub(x.mean(axes, true));
      const variance = centred.square().mean(axes, true);
      return rescale("layerNorm", centred, variance.add(epsilon).sqrt(), pass, options, (p) =>
        toBroadcast(p, axes, x),
      );
    },
    toJSON: () => describe("layerNorm", options),
  });
}
