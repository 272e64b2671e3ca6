import type { Schedule, Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { rate } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

/**
 * Turns a direction into a step of descent: g ← −η·g.
 *
 * Before `trace` the rate is part of the velocity (Keras, the tutorial); after `trace` it is not
 * (PyTorch, optax). The two differ as soon as the rate changes. The rate may be a function of the
 * step (counted from 0). Throws a RangeError unless a number is finite and ≥ 0.
 */
export function scaleByLearningRate(learningRate: Schedule | number): Transform {
  noOptions("scaleByLearningRate", arguments[1]);
  rate("scaleByLearningRate", "learningRate", learningRate);
  return perParameter(
    "scaleByLearningRate",
    {},
    { rate: learningRate },
    ({ g }, { rate: eta }) => ({ g: g.mul(eta.neg()) }),
  );
}
