import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { epsilons, notNegative } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";
import { rootOf } from "./internal/rootOf.js";

export interface ScaleByAdagradOptions {
  /**
   * Keeps the quotient finite; added outside the root. With 0 an element without gradients stays.
   * @defaultValue 1e-10
   */
  readonly eps?: Schedule | number;
  /** Added inside the root. @defaultValue 0 */
  readonly epsRoot?: Schedule | number;
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
  return perParameter("scaleByAdagrad", { s: start }, { eps, epsRoot }, ({ g, s }, now) => {
    s = s.add(g.square());
    return { g: g.div(rootOf(s, now.eps, now.epsRoot)), s };
  });
}
