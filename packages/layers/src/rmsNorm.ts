import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative, guarded } from "./internal/check.js";
import { fromTheEnd, sizesAlong, toBroadcast } from "./internal/axes.js";
import { describe } from "./internal/describe.js";
import { affineParams, checkAffine, rescale } from "./internal/normalize.js";

export interface RmsNormOptions {
  /** Over which axes of an example, negative: counted from the end. @defaultValue -1 */
  readonly axes?: number | readonly number[];
  /** Added to the mean square; with 0, zeros become 0 / 0. @defaultValue 1e-6 */
  readonly epsilon?: number;
  /** Whether to multiply by a learned `gamma`. @defaultValue true */
  readonly scale?: boolean;
}

/**
 * Divides each example by its root mean square over some axes: y = γ x / √(mean(x²) + ε). Keras
 * `RMSNormalization`, PyTorch `RMSNorm`.
 *
 * Parameter: `gamma`, with the sizes of those axes.
 *
 * Zhang & Sennrich (2019), Root mean square layer normalization. arXiv:1910.07467
 */
export function rmsNorm(options: RmsNormOptions = {}): Layer<Tensor> {
  const { epsilon = 1e-6, scale = true } = known("rmsNorm", options, "epsilon scale axes");
  const axes = fromTheEnd("rmsNorm", options.axes);
  checkNotNegative("rmsNorm", "epsilon", epsilon);
  checkAffine("rmsNorm", { scale });
  return guarded({
    type: "rmsNorm",
    plan: (input) => ({
      output: input,
      params: affineParams(sizesAlong("rmsNorm", axes, input), { center: false, scale }),
      stats: {},
    }),
    forward: (x, pass) =>
      rescale(
        "rmsNorm",
        x,
        x.square().mean(axes, true).add(epsilon).sqrt(),
        pass,
        { center: false, scale },
        (p) => toBroadcast(p, axes, x),
      ),
    toJSON: () => describe("rmsNorm", options),
  });
}
