import type { NDArray, Elements } from "@tenon/contracts";
import type { Tensor } from "./tensor.js";

/** A tensor whose operation's own details are known. */
export type Node<A> = Tensor & { readonly attrs: A };

/**
 * A primitive operation: its name (by which engines find their kernel), its gradient in the same
 * operations, and the slow, obvious way to compute it. Everything else is composed of these.
 */
export interface Op<A = unknown> {
  readonly name: string;
  /** The gradient of each input, given the gradient of the output; `undefined` where none flows. */
  gradient(node: Node<A>, grad: Tensor): readonly (Tensor | undefined)[];
  /** Fills `out` (zeros at first, row-major) from the inputs' values. Sums are float64. */
  evaluate(node: Node<A>, inputs: readonly NDArray[], out: Elements): void;
}
