import type { NDArray, Numbers } from "@tenon/contracts";
import type { Tensor } from "../tensor.js";
import { sizeOf } from "../shapes.js";

/** In which precision float32 tensors are computed; float64 is for checks. */
export type Precision = "float32" | "float64";

/** Inputs before what is made of them, each once; `known` ones are left out, and what only they are made of. Iterative: records may be very deep. */
export function topological(outputs: readonly Tensor[], known: (node: Tensor) => boolean = () => false): Tensor[] {
  const order: Tensor[] = [];
  const done = new Set<Tensor>(), open = new Set<Tensor>();
  const stack = [...outputs].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (done.has(node) || known(node)) { stack.pop(); continue; }
    if (open.has(node)) {
      stack.pop();
      open.delete(node);
      done.add(node);
      order.push(node);
      continue;
    }
    open.add(node);
    for (let i = node.inputs.length - 1; i >= 0; i--) if (!done.has(node.inputs[i]!)) stack.push(node.inputs[i]!);
  }
  return order;
}

/** Runs a record, one operation after the other. `known` holds what is not to be computed: fed placeholders. */
export function evaluate(outputs: readonly Tensor[], known: ReadonlyMap<Tensor, NDArray> = new Map(), precision: Precision = "float32"): NDArray[] {
  const values = new Map(known);
  for (const node of topological(outputs, (at) => values.has(at))) {
    const { shape, dtype } = node;
    const data: Numbers = allocate(dtype === "int32" ? "int32" : precision, sizeOf(shape));
    node.op.evaluate(node, node.inputs.map((from) => values.get(from)!), data);
    values.set(node, { shape, dtype, data });
  }
  return outputs.map((node) => values.get(node)!);
}

function allocate(kind: Precision | "int32", size: number): Numbers {
  return kind === "int32" ? new Int32Array(size) : kind === "float64" ? new Float64Array(size) : new Float32Array(size);
}
