import type { DType, Shape } from "@tenon/contracts";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";
import { methods } from "./methods.js";

/** A tensor: a node of the graph, with the methods of tensors. */
export function makeNode(
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
