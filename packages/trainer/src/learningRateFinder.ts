import type { Layer, Schedule, Transform } from "@tenon/contracts";
import {
  badArgument,
  callable,
  isFiniteNumber,
  known,
  positive,
  shown,
  whole,
} from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { renamed } from "./internal/renamed.js";
import { fit, type FitOptions } from "./fit.js";
import { risingRates } from "./internal/risingRates.js";

export interface LearningRateFinderOptions extends Pick<
  FitOptions,
  "train" | "loss" | "penalties" | "batchSize" | "dropLast" | "seed" | "engine" | "signal"
> {
  /** Makes the optimizer: `(learningRate) => adam({ learningRate })`. */
  readonly optimizer: (learningRate: Schedule) => Transform;
  /** The first rate. @defaultValue 1e-7 */
  readonly from?: number;
  /** The last rate. @defaultValue 10 */
  readonly to?: number;
  /** How many steps it takes from one to the other. @defaultValue 100 */
  readonly steps?: number;
  /** β of the smoothed loss, in [0, 1). @defaultValue 0.98 */
  readonly smoothing?: number;
  /** It ends where the smoothed loss exceeds this multiple of the lowest. @defaultValue 4 */
  readonly stopAt?: number;
}

/** One step of the search. */
export interface LearningRatePoint {
  readonly rate: number;
  /** Of the step's batch, before its update. */
  readonly loss: number;
  /** The mean of the losses so far in which older ones count less. */
  readonly smoothed: number;
}

/** The curve of the loss against the rate. Plain data. */
export interface LearningRateCurve {
  readonly points: readonly LearningRatePoint[];
  /**
   * The rate at which the smoothed loss falls most steeply against the logarithm of the rate; null
   * where it never falls.
   */
  readonly suggestion: number | null;
  /** The rate at which the smoothed loss is lowest: too high to train with; null without steps. */
  readonly lowest: number | null;
  /** Why it ended: all rates were tried, the loss rose or was not finite, or it was aborted. */
  readonly reason: "done" | "diverged" | "nonFinite" | "aborted";
}

/**
 * Trains with a rate that rises exponentially from step to step, to find one to train with:
 * rateᵢ = from · (to / from)^(i / (steps − 1)).
 *
 * The loss is smoothed with bias correction, sᵢ = (β sᵢ₋₁ + (1 − β) lossᵢ), smoothedᵢ = sᵢ / (1 −
 * βⁱ⁺¹). The search ends where that is more than four times its lowest value so far. The suggestion
 * is the rate of the steepest descent between the first tenth of the steps, in which few losses are
 * averaged, and the lowest value. Begin with it, or with a third of it where the training is long.
 *
 * The model's initial values are drawn from the seed as in `fit`; what is trained is thrown away,
 * and nothing that the caller has is changed. The same options give the same curve.
 *
 * Smith (2015), Cyclical learning rates for training neural networks, section 3.3,
 * arXiv:1506.01186; the smoothing and the end are those of fastai's `lr_find`.
 *
 * @throws RangeError if an option makes no sense, or the optimizer does not use the rate
 */
export async function learningRateFinder(
  model: Layer<Tensor>,
  options: LearningRateFinderOptions,
): Promise<LearningRateCurve> {
  const {
    optimizer,
    from = 1e-7,
    to = 10,
    steps = 100,
    smoothing = 0.98,
    stopAt = 4,
    ...rest
  } = known(
    "learningRateFinder",
    options,
    "train loss optimizer from to steps smoothing stopAt batchSize penalties dropLast seed engine signal",
  );
  const rates = checkedRates(from, to, steps);
  callable("learningRateFinder", "optimizer", optimizer);
  if (!isFiniteNumber(smoothing) || smoothing < 0 || smoothing >= 1)
    throw badArgument("learningRateFinder", "smoothing in [0, 1)", shown(smoothing));
  if (!isFiniteNumber(stopAt) || stopAt <= 1)
    throw badArgument("learningRateFinder", "stopAt > 1", shown(stopAt));
  const points: LearningRatePoint[] = [];
  const curve = (reason: LearningRateCurve["reason"]): LearningRateCurve => ({
    points,
    suggestion: steepest(points, Math.floor(steps / 10)),
    lowest: points[lowestOf(points)]?.rate ?? null,
    reason,
  });
  let isRead = false;
  const transform = optimizer((step) => {
    isRead = true;
    return rates[Math.min(step, steps - 1)]!;
  });
  let [sum, weight, least] = [0, 0, Infinity];
  try {
    // Each epoch has at least one step.
    for await (const event of fit(model, { ...rest, optimizer: transform, epochs: steps })) {
      if (event.type === "nonFinite") return curve("nonFinite");
      if (event.type !== "step") continue;
      if (!isRead)
        throw badArgument(
          "learningRateFinder",
          "an optimizer that uses the rate, such as (learningRate) => adam({ learningRate })",
          "one that does not",
        );
      const { loss } = event;
      sum = smoothing * sum + (1 - smoothing) * loss;
      weight = smoothing * weight + (1 - smoothing);
      const smoothed = sum / weight;
      points.push({ rate: rates[points.length]!, loss, smoothed });
      least = Math.min(least, smoothed);
      // 4 · least where that is positive; a loss may be negative, too.
      if (smoothed > least + (stopAt - 1) * Math.abs(least)) return curve("diverged");
      if (points.length === steps) return curve("done");
    }
  } catch (error) {
    throw renamed("learningRateFinder", error as Error);
  }
  return curve("aborted");
}

function checkedRates(from: number, to: number, steps: number): readonly number[] {
  positive("learningRateFinder", "from", from);
  positive("learningRateFinder", "to", to);
  if (from >= to) throw badArgument("learningRateFinder", "from < to", `from ${from} and to ${to}`);
  whole("learningRateFinder", "steps", steps, 10);
  return risingRates(from, to, steps);
}

/** The index of the lowest smoothed loss; −1 without points. */
function lowestOf(points: readonly LearningRatePoint[]): number {
  return points.reduce(
    (best, { smoothed }, i) => (best < 0 || smoothed < points[best]!.smoothed ? i : best),
    -1,
  );
}

/**
 * The rate of the steepest descent between two indices: as rates rise by one factor, the slope
 * against their logarithm is in proportion to the difference of the neighbours.
 */
function steepest(points: readonly LearningRatePoint[], first: number): number | null {
  const last = lowestOf(points);
  let [best, found] = [0, null as number | null];
  for (let i = Math.max(first, 1); i < last; i++) {
    const slope = points[i + 1]!.smoothed - points[i - 1]!.smoothed;
    if (slope < best) [best, found] = [slope, points[i]!.rate];
  }
  return found;
}
