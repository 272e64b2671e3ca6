import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { decay, finite } from "./internal/guards.js";
import { madeOf } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { isZero } from "./internal/rootOf.js";

export interface TraceOptions {
  /**
   * The fraction of the velocity that remains in a step: the momentum μ, a number or a function of
   * the step. @defaultValue 0.9
   */
  readonly decay?: Schedule | number;
  /** The fraction of each gradient but the first that is left out. @defaultValue 0 */
  readonly dampening?: Schedule | number;
  /** Use the velocity one step ahead (Nesterov). @defaultValue false */
  readonly nesterov?: boolean;
}

/**
 * Momentum: adds gradients up in a velocity (the transform; `momentum` is the whole optimizer).
 *
 * v ← μv + (1 − dampening)·g (the first is g itself, as in PyTorch),  g ← v, or g + μv with
 * `nesterov`
 *
 * Before `scaleByLearningRate` it is the usual form, w ← w − ηv. After it, the velocity consists of
 * steps, v ← μv − ηg and w ← w + v: the tutorial's form and Keras'. They differ as soon as η
 * changes.
 *
 * Polyak (1964), Some methods of speeding up the convergence of iteration methods. Sutskever et al.
 * (2013), section 2.
 */
export function trace(options: TraceOptions = {}): Transform {
  const {
    decay: mu = 0.9,
    dampening = 0,
    nesterov = false,
  } = known("trace", options, "decay dampening nesterov");
  decay("trace", "decay", mu, 0.9);
  if (typeof dampening !== "function") finite("trace", "dampening", dampening);
  flag("trace", "nesterov", nesterov);
  return perParameter(
    "trace",
    { v: 0 },
    { fresh: madeOf([dampening], (at) => (step) => (step === 0 ? 1 : 1 - at(step))), kept: mu },
    ({ g, v }, { fresh, kept }) => {
      v = v.mul(kept).add(isZero(dampening) ? g : g.mul(fresh));
      return { g: nesterov ? g.add(v.mul(kept)) : v, v };
    },
  );
}
