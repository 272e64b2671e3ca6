import type { Schedule } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { show } from "../shapes.js";
import { checkTensor } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";

export interface ScheduleAttrs {
  readonly of: Schedule;
}

const scheduleOp: Op<ScheduleAttrs> = {
  name: "schedule",
  gradient: () => [],
  evaluate: (node, [step], out) => {
    out[0] = node.attrs.of(step!.data[0]!);
  },
};

/**
 * A scalar that a pure function computes from the step: JavaScript computes it before each compiled
 * step, so that a rate is never a constant of the compiled code.
 */
export function schedule(of: Schedule, step: Tensor): Tensor {
  if (typeof of !== "function") throw badArgument("schedule", "a function of the step", shown(of));
  checkTensor("schedule", step, "the step as a scalar tensor");
  if (step.shape.length > 0)
    throw badArgument("schedule", "the step as a scalar", show(step.shape));
  return makeNode(scheduleOp, [step], [], "float32", { of } satisfies ScheduleAttrs);
}
