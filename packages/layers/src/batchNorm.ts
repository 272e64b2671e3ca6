import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { fromTheEnd, sizesAlong, toBroadcast } from "./internal/axes.js";
import { checkFlags, checkNotNegative, guarded, sizeOf, stat } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { affineParams, checkAffine, rescale, type AffineOptions } from "./internal/normalize.js";
import {
  checkMomentum,
  checkUnbiased,
  follow,
  runningStats,
  type StatisticsMomentum,
} from "./internal/running.js";

export interface BatchNormOptions extends AffineOptions {
  /**
   * The fraction of a running statistic that a step keeps, as in Keras; PyTorch's `momentum` is
   * what a step replaces, 1 minus this. `"cumulative"` averages all batches alike (PyTorch's
   * `None`). @defaultValue 0.99
   */
  readonly momentum?: StatisticsMomentum;
  /** Added to the variance; with 0, values that are all equal become 0 / 0. @defaultValue 1e-3 */
  readonly epsilon?: number;
  /**
   * Whether the running variance takes Σ(x − μ)² / (n − 1), as PyTorch has it, instead of / n. What
   * normalizes the batch is always / n. @defaultValue false
   */
  readonly unbiased?: boolean;
  /**
   * Whether to keep running statistics. Without them, each batch's own are used outside training
   * too. @defaultValue true
   */
  readonly track?: boolean;
  /** Which axis of an example holds the channels, counted from the end. @defaultValue -1 */
  readonly axis?: number;
}

/**
 * Gives each channel mean β and standard deviation γ over the batch: y = γ (x − μ) / √(σ² + ε) + β.
 *
 * μ and σ² are taken over all axes but that of the channels. While training they are the batch's,
 * and running ← m · running + (1 − m) · batch; otherwise they are the running ones. Parameters:
 * `gamma`, `beta` [channels]; statistics: `mean`, `variance` [channels] (and `count` for
 * `"cumulative"`). Defaults are those of Keras' `BatchNormalization`. For PyTorch's
 * `BatchNorm2d()`: `{ momentum: 0.9, epsilon: 1e-5, unbiased: true }`.
 *
 * Ioffe & Szegedy (2015), Batch normalization, algorithms 1 and 2. arXiv:1502.03167
 */
export function batchNorm(options: BatchNormOptions = {}): Layer<Tensor> {
  const {
    momentum = 0.99,
    epsilon = 1e-3,
    unbiased = false,
    track = true,
    axis = -1,
  } = known("batchNorm", options, "momentum epsilon unbiased track axis center scale");
  checkMomentum("batchNorm", momentum);
  checkNotNegative("batchNorm", "epsilon", epsilon);
  checkAffine("batchNorm", options);
  checkFlags("batchNorm", { unbiased, track });
  const channelAxes = fromTheEnd("batchNorm", axis);
  return guarded({
    type: "batchNorm",
    plan(input) {
      const channels = sizesAlong("batchNorm", channelAxes, input);
      return {
        output: input,
        params: affineParams(channels, options),
        stats: track ? runningStats(channels[0]!, momentum) : {},
      };
    },
    forward(x, pass) {
      const view = (p: Tensor): Tensor => toBroadcast(p, channelAxes, x);
      const rescaled = (centred: Tensor, variance: Tensor): Tensor =>
        rescale("batchNorm", centred, view(variance.add(epsilon).sqrt()), pass, options, view);
      if (!pass.training && track)
        return rescaled(
          x.sub(view(stat("batchNorm", pass, "mean"))),
          stat("batchNorm", pass, "variance"),
        );
      const axes = x.shape.map((_, i) => i).filter((i) => i !== x.shape.length + axis);
      const mean = x.mean(axes);
      const centred = x.sub(view(mean));
      const variance = centred.square().mean(axes);
      if (pass.training && track) {
        const n = sizeOf(axes.map((i) => x.shape[i]!));
        if (unbiased) checkUnbiased("batchNorm", n, x);
        follow("batchNorm", pass, momentum, { mean, variance }, unbiased ? n : undefined);
      }
      return rescaled(centred, variance);
    },
    toJSON: () => describe("batchNorm", options),
  });
}
