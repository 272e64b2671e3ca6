import type { Clock } from "@tenon/contracts";
import { checkTensor } from "./internal/guards.js";
import { schedule } from "./ops/schedule.js";
import type { Tensor } from "./tensor.js";

/**
 * The step context of an optimizer in a traced step whose number is `step` (an int32 scalar,
 * counted from 0).
 *
 * @param seed an int32 scalar, for transforms that draw random values
 */
export function clock(step: Tensor, seed?: Tensor): Clock<Tensor> {
  checkTensor("clock", step, "the step as an int32 scalar");
  if (seed !== undefined) checkTensor("clock", seed, "the seed as an int32 scalar");
  return {
    value: (rate) => schedule(typeof rate === "number" ? () => rate : rate, step),
    ...(seed && { random: { seed, step } }),
  };
}
