import type { NDArray, Elements } from "@tenon/contracts";
import type { Precision } from "../reference.js";
import { sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { topological } from "../topological.js";

/**
 * Runs a graph, one operation after the other. `computed` holds the values that are not to be
 * computed: those of fed placeholders.
 */
export function evaluate(
  outputs: readonly Tensor[],
  computed: ReadonlyMap<Tensor, NDArray> = new Map(),
  precision: Precision = "float32",
): NDArray[] {
  const values = new Map(computed);
  for (const node of topological(outputs, (x) => values.has(x))) {
    const { shape, dtype } = node;
    const data: Elements = allocate(dtype === "int32" ? "int32" : precision, sizeOf(shape));
    node.op.evaluate(
      node,
      node.inputs.map((from) => values.get(from)!),
      data,
    );
    values.set(node, { shape, dtype, data });
  }
  return outputs.map((node) => values.get(node)!);
}

function allocate(kind: Precision | "int32", size: number): Elements {
  return kind === "int32"
    ? new Int32Array(size)
    : kind === "float64"
      ? new Float64Array(size)
      : new Float32Array(size);
}
