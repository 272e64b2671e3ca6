import type { Clock } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/** The loss of the step, a scalar. Throws where there is none. */
export function lossOf<T>(name: string, { loss }: Clock<T>): T {
  if (loss !== undefined) return loss;
  throw badArgument(
    name,
    "the loss of the step as `loss` of the clock",
    "none",
    "`fit` gives it, `onArrays` as step(gradients, loss); `accumulate` has none",
  );
}
