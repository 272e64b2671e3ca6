import type { Arithmetic, Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative, rate } from "./internal/guards.js";
import { madeOf, mapped, type Scalars } from "./internal/hyper.js";
import { needed } from "./internal/optional.js";
import { perParameter, type Values } from "./internal/perParameter.js";
import { isZero } from "./internal/rootOf.js";

export interface FtrlOptions {
  /** A number or a function of the step, above 0. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
  /** What the sum of squared gradients begins with. @defaultValue 0.1 */
  readonly start?: number;
  /** Of the L1 penalty, which makes weights exactly 0. @defaultValue 0 */
  readonly l1?: Schedule | number;
  /** Of the L2 penalty. @defaultValue 0 */
  readonly l2?: Schedule | number;
  /** Of an L2 penalty that is part of the gradient. @defaultValue 0 */
  readonly shrinkage?: Schedule | number;
  /** Added to the root, β. @defaultValue 0 */
  readonly beta?: Schedule | number;
  /**
   * The power of n in place of the root, in [0, 1]. A number, since z is a sum of differences of
   * such powers over all steps: with another one at each step they would not add up to a power.
   * @defaultValue 0.5
   */
  readonly power?: number;
}

/**
 * Follow the regularized leader: the weights that would have been best for all gradients so far,
 * under L1 and L2; for sparse linear models.
 *
 * n ← n + g²,  z ← z + g − (√n − √n₀)/η·w,  w ← (clip(z, −λ₁, λ₁) − z) / ((√n + β)/η + 2λ₂)
 *
 * Throws a RangeError unless all are ≥ 0. McMahan et al. (2013), Ad click prediction: a view from
 * the trenches, algorithm 1; Keras' `learning_rate_power` is −power. Another power than ½ needs
 * arrays with the method `pow`.
 */
export function ftrl(options: FtrlOptions = {}): Transform {
  const {
    learningRate = 1e-3,
    start = 0.1,
    l1 = 0,
    l2 = 0,
    shrinkage = 0,
    beta = 0,
    power = 0.5,
  } = known("ftrl", options, "learningRate start l1 l2 shrinkage beta power");
  for (const [name, value] of Object.entries({ learningRate, l1, l2, shrinkage, beta }))
    rate("ftrl", name, value);
  notNegative("ftrl", "start", start);
  notNegative("ftrl", "power", power);
  const hypers = {
    eta: madeOf([learningRate], (at) => at),
    high: l1,
    low: mapped(l1, (value) => -value),
    curved: mapped(l2, (value) => 2 * value),
    shrunk: mapped(shrinkage, (value) => 2 * value),
    beta,
  };
  return perParameter(
    "ftrl",
    { squares: start, linear: 0 },
    hypers,
    <T extends Arithmetic<T>>(
      { g, w, squares, linear }: Values<"squares" | "linear", T>,
      now: Scalars<typeof hypers, T>,
    ) => {
      const rootOf = (x: T): T =>
        power === 0.5 ? x.sqrt() : needed<T, "pow">("ftrl", x, "pow")(power);
      const gradient = isZero(shrinkage) ? g : g.add(w.mul(now.shrunk));
      const before = rootOf(squares);
      squares = squares.add(g.square());
      const root = rootOf(squares);
      linear = linear.add(gradient).sub(root.sub(before).div(now.eta).mul(w));
      const rest = linear.maximum(now.low).minimum(now.high).sub(linear);
      const curvature = root.add(now.beta).div(now.eta).add(now.curved);
      return { g: rest.div(curvature).sub(w), squares, linear };
    },
  );
}
