import type { Schedule, Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { rate } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

/**
 * Makes a step downhill of a direction: g ← −η·g.
 *
 * Before `trace` the rate goes into the velocity (Keras, the tutorial), after it stays outside
 * (PyTorch, optax); that shows as soon as the rate changes. The rate may be a function of the step
 * (counted from 0). Throws a RangeError unless a number is finite and ≥ 0.
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
