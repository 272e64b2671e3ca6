import { input } from "../ops/leaf.js";
import type { Tensor } from "../tensor.js";
import { topological } from "../topological.js";
import { numberOf } from "./elementwise.js";
import { substituted } from "./substituted.js";

/** Graphs that depend on nothing but their placeholders and numbers. */
export interface Closed {
  readonly results: readonly Tensor[];
  /** More placeholders, one for each tensor from outside, and those tensors. */
  readonly constants: readonly Tensor[];
  readonly captured: readonly Tensor[];
}

/** The placeholders and all that is computed from them. */
export function dependents(
  results: readonly Tensor[],
  placeholders: readonly Tensor[],
): ReadonlySet<Tensor> {
  const found = new Set(placeholders);
  for (const node of topological(results, (x) => found.has(x)))
    if (node.inputs.some((x) => found.has(x))) found.add(node);
  return found;
}

/**
 * Makes the tensors that do not depend on the placeholders placeholders too: what a function was
 * not given but uses. Numbers stay, since engines compute with them without an array, and so do
 * broadcasts: the gradient of what is broadcast is a sum.
 */
export function closed(results: readonly Tensor[], placeholders: readonly Tensor[]): Closed {
  const inside = dependents(results, placeholders);
  const constants = new Map<Tensor, Tensor>();
  const capture = (x: Tensor): void => {
    if (inside.has(x) || constants.has(x) || numberOf(x) !== undefined) return;
    if (x.op.name === "broadcastTo") return capture(x.inputs[0]!);
    constants.set(x, input(`constant${constants.size}`, x));
  };
  for (const node of inside) node.inputs.forEach(capture);
  results.forEach(capture);
  return {
    results: substituted(results, constants),
    constants: [...constants.values()],
    captured: [...constants.keys()],
  };
}
