import { experiments, seedsOf, startValues } from "@tenon/experiments";
import type { Plan } from "../plan.js";

/** An experiment at a size that takes a second or two. */
export function tinyPlan(id: string, seeds = 2): Plan {
  const of = experiments.find((each) => each.id === id)!;
  const size = { train: 320, validation: 100, epochs: 2, batchSize: 32, seeds };
  return {
    ...{ of, sizeName: "quick", values: startValues(of), size, seeds: seedsOf(size) },
  };
}
