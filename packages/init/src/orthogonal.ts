import type { Init } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { normal } from "@tenon/random";
import { finite } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface OrthogonalOptions {
  /** The length of each vector. @defaultValue 1 */
  readonly gain?: number;
}

/**
 * A random matrix whose rows, or columns if these are fewer, are orthogonal and of length `gain`:
 * it keeps lengths and angles. Keras `Orthogonal`, PyTorch `orthogonal_`.
 *
 * A kernel [...window, in, out] counts as the matrix [∏window·in, out]. Normal variables are made
 * orthogonal by Gram–Schmidt in float64, each vector twice, which is exact to rounding (Giraud,
 * Langou & Rozložník, 2005) and gives every orthogonal matrix the same chance (Mezzadri, 2007).
 * Throws a RangeError for fewer than two axes.
 *
 * Saxe, McClelland & Ganguli (2014), Exact solutions to the nonlinear dynamics of learning in deep
 * linear neural networks. arXiv:1312.6120
 */
export function orthogonal(options: OrthogonalOptions = {}): Init {
  const { gain = 1 } = known("orthogonal", options, "gain");
  finite("orthogonal", "gain", gain);
  return initializer({ type: "orthogonal", gain }, (values, shape, rng) => {
    if (shape.length < 2)
      throw badArgument("orthogonal", "a shape of two axes or more", `[${shape.join(", ")}]`);
    const columns = shape[shape.length - 1];
    if (values.length === 0) return;
    const rows = values.length / columns;
    const count = Math.min(rows, columns);
    const length = Math.max(rows, columns);
    const q = new Float64Array(count * length); // one vector after the other
    for (let i = 0; i < q.length; i++) q[i] = normal(rng);
    for (let k = 0; k < count; k++) {
      const vector = q.subarray(k * length, (k + 1) * length);
      const before = norm(vector);
      for (let pass = 0; pass < 2; pass++) {
        for (let j = 0; j < k; j++)
          subtractProjection(vector, q.subarray(j * length, (j + 1) * length));
      }
      const after = norm(vector);
      if (!(after > 1e-12 * before))
        throw badArgument(
          "orthogonal",
          "a source of independent values",
          "one whose values repeat",
          "use random(seed)",
        );
      for (let i = 0; i < length; i++) vector[i] /= after;
    }
    for (let k = 0; k < count; k++) {
      for (let i = 0; i < length; i++)
        values[rows >= columns ? i * columns + k : k * columns + i] = gain * q[k * length + i];
    }
  });
}

function norm(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return Math.sqrt(sum);
}

/** Subtracts the vector's projection on a direction of length 1. */
function subtractProjection(vector: Float64Array, direction: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < vector.length; i++) dot += vector[i] * direction[i];
  for (let i = 0; i < vector.length; i++) vector[i] -= dot * direction[i];
}
