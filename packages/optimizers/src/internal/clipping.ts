import type { Arithmetic } from "@tenon/contracts";
import { oneOf, positiveRate } from "./guards.js";
import type { Hyper } from "./hyper.js";
import type { Norm } from "./norms.js";
import { checkOrder } from "./orders.js";

/** What clipping does to a gradient whose norm exceeds the threshold θ. */
export interface ClipOptions {
  /**
   * - `"usual"`: scaled to the norm θ, g·θ / max(‖g‖, θ), as Keras and optax do;
   * - `"torch"`: g·min(1, θ / (‖g‖ + 10⁻⁶)), as PyTorch's `clip_grad_norm_` does: slightly below
   *   the norm θ;
   * - `"tutorial"`: scaled to the norm 1, g / ‖g‖.
   * @defaultValue "usual"
   */
  readonly form?: "usual" | "torch" | "tutorial";
  /**
   * Which norm: √Σg², Σ|g| (1), the largest |g| (Infinity), or another, ᵖ√Σ|g|ᵖ with p ≥ 1.
   * @defaultValue 2
   */
  readonly order?: number;
}

export function checkClip(
  name: string,
  threshold: Hyper,
  { form = "usual", order = 2 }: ClipOptions,
): void {
  positiveRate(name, "norm", threshold);
  oneOf(name, "form", form, ["usual", "torch", "tutorial"]);
  checkOrder(name, order);
}

/** The clipping of gradients of this norm. */
export function clipping<T extends Arithmetic<T>>(
  { scaled, scale, unscale }: Norm<T>,
  threshold: T | number,
  form: ClipOptions["form"] = "usual",
): (g: T) => T {
  // Gradients are scaled as their norm was: θ / ‖g‖ alone may be too small for float32.
  const by =
    (factor: T) =>
    (g: T): T =>
      g.mul(scale).mul(factor);
  if (form === "torch") return by(over(threshold, scaled.add(scale.mul(1e-6))).minimum(unscale));
  const length = scaled.maximum(minScaled);
  if (form === "usual") return by(over(threshold, length).minimum(unscale));
  // 1 beyond the threshold, 0 up to it. Of the two terms one is exact and the other is 0.
  const isPast = scaled.mul(unscale).sub(threshold).sign().maximum(0);
  return by(isPast.div(length).add(isPast.neg().add(1).mul(unscale)));
}

/** Smaller than any scaled norm but that of zeros, and not subnormal. */
const minScaled = 2 ** -126;

/** numerator / x for x > 0: `Arithmetic` divides only values, not numbers, by a value. */
function over<T extends Arithmetic<T>>(numerator: T | number, x: T): T {
  return x.sign().mul(numerator).div(x);
}
