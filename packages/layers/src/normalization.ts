import type { Layer } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import { tensor, type Tensor } from "@tenon/tensor";
import { show } from "./internal/check.js";
import { map } from "./internal/map.js";

/** One number for all values, or one for each channel. */
export type PerChannel = number | readonly number[];

/**
 * Mean 0 and standard deviation 1, by a mean and a variance that are known from the data: y = (x −
 * μ) / max(√σ², 10⁻⁷).
 *
 * Works on the last axis if they are lists. Neither is learned or follows the batches. Keras
 * `Normalization`, which finds them in `adapt`.
 *
 * @param mean μ
 * @param variance σ²; a constant column, whose variance is 0, becomes 0
 */
export function normalization(mean: PerChannel, variance: PerChannel): Layer<Tensor> {
  noOptions("normalization", arguments[2]);
  const means = listOf("mean", mean, -Infinity);
  const deviations = listOf("variance", variance, 0).map((v) => Math.max(Math.sqrt(v), 1e-7));
  if (means.length !== deviations.length && means.length !== 1 && deviations.length !== 1)
    throw badArgument(
      "normalization",
      `as many variances as means, ${means.length}`,
      deviations.length,
    );
  const channels = Math.max(means.length, deviations.length);
  return map(
    "normalization",
    [mean, variance],
    (x) => x.sub(tensor([...means])).div(tensor(deviations)),
    (input) => {
      if (channels > 1 && input[input.length - 1] !== channels)
        throw badArgument("normalization", `a last axis of ${channels} channels`, show(input));
    },
  );
}

function listOf(what: string, given: PerChannel, least: number): readonly number[] {
  const list: readonly unknown[] = Array.isArray(given) ? [...given] : [given];
  if (list.length === 0 || !list.every((x) => Number.isFinite(x) && (x as number) >= least))
    throw badArgument(
      "normalization",
      `${what} as finite numbers${least === 0 ? " ≥ 0" : ""}`,
      shown(given),
    );
  return list as readonly number[];
}
