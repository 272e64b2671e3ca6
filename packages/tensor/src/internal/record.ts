import type { DType, Shape } from "@tenon/contracts";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";
import { methods } from "./methods.js";

/** Writes down one more operation. */
export function record(
  op: Op,
  inputs: readonly Tensor[],
  shape: Shape,
  dtype: DType,
  attrs?: unknown,
): Tensor {
  return Object.assign(Object.create(methods) as object, {
    op,
    inputs,
    shape,
    dtype,
    attrs,
  }) as Tensor;
}
