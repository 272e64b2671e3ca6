import type { Arithmetic, Schedule, Transform } from "@tenon/contracts";
import { badArgument, isFiniteNumber, known, shown } from "@tenon/guards";
import { rate, whole } from "./internal/guards.js";
import { matrixProduct, needed } from "./internal/optional.js";
import { perParameter } from "./internal/perParameter.js";

export interface OrthogonalizeOptions {
  /** How many times to iterate. @defaultValue 5 */
  readonly steps?: number;
  /** The polynomial a x + b x³ + c x⁵ of singular values. @defaultValue [3.4445, -4.775, 2.0315] */
  readonly coefficients?: readonly [number, number, number];
  /** Added to the norm that a matrix is divided by first. @defaultValue 1e-7 */
  readonly eps?: Schedule | number;
}

/**
 * Makes all singular values of a matrix of updates nearly 1, between 0.7 and 1.2, and leaves its
 * singular vectors: each direction is learned equally fast.
 *
 * X = G / (‖G‖ + ε), then X ← aX + b(XXᵀ)X + c(XXᵀ)²X (Newton and Schulz). For parameters of two
 * axes; `masked` chooses them. Arrays need the methods `matmul` (or `matMul`) and `transpose`, as
 * Tenon's and TensorFlow.js' have. Throws a RangeError where a parameter is no matrix.
 *
 * Jordan et al. (2024), Muon. https://kellerjordan.github.io/posts/muon
 */
export function orthogonalize(options: OrthogonalizeOptions = {}): Transform {
  const {
    steps = 5,
    coefficients = [3.4445, -4.775, 2.0315],
    eps = 1e-7,
  } = known("orthogonalize", options, "steps coefficients eps");
  whole("orthogonalize", "steps", steps, 1);
  if (
    !Array.isArray(coefficients) ||
    coefficients.length !== 3 ||
    !coefficients.every(isFiniteNumber)
  )
    throw badArgument("orthogonalize", "coefficients as three numbers", shown(coefficients));
  rate("orthogonalize", "eps", eps);
  const [a, b, c] = coefficients as readonly [number, number, number];
  return perParameter("orthogonalize", {}, { eps }, ({ g }, now, path) => {
    const [rows, columns] = g.shape;
    if (rows === undefined || columns === undefined || g.shape.length !== 2)
      throw badArgument(
        "orthogonalize",
        "matrices",
        `[${g.shape.join(", ")}] of "${path}"`,
        "choose parameters with masked or partition",
      );
    let x = g.div(g.square().sum().sqrt().add(now.eps));
    for (let step = 0; step < steps; step++) x = iterated(x, rows <= columns);
    return { g: x };
  });

  /** One iteration; of the products XXᵀ and XᵀX the smaller one. */
  function iterated<T extends Arithmetic<T>>(x: T, isWide: boolean): T {
    const times = (left: T, right: T): T => matrixProduct("orthogonalize", left, right);
    const across = needed<T, "transpose">("orthogonalize", x, "transpose")();
    const square = isWide ? times(x, across) : times(across, x);
    const polynomial = square.mul(b).add(times(square, square).mul(c));
    return x.mul(a).add(isWide ? times(polynomial, x) : times(x, polynomial));
  }
}
