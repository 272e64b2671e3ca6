import type { ExperimentResults } from "@tenon/experiments/results";
import { runsOf, type Plan } from "./plan.js";

/**
 * The seconds that each plan would take on the machine of some results: in proportion to the
 * examples that are trained; those of an experiment without results at the mean pace of the others.
 */
export function expectedSeconds(
  plans: readonly Plan[],
  results: readonly Pick<ExperimentResults, "id" | "size" | "runs" | "provenance">[],
): readonly number[] {
  const paces = new Map(
    results.map(({ id, size, runs, provenance }) => [
      id,
      provenance.seconds / (runs.length * size.train * size.epochs),
    ]),
  );
  const mean = [...paces.values()].reduce((sum, pace) => sum + pace / paces.size, 0);
  return plans.map((plan) => {
    const { train, epochs } = plan.size;
    return (paces.get(plan.of.id) ?? mean) * runsOf(plan) * train * epochs;
  });
}
