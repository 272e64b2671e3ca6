import { checkTensors } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";

const allFiniteOp: Op = {
  name: "allFinite",
  gradient: ({ inputs }) => inputs.map(() => undefined),
  evaluate(_, inputs, out) {
    out[0] = inputs.every(({ data }) => data.every(Number.isFinite)) ? 1 : 0;
  },
};

/**
 * Whether all values of some tensors are finite: an int32 scalar, 1 if so, else 0. No gradient
 * flows through it.
 *
 * A step whose whole state is `where(allFinite(…), after, before)` changes everything or nothing;
 * an engine may then check values while it writes them, and undo the step, instead of checking them
 * all before.
 */
export function allFinite(tensors: readonly Tensor[]): Tensor {
  checkTensors("allFinite", tensors);
  return makeNode(allFiniteOp, tensors, [], "int32");
}
