import type { Tensor } from "../tensor.js";
import { topological } from "../topological.js";

/**
 * Reverse accumulation: from the gradients of some tensors (`seeds`) those of tensors that they are
 * computed from. A target that none of them depends on has no entry in the result.
 */
export function pullBack(
  seeds: ReadonlyMap<Tensor, Tensor>,
  targets: ReadonlySet<Tensor>,
): ReadonlyMap<Tensor, Tensor> {
  const order = topological([...seeds.keys()]);
  // Only nodes between the targets and the seeds need a gradient.
  const needed = new Set<Tensor>();
  for (const node of order)
    if (targets.has(node) || node.inputs.some((x) => needed.has(x))) needed.add(node);

  const grads = new Map(seeds);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const grad = grads.get(node);
    if (!grad || !needed.has(node)) continue;
    const parts = node.op.gradient(node, grad);
    node.inputs.forEach((x, k) => {
      const part = parts[k];
      if (!part || !needed.has(x) || x.dtype !== "float32") return;
      const sum = grads.get(x);
      grads.set(x, sum ? sum.add(part) : part);
    });
  }
  return grads;
}
