import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { withEpsilon } from "./internal/withEpsilon.js";
import { epsilons, notNegative } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByAdagradOptions {
  /**
   * Keeps the quotient finite; added outside the root. With 0 an element without gradients stays.
   * @defaultValue 1e-10
   */
  readonly eps?: number;
  /** Added inside the root. @defaultValue 0 */
  readonly epsRoot?: number;
  /** The sum of squares before the first step. @defaultValue 0 */
  readonly start?: number;
}

/**
 * Divides each gradient by the root of the sum of its squares so far: elements with large gradients
 * get smaller steps.
 *
 * s ← s + g²,  g ← g / (√(s + ε_root) + ε)
 *
 * Throws a RangeError unless start ≥ 0 and eps and epsRoot are not negative.
 * Duchi, Hazan & Singer (2011), Adaptive subgradient methods, JMLR 12.
 */
export function scaleByAdagrad(options: ScaleByAdagradOptions = {}): Transform {
  const {
    eps = 1e-10,
    epsRoot = 0,
    start = 0,
  } = known("scaleByAdagrad", options, "eps epsRoot start");
  epsilons("scaleByAdagrad", eps, epsRoot);
  notNegative("scaleByAdagrad", "start", start);
  return perParameter("scaleByAdagrad", { s: start }, {}, ({ g, s }) => {
    s = s.add(g.square());
    const root = (epsRoot > 0 ? s.add(epsRoot) : s).sqrt();
    return { g: g.div(withEpsilon(root, eps, epsRoot)), s };
  });
}
