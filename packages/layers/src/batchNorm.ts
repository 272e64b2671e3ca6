import type { Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import {
  checkBetween,
  checkFlags,
  checkNotNegative,
  guarded,
  show,
  sizeOf,
  stat,
} from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { affineParams, checkAffine, rescale, type AffineOptions } from "./internal/normalize.js";

export interface BatchNormOptions extends AffineOptions {
  /**
   * The fraction of a running statistic that a step keeps, as in Keras; PyTorch's `momentum` is
   * what a step replaces, 1 minus this. `"cumulative"` averages all batches alike (PyTorch's
   * `None`). @defaultValue 0.99
   */
  readonly momentum?: number | "cumulative";
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
}

/**
 * Gives each channel mean β and standard deviation γ over the batch: y = γ (x − μ) / √(σ² + ε) + β.
 *
 * μ and σ² are taken over all axes but the last. While training they are the batch's, and running ←
 * m · running + (1 − m) · batch; otherwise they are the running ones. Parameters: `gamma`, `beta`
 * [channels]; statistics: `mean`, `variance` [channels] (and `count` for `"cumulative"`). Defaults
 * are Keras'. For PyTorch's `BatchNorm2d()`: `{ momentum: 0.9, epsilon: 1e-5, unbiased: true }`.
 *
 * Ioffe & Szegedy (2015), Batch normalization, algorithms 1 and 2. arXiv:1502.03167
 */
export function batchNorm(options: BatchNormOptions = {}): Layer<Tensor> {
  const {
    momentum = 0.99,
    epsilon = 1e-3,
    unbiased = false,
    track = true,
  } = known("batchNorm", options, "momentum epsilon unbiased track center scale");
  if (momentum !== "cumulative") checkBetween("batchNorm", "momentum", momentum, 0, 1);
  checkNotNegative("batchNorm", "epsilon", epsilon);
  checkAffine("batchNorm", options);
  checkFlags("batchNorm", { unbiased, track });
  return guarded({
    type: "batchNorm",
    plan(input) {
      const channels = input[input.length - 1];
      if (channels === undefined)
        throw badArgument("batchNorm", "a last axis of channels", show(input));
      return {
        output: input,
        params: affineParams([channels], options),
        stats: track
          ? {
              mean: { shape: [channels], start: 0 },
              variance: { shape: [channels], start: 1 },
              ...(momentum === "cumulative" && { count: { shape: [], start: 0 } }),
            }
          : {},
      };
    },
    forward(x, pass) {
      if (!pass.training && track) {
        const centred = x.sub(stat("batchNorm", pass, "mean"));
        return rescale(
          "batchNorm",
          centred,
          stat("batchNorm", pass, "variance").add(epsilon).sqrt(),
          pass,
          options,
        );
      }
      const axes = x.shape.map((_, i) => i).slice(0, -1);
      const mean = x.mean(axes);
      const centred = x.sub(mean);
      const variance = centred.square().mean(axes);
      if (pass.training && track) {
        const n = sizeOf(x.shape.slice(0, -1));
        if (unbiased && n < 2)
          throw badArgument(
            "batchNorm",
            "at least 2 values per channel for an unbiased variance",
            show(x.shape),
            "drop a last batch of one (dropLast), or use another batch size",
          );
        const count =
          momentum === "cumulative" ? stat("batchNorm", pass, "count").add(1) : undefined;
        if (count) pass.setStat("count", count);
        const fresh = count ? count.reciprocal() : 1 - (momentum as number);
        const follow = (key: string, batch: Tensor): void => {
          const running = stat("batchNorm", pass, key);
          pass.setStat(key, running.add(batch.sub(running).mul(fresh)));
        };
        follow("mean", mean);
        follow("variance", unbiased ? variance.mul(n / (n - 1)) : variance);
      }
      return rescale("batchNorm", centred, variance.add(epsilon).sqrt(), pass, options);
    },
    toJSON: () => describe("batchNorm", options),
  });
}
