import type { Schedule, Transform } from "@tenon/contracts";
import { addDecayedWeights, type AddDecayedWeightsOptions } from "../addDecayedWeights.js";
import { scaleByLearningRate } from "../scaleByLearningRate.js";
import { rate } from "./guards.js";
import { preset } from "./preset.js";

/** What stands between a rule and its step, but for what is the rule's own. */
interface Decoupled extends AddDecayedWeightsOptions {
  readonly learningRate: Schedule | number;
  readonly weightDecay: Schedule | number;
}

/**
 * An optimizer of a rule, weight decay that the rule does not see, and a rate: w ← w − η(g + λw).
 */
export function decoupled(
  name: string,
  rule: () => Transform,
  { learningRate, weightDecay, only }: Decoupled,
): Transform {
  rate(name, "weightDecay", weightDecay);
  return preset(name, () => [
    rule(),
    addDecayedWeights(weightDecay, only !== undefined ? { only } : {}),
    scaleByLearningRate(learningRate),
  ]);
}
