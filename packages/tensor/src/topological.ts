import type { Tensor } from "./tensor.js";

/**
 * All nodes that some tensors depend on, inputs before their consumers, each once. Iterative:
 * graphs may be very deep.
 *
 * @param isComputed nodes that are left out, with nodes that only they depend on
 */
export function topological(
  outputs: readonly Tensor[],
  isComputed: (node: Tensor) => boolean = () => false,
): Tensor[] {
  const order: Tensor[] = [];
  const done = new Set<Tensor>();
  const open = new Set<Tensor>();
  const stack = [...outputs].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (done.has(node) || isComputed(node)) {
      stack.pop();
      continue;
    }
    if (open.has(node)) {
      stack.pop();
      open.delete(node);
      done.add(node);
      order.push(node);
      continue;
    }
    open.add(node);
    for (let i = node.inputs.length - 1; i >= 0; i--)
      if (!done.has(node.inputs[i]!)) stack.push(node.inputs[i]!);
  }
  return order;
}
