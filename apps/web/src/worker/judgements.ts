import { judgementsOf, type Experiment, type Judgement } from "@tenon/experiments";
import type { FinishedRun } from "@tenon/trainer";
import type { Subject } from "../protocol.js";

/** The judgement of each claim by the runs of the arms that there are. */
export function judged(
  of: Experiment,
  { values }: Subject,
  finished: readonly FinishedRun[],
): readonly Judgement[] {
  const arms = Object.keys(of.arms(values));
  try {
    return judgementsOf(
      of,
      values,
      finished.filter(({ arm }) => arms.includes(arm)),
    );
  } catch {
    return []; // a control has taken away an arm that a claim is about
  }
}
