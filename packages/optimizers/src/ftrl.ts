import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative, rate } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

export interface FtrlOptions {
  /** A number or a function of the step, above 0. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
  /** What the sum of squared gradients begins with. @defaultValue 0.1 */
  readonly start?: number;
  /** Of the L1 penalty, which makes weights exactly 0. @defaultValue 0 */
  readonly l1?: number;
  /** Of the L2 penalty. @defaultValue 0 */
  readonly l2?: number;
  /** Of an L2 penalty that is part of the gradient. @defaultValue 0 */
  readonly shrinkage?: number;
  /** Added to the root, β. @defaultValue 0 */
  readonly beta?: number;
}

/**
 * Follow the regularized leader: the weights that would have been best for all gradients so far,
 * under L1 and L2; for sparse linear models.
 *
 * n ← n + g²,  z ← z + g − (√n − √n₀)/η·w,  w ← (clip(z, −λ₁, λ₁) − z) / ((√n + β)/η + 2λ₂)
 *
 * Throws a RangeError unless all are ≥ 0. McMahan et al. (2013), Ad click prediction: a view from
 * the trenches, algorithm 1; as in Keras, whose power of −0.5 it has.
 */
export function ftrl(options: FtrlOptions = {}): Transform {
  const {
    learningRate = 1e-3,
    start = 0.1,
    l1 = 0,
    l2 = 0,
    shrinkage = 0,
    beta = 0,
  } = known("ftrl", options, "learningRate start l1 l2 shrinkage beta");
  rate("ftrl", "learningRate", learningRate);
  for (const [name, value] of Object.entries({ start, l1, l2, shrinkage, beta }))
    notNegative("ftrl", name, value);
  return perParameter(
    "ftrl",
    { squares: start, linear: 0 },
    { rate: learningRate },
    ({ g, w, squares, linear }, { rate: eta }) => {
      const gradient = shrinkage > 0 ? g.add(w.mul(2 * shrinkage)) : g;
      const before = squares.sqrt();
      squares = squares.add(g.square());
      const root = squares.sqrt();
      linear = linear.add(gradient).sub(root.sub(before).div(eta).mul(w));
      const rest = linear.maximum(-l1).minimum(l1).sub(linear);
      const curvature = root
        .add(beta)
        .div(eta)
        .add(2 * l2);
      return { g: rest.div(curvature).sub(w), squares, linear };
    },
  );
}
