import type { Init } from "@tenon/contracts";
import { badArgument, isFiniteNumber, known, shown } from "@tenon/guards";
import { integer, normal } from "@tenon/random";
import { notNegative } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface SparseOptions {
  /** The fraction of each input's weights that is 0, rounded up to whole weights. */
  readonly sparsity: number;
  /** Of the normal that the others come from. @defaultValue 0.01 */
  readonly std?: number;
}

/**
 * A matrix [in, out] in which each input is connected to a random part of the units: ⌈sparsity·out⌉
 * weights of each row are 0, the others N(0, std²).
 *
 * PyTorch's `sparse_`. Throws a RangeError unless 0 ≤ sparsity ≤ 1 and the shape has two axes.
 *
 * Martens (2010), Deep learning via Hessian-free optimization, section 5. ICML.
 */
export function sparse(options: SparseOptions): Init {
  const { sparsity, std = 0.01 } = known("sparse", options, "sparsity std");
  if (!isFiniteNumber(sparsity) || sparsity < 0 || sparsity > 1)
    throw badArgument("sparse", "sparsity in [0, 1]", shown(sparsity));
  notNegative("sparse", "std", std);
  return initializer({ type: "sparse", sparsity, std }, (values, shape, rng) => {
    if (shape.length !== 2)
      throw badArgument("sparse", "a shape [in, out]", `[${shape.join(", ")}]`);
    const [rows, columns] = shape;
    const zeros = Math.ceil(sparsity * columns);
    const order = new Uint32Array(columns);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < columns; i++) {
        values[row * columns + i] = normal(rng, 0, std);
        order[i] = i;
      }
      // The beginning of a Fisher–Yates shuffle is a fair choice without repetition.
      for (let i = 0; i < zeros; i++) {
        const j = integer(rng, i, columns);
        const chosen = order[j];
        order[j] = order[i];
        values[row * columns + chosen] = 0;
      }
    }
  });
}
