import type { Schedule, Transform } from "@tenon/contracts";
import { known, towards } from "@tenon/guards";
import { decay, positiveRate, rate } from "./internal/guards.js";
import { madeOf, mapped } from "./internal/hyper.js";
import { needed } from "./internal/optional.js";
import { perParameter } from "./internal/perParameter.js";

export interface MadgradOptions {
  /** A number or a function of the step. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
  /** The fraction of the parameters that remains in a step, in [0, 1). @defaultValue 0.9 */
  readonly momentum?: Schedule | number;
  /** Keeps the quotient finite. @defaultValue 1e-6 */
  readonly eps?: Schedule | number;
}

/**
 * Adagrad by dual averaging, with the cube root of the squares' sum, and with momentum: steps from
 * where training began, along the sum of all gradients.
 *
 * λ = (η + ε) √t,  s ← s + λg,  v ← v + λg²,  z = w₀ − s / (∛v + ε),  w ← μw + (1 − μ)z
 *
 * optax' `contrib.madgrad`. Arrays need the method `pow`. Throws a RangeError unless μ is in [0, 1)
 * and ε > 0. Defazio & Jelassi (2021), Adaptivity without compromise. arXiv:2101.11075
 */
export function madgrad(options: MadgradOptions = {}): Transform {
  const {
    learningRate = 0.01,
    momentum = 0.9,
    eps = 1e-6,
  } = known("madgrad", options, "learningRate momentum eps");
  rate("madgrad", "learningRate", learningRate);
  decay("madgrad", "momentum", momentum, 0.9);
  positiveRate("madgrad", "eps", eps);
  return perParameter(
    "madgrad",
    { sum: 0, squares: 0, start: "parameter" },
    {
      lambda: madeOf(
        [learningRate, eps],
        (at, epsAt) => (step) => Math.sqrt(step + 1) * (at(step) + epsAt(step)),
      ),
      eps,
      kept: momentum,
      taken: mapped(momentum, (value) => 1 - value),
    },
    ({ g, w, sum, squares, start }, { lambda, ...now }) => {
      sum = sum.add(g.mul(lambda));
      squares = squares.add(g.square().mul(lambda));
      const root = needed("madgrad", squares, "pow")(1 / 3).add(now.eps);
      const z = start.sub(sum.div(root));
      return {
        g: towards(w, w.mul(now.kept).add(z.mul(now.taken))),
        sum,
        squares,
        start,
      };
    },
  );
}
