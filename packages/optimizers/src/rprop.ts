import type { Transform } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { decay, finite, positive } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

export interface RpropOptions {
  /** The size of the first step. @defaultValue 0.01 */
  readonly learningRate?: number;
  /** The factor of a step where the gradient changes its sign. @defaultValue 0.5 */
  readonly shrink?: number;
  /** Its factor where the gradient keeps its sign. @defaultValue 1.2 */
  readonly grow?: number;
  /** The smallest step. @defaultValue 1e-6 */
  readonly min?: number;
  /** The largest step. @defaultValue 50 */
  readonly max?: number;
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
  positive("rprop", "shrink", shrink);
  decay("rprop", "shrink", shrink, 0.5);
  finite("rprop", "grow", grow);
  if (grow <= 1) throw badArgument("rprop", "grow > 1", shown(grow), "use 1.2");
  positive("rprop", "min", min);
  finite("rprop", "max", max);
  if (max < min) throw badArgument("rprop", `max ≥ min, ${min}`, shown(max));
  return perParameter(
    "rprop",
    { direction: 0, size: learningRate },
    {},
    ({ g, direction, size }) => {
      const agreement = g.sign().mul(direction);
      const isKept = agreement.maximum(0);
      const isChanged = agreement.neg().maximum(0);
      // Where there was no direction before, the step stays as it is, also out of bounds.
      const factor = isKept
        .mul(grow - 1)
        .add(isChanged.mul(shrink - 1))
        .add(1);
      const held = size.mul(factor).maximum(min).minimum(max);
      const isAny = agreement.abs();
      size = held.mul(isAny).add(size.mul(isAny.neg().add(1)));
      direction = g.sign().mul(isChanged.neg().add(1));
      return { g: direction.mul(size).neg(), direction, size };
    },
  );
}
