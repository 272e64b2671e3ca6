import type { Schedule, Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { descent } from "./internal/descent.js";

/**
 * Turns a direction into a step of descent: g ← −η·g.
 *
 * Before `trace` the rate is part of the velocity (Keras, the tutorial); after `trace` it is not
 * (PyTorch, optax). The two differ as soon as the rate changes. The rate may be a function of the
 * step (counted from 0). Throws a RangeError unless a number is finite and ≥ 0.
 */
export function scaleByLearningRate(learningRate: Schedule | number): Transform {
  noOptions("scaleByLearningRate", arguments[1]);
  return descent("scaleByLearningRate", learningRate);
}
