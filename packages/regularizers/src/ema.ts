import type { Schedule, Transform } from "@tenon/contracts";
import { badArgument, flag, known, power, shown } from "@tenon/guards";
import { averaging } from "./internal/averaging.js";
import { oneOf, whole } from "./internal/guards.js";

export interface EmaOptions {
  /** How much of the average is kept at each step, or at a step. @defaultValue 0.999 */
  readonly decay?: Schedule | number;
  /**
   * What the average begins with: the parameters after the first step (PyTorch, Keras), before it,
   * or zeros (optax).
   * @defaultValue "first"
   */
  readonly start?: "first" | "before" | "zero";
  /**
   * Weigh late parameters more while there are few, so that none has an extra weight: the start
   * then does not matter. optax' `debias`. @defaultValue false
   */
  readonly debias?: boolean;
  /**
   * Keep less while there are few steps: min(decay, t / (t + 9)) at step t, so that a long average
   * is soon of use. timm's and TensorFlow's warm-up. @defaultValue false
   */
  readonly warmup?: boolean;
  /**
   * After each such number of steps the parameters are set to the average, as with Keras'
   * `ema_overwrite_frequency`. @defaultValue never
   */
  readonly overwriteEvery?: number;
}

/**
 * Keeps an exponential moving average of the parameters: a ← d·a + (1 − d)·w, after each step.
 *
 * Last in the chain; `averageOf(slots)` is the average. With `debias`, a is Σ dᵗ⁻ⁱ wᵢ / Σ dᵗ⁻ⁱ.
 * Running statistics of a normalization are no parameters, and belong to the parameters they were
 * measured with. Throws a RangeError unless the decay is in [0, 1)
 * or a function of the step, which has no `debias`; a step throws where that gives another decay.
 *
 * Polyak & Juditsky (1992), Acceleration of stochastic approximation by averaging
 */
export function ema(options: EmaOptions = {}): Transform {
  const {
    decay = 0.999,
    start = "first",
    debias = false,
    warmup = false,
    overwriteEvery,
  } = known("ema", options, "decay start debias warmup overwriteEvery");
  if (typeof decay !== "function" && !isDecay(decay))
    throw badArgument("ema", "decay in [0, 1)", shown(decay), "use 0.999");
  flag("ema", "debias", debias);
  flag("ema", "warmup", warmup);
  if (debias && warmup)
    throw badArgument("ema", "debias or warmup", "both", "each weighs late parameters more");
  if (debias && typeof decay === "function")
    throw badArgument("ema", "decay as a number with debias", shown(decay), "leave out debias");
  oneOf("ema", "start", start, ["first", "before", "zero"]);
  if (overwriteEvery !== undefined) whole("ema", "overwriteEvery", overwriteEvery, 1);
  const at = typeof decay === "function" ? checkedDecay(decay) : (): number => decay;
  const weight = (n: number): number => 1 - power(at(0), n);
  const kept = (step: number): number => {
    if (debias) return (at(0) * weight(step)) / weight(step + 1);
    if (step === 0 && start === "first") return 0;
    return warmup ? Math.min(at(step), (step + 1) / (step + 10)) : at(step);
  };
  const taken = (step: number): number => {
    if (debias) return (1 - at(0)) / weight(step + 1);
    return 1 - kept(step);
  };
  return averaging("ema", {
    start: start === "before" ? "parameter" : 0,
    kept,
    taken,
    ...(overwriteEvery === undefined ? {} : { overwriteEvery }),
  });
}

const isDecay = (decay: unknown): boolean => typeof decay === "number" && decay >= 0 && decay < 1;

/** The decay at each step. Throws where it is not in [0, 1). */
function checkedDecay(decay: Schedule): Schedule {
  return (step) => {
    const now = decay(step);
    if (!isDecay(now))
      throw badArgument("ema", `decay in [0, 1) at step ${step}`, shown(now), "use 0.999");
    return now;
  };
}
