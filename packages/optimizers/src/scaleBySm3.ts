import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, positiveRate } from "./internal/guards.js";
import { mean } from "./internal/hyper.js";
import { needed } from "./internal/optional.js";
import { perParameter, type SlotStart } from "./internal/perParameter.js";

export interface ScaleBySm3Options {
  /** Decay of the mean of the scaled gradients. @defaultValue 0.9 */
  readonly momentum?: Schedule | number;
  /** Added inside the root. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
}

/** How many axes may have a slot of their own; those beyond share the last one. */
const most = 4;

/**
 * Divides each gradient by the root of a bound of the sum of its squares, of which only the maxima
 * along each axis are kept: the memory of an n × m matrix's slots is n + m.
 *
 * v = minₐ μₐ + g²,  μₐ ← the maxima of v over all axes but a,  m ← βm + (1 − β) g / √(v + ε),  g ←
 * m
 *
 * optax' `scale_by_sm3`. Arrays need the method `max`. Throws a RangeError unless β is in [0, 1)
 * and ε > 0. Anil et al. (2019), Memory-efficient adaptive optimization, SM3-II. arXiv:1901.11150
 */
export function scaleBySm3(options: ScaleBySm3Options = {}): Transform {
  const { momentum = 0.9, eps = 1e-8 } = known("scaleBySm3", options, "momentum eps");
  decay("scaleBySm3", "momentum", momentum, 0.9);
  positiveRate("scaleBySm3", "eps", eps);
  const along =
    (axis: number): SlotStart =>
    (shape) =>
      axis < axesOf(shape.length)
        ? { shape: shape.map((size, i) => (isKept(i, axis) ? size : 1)), start: 0 }
        : undefined;
  return perParameter(
    "scaleBySm3",
    { axis0: along(0), axis1: along(1), axis2: along(2), axis3: along(3), m: 0 },
    { momentum, eps },
    ({ g, m, axis0, axis1, axis2, axis3 }, now) => {
      const axes = [axis0, axis1, axis2, axis3].slice(0, axesOf(g.shape.length));
      const v = axes.reduce((a, b) => a.minimum(b)).add(g.square());
      const [first, ...rest] = axes.map((_, axis) => {
        const over = g.shape.map((_, i) => i).filter((i) => !isKept(i, axis));
        return over.length === 0 ? v : needed("scaleBySm3", v, "max")(over, true);
      });
      // No square so far: nothing to divide.
      const any = v.sign();
      const scaled = g.mul(any).div(v.add(now.eps).sqrt());
      m = mean(m, scaled, now.momentum);
      return { g: m, m, axis0: first!, axis1: rest[0]!, axis2: rest[1]!, axis3: rest[2]! };
    },
  );
}

/** A scalar has one slot, too. */
const axesOf = (rank: number): number => Math.min(Math.max(rank, 1), most);

/** Whether the maxima of a slot are along this axis. */
const isKept = (axis: number, slot: number): boolean =>
  axis === slot || (slot === most - 1 && axis > slot);
