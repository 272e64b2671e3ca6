import type { ByPath, Pass, StatSpec } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkBetween, show, stat } from "./check.js";

/**
 * The fraction of a running statistic that a step keeps, as in Keras; PyTorch's `momentum` is what
 * a step replaces, 1 minus this. `"cumulative"` averages all batches alike (PyTorch's `None`).
 */
export type StatisticsMomentum = number | "cumulative";

/** Throws unless it is in [0, 1), or "cumulative". */
export function checkMomentum(name: string, momentum: StatisticsMomentum): void {
  if (momentum !== "cumulative") checkBetween(name, "momentum", momentum, 0, 1);
}

/** The running mean and variance of each channel, and a count of batches where it is needed. */
export function runningStats(channels: number, momentum: StatisticsMomentum): ByPath<StatSpec> {
  return {
    mean: { shape: [channels], start: 0 },
    variance: { shape: [channels], start: 1 },
    ...(momentum === "cumulative" && { count: { shape: [], start: 0 } }),
  };
}

/**
 * running ← m · running + (1 − m) · batch, for mean and variance.
 *
 * @param n how many values the variance is of, to make it Σ(x − μ)² / (n − 1); undefined: it stays
 */
export function follow(
  name: string,
  pass: Pass<Tensor>,
  momentum: StatisticsMomentum,
  batch: { readonly mean: Tensor; readonly variance: Tensor },
  n: number | undefined,
): void {
  const count = momentum === "cumulative" ? stat(name, pass, "count").add(1) : undefined;
  if (count) pass.setStat("count", count);
  const fresh = count ? count.reciprocal() : 1 - (momentum as number);
  const update = (key: string, value: Tensor): void => {
    const running = stat(name, pass, key);
    pass.setStat(key, running.add(value.sub(running).mul(fresh)));
  };
  update("mean", batch.mean);
  update("variance", n === undefined ? batch.variance : batch.variance.mul(n / (n - 1)));
}

/** Throws unless an unbiased variance of n values exists. */
export function checkUnbiased(name: string, n: number, x: Tensor): void {
  if (n < 2)
    throw badArgument(
      name,
      "at least 2 values per channel for an unbiased variance",
      show(x.shape),
      "drop a last batch of one (dropLast), or use another batch size",
    );
}
