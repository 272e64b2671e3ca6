import type { DType } from "@tenon/contracts";
import { copied, eachElement } from "../internal/eachElement.js";
import { checkDType, checkTensor } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";

const castOp: Op = {
  name: "cast",
  // Integers carry no gradient, so only float32 to float32 could, and that is never traced.
  gradient: () => [],
  evaluate: copied,
};

/** The same values as another kind. float32 to int32 truncates towards zero and saturates. */
export function cast(x: Tensor, dtype: DType): Tensor {
  checkTensor("cast", x);
  checkDType("cast", dtype);
  return x.dtype === dtype
    ? x
    : makeNode(dtype === "int32" ? truncate : castOp, [x], x.shape, dtype);
}

const truncate: Op = {
  name: "cast",
  gradient: () => [],
  evaluate: (_, inputs, out) =>
    eachElement(inputs, out, (x) =>
      Math.min(2147483647, Math.max(-2147483648, Math.trunc(x || 0))),
    ),
};

const detachOp: Op = {
  name: "detach",
  gradient: () => [],
  evaluate: copied,
};

/** The same values, through which no gradient flows. */
export function detach(x: Tensor): Tensor {
  checkTensor("detach", x);
  return makeNode(detachOp, [x], x.shape, x.dtype);
}
