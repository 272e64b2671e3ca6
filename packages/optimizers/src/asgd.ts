import type { Schedule, Transform } from "@tenon/contracts";
import { known, moved, towards } from "@tenon/guards";
import { notNegative, rate } from "./internal/guards.js";
import { madeOf } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { realPower } from "./internal/realPower.js";

export interface AsgdOptions {
  /** The rate of the first step. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
  /** How much parameters decay, and how fast the rate does. @defaultValue 1e-4 */
  readonly lambda?: Schedule | number;
  /** The power of the rate's decay. @defaultValue 0.75 */
  readonly alpha?: Schedule | number;
  /** After which step parameters are averaged. @defaultValue 1e6 */
  readonly start?: number;
}

/**
 * Gradient descent with a slowly falling rate, and the average of the parameters along the way.
 *
 * w ← (1 − ληₜ)w − ηₜg,  a ← a + (w − a) / max(1, t − start), from t = 0, with ηₜ = η / (1 +
 * ληt)^α; `averageOf(slots)` of regularizers gives a, which is to be used after training. PyTorch:
 * `ASGD`. Throws a RangeError unless all are finite and ≥ 0.
 *
 * Polyak & Juditsky (1992), Acceleration of stochastic approximation by averaging.
 * doi:10.1137/0330046
 */
export function asgd(options: AsgdOptions = {}): Transform {
  const {
    learningRate = 0.01,
    lambda = 1e-4,
    alpha = 0.75,
    start = 1e6,
  } = known("asgd", options, "learningRate lambda alpha start");
  for (const [name, value] of Object.entries({ learningRate, lambda, alpha }))
    rate("asgd", name, value);
  notNegative("asgd", "start", start);
  const eta = madeOf(
    [learningRate, lambda, alpha],
    (at, lambdaAt, alphaAt) => (step) =>
      at(step) / realPower(1 + lambdaAt(step) * at(step) * step, alphaAt(step)),
  );
  return perParameter(
    "asgd",
    { average: 0 },
    {
      eta,
      kept: madeOf([lambda, eta], (at, etaAt) => (step) => 1 - at(step) * etaAt(step)),
      taken: (step) => 1 / Math.max(1, step - start),
    },
    ({ g, w, average }, { eta, kept, taken }) => {
      const update = towards(w, w.mul(kept).sub(g.mul(eta)));
      const after = moved(w, update);
      return { g: update, average: average.mul(taken.neg().add(1)).add(after.mul(taken)) };
    },
  );
}
