import type { Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkCount, checkNotNegative, guarded, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { affineParams, checkAffine, rescale, type AffineOptions } from "./internal/normalize.js";

export interface GroupNormOptions extends AffineOptions {
  /**
   * Added to the variance; with 0, values that are all equal become 0 / 0. Keras has 1e-3, PyTorch
   * 1e-5. @defaultValue 1e-3
   */
  readonly epsilon?: number;
}

/**
 * Gives each group of neighbouring channels of each example mean 0 and standard deviation 1, then
 * each channel its γ and β: y = γ (x − μ) / √(σ² + ε) + β, with μ and σ² over a group's channels
 * and all positions. Keras `GroupNormalization`, PyTorch `GroupNorm`.
 *
 * One group is layer normalization over the whole example; as many as channels is instance
 * normalization. Parameters: `gamma`, `beta` [channels].
 *
 * Wu & He (2018), Group normalization. arXiv:1803.08494
 *
 * @param groups must divide the number of channels
 */
export function groupNorm(groups: number, options: GroupNormOptions = {}): Layer<Tensor> {
  const { epsilon = 1e-3 } = known("groupNorm", options, "epsilon center scale");
  checkCount("groupNorm", "groups", groups);
  checkNotNegative("groupNorm", "epsilon", epsilon);
  checkAffine("groupNorm", options);
  return guarded({
    type: "groupNorm",
    plan(input) {
      const channels = input[input.length - 1];
      if (channels === undefined || channels % groups !== 0)
        throw badArgument("groupNorm", `channels divisible by ${groups} groups`, show(input));
      return { output: input, params: affineParams([channels], options), stats: {} };
    },
    forward(x, pass) {
      const channels = x.shape[x.shape.length - 1]!;
      const inGroups = x.reshape([...x.shape.slice(0, -1), groups, channels / groups]);
      const axes = inGroups.shape
        .map((_, i) => i)
        .filter((i) => i !== 0 && i !== inGroups.shape.length - 2);
      const centred = inGroups.sub(inGroups.mean(axes, true));
      const variance = centred.square().mean(axes, true);
      return rescale("groupNorm", centred, variance.add(epsilon).sqrt(), pass, options, (p) =>
        p.reshape([groups, channels / groups]),
      ).reshape(x.shape);
    },
    toJSON: () => describe("groupNorm", groups, options),
  });
}
