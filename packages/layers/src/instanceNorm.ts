import type { Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkFlags, checkNotNegative, guarded, show, sizeOf, stat } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { affineParams, checkAffine, rescale, type AffineOptions } from "./internal/normalize.js";
import {
  checkMomentum,
  checkUnbiased,
  follow,
  runningStats,
  type StatisticsMomentum,
} from "./internal/running.js";

export interface InstanceNormOptions extends AffineOptions {
  /**
   * Added to the variance; with 0, values that are all equal become 0 / 0. PyTorch has 1e-5.
   * @defaultValue 1e-3
   */
  readonly epsilon?: number;
  /**
   * Whether to keep running statistics, the means over examples, and use them outside training
   * (PyTorch's `track_running_stats`). The running variance takes Σ(x − μ)² / (n − 1).
   * @defaultValue false
   */
  readonly track?: boolean;
  /** The fraction of a running statistic that a step keeps, as of `batchNorm`. @defaultValue 0.9 */
  readonly momentum?: StatisticsMomentum;
}

/**
 * Gives each channel of each example mean β and standard deviation γ over its positions: y = γ (x −
 * μ) / √(σ² + ε) + β.
 *
 * Parameters: `gamma`, `beta` [channels]; with `track` the statistics `mean`, `variance`
 * [channels]. Keras `GroupNormalization(groups=-1)`, PyTorch `InstanceNorm2d`.
 *
 * Ulyanov, Vedaldi & Lempitsky (2016), Instance normalization. arXiv:1607.08022
 */
export function instanceNorm(options: InstanceNormOptions = {}): Layer<Tensor> {
  const {
    epsilon = 1e-3,
    track = false,
    momentum = 0.9,
  } = known("instanceNorm", options, "epsilon track momentum center scale");
  checkNotNegative("instanceNorm", "epsilon", epsilon);
  checkFlags("instanceNorm", { track });
  checkMomentum("instanceNorm", momentum);
  checkAffine("instanceNorm", options);
  return guarded({
    type: "instanceNorm",
    plan(input) {
      if (input.length < 2)
        throw badArgument("instanceNorm", "positions and channels, [..., channels]", show(input));
      const channels = input[input.length - 1]!;
      return {
        output: input,
        params: affineParams([channels], options),
        stats: track ? runningStats(channels, momentum) : {},
      };
    },
    forward(x, pass) {
      const rescaled = (centred: Tensor, variance: Tensor): Tensor =>
        rescale("instanceNorm", centred, variance.add(epsilon).sqrt(), pass, options);
      if (track && !pass.training)
        return rescaled(
          x.sub(stat("instanceNorm", pass, "mean")),
          stat("instanceNorm", pass, "variance"),
        );
      const axes = x.shape.map((_, i) => i).slice(1, -1);
      const mean = x.mean(axes, true);
      const centred = x.sub(mean);
      const variance = centred.square().mean(axes, true);
      if (track) {
        const n = sizeOf(x.shape.slice(1, -1));
        checkUnbiased("instanceNorm", n, x);
        const over = (statistic: Tensor): Tensor => statistic.mean([0, ...axes]);
        follow("instanceNorm", pass, momentum, { mean: over(mean), variance: over(variance) }, n);
      }
      return rescaled(centred, variance);
    },
    toJSON: () => describe("instanceNorm", options),
  });
}
