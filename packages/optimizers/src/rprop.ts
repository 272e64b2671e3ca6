import type { Schedule, Transform } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { decay, positive, positiveRate } from "./internal/guards.js";
import { mapped } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";

export interface RpropOptions {
  /**
   * The size of the first step; a number, since the sizes of later ones follow from it and from
   * the gradients. `max` bounds them by a function of the step. @defaultValue 0.01
   */
  readonly learningRate?: number;
  /** The factor of a step where the gradient changes its sign. @defaultValue 0.5 */
  readonly shrink?: Schedule | number;
  /** Its factor where the gradient keeps its sign. @defaultValue 1.2 */
  readonly grow?: Schedule | number;
  /** The smallest step. @defaultValue 1e-6 */
  readonly min?: Schedule | number;
  /** The largest step. @defaultValue 50 */
  readonly max?: Schedule | number;
}

/**
 * A step of its own for each element, which grows while the gradient keeps its sign and shrinks
 * where
 * it changes; for gradients of all data, not of batches.
 *
 * s ← s·grow or s·shrink, in [min, max];  w ← w − s sign(g); no step where the sign changed.
 *
 * Throws a RangeError unless 0 < shrink < 1 < grow and 0 < min ≤ max. Riedmiller & Braun (1993), A
 * direct adaptive method for faster backpropagation learning: the RPROP algorithm; without
 * backtracking, as in PyTorch.
 */
export function rprop(options: RpropOptions = {}): Transform {
  const {
    learningRate = 0.01,
    shrink = 0.5,
    grow = 1.2,
    min = 1e-6,
    max = 50,
  } = known("rprop", options, "learningRate shrink grow min max");
  positive("rprop", "learningRate", learningRate);
  positiveRate("rprop", "shrink", shrink);
  decay("rprop", "shrink", shrink, 0.5);
  positiveRate("rprop", "grow", grow);
  if (typeof grow === "number" && grow <= 1)
    throw badArgument("rprop", "grow > 1", shown(grow), "use 1.2");
  positiveRate("rprop", "min", min);
  positiveRate("rprop", "max", max);
  if (typeof max === "number" && typeof min === "number" && max < min)
    throw badArgument("rprop", `max ≥ min, ${min}`, shown(max));
  return perParameter(
    "rprop",
    { direction: 0, size: learningRate },
    { grown: mapped(grow, lessOne), shrunk: mapped(shrink, lessOne), min, max },
    ({ g, direction, size }, now) => {
      const agreement = g.sign().mul(direction);
      const isKept = agreement.maximum(0);
      const isChanged = agreement.neg().maximum(0);
      // Where there was no direction before, the step stays as it is, also out of bounds.
      const factor = isKept.mul(now.grown).add(isChanged.mul(now.shrunk)).add(1);
      const held = size.mul(factor).maximum(now.min).minimum(now.max);
      const isAny = agreement.abs();
      size = held.mul(isAny).add(size.mul(isAny.neg().add(1)));
      direction = g.sign().mul(isChanged.neg().add(1));
      return { g: direction.mul(size).neg(), direction, size };
    },
  );
}

const lessOne = (value: number): number => value - 1;
