import type { Arithmetic } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { oneOf, positive } from "./guards.js";
import type { Norm } from "./norms.js";

/** What clipping makes of a gradient whose norm is past the threshold θ. */
export interface ClipOptions {
  /**
   * - `"usual"`: scaled to the norm θ, g·θ / max(‖g‖, θ), as Keras and optax do;
   * - `"torch"`: g·min(1, θ / (‖g‖ + 10⁻⁶)), as PyTorch's `clip_grad_norm_` does: a little shorter
   *   than θ;
   * - `"tutorial"`: scaled to the norm 1, g / ‖g‖.
   * @defaultValue "usual"
   */
  readonly form?: "usual" | "torch" | "tutorial";
  /** Which norm: √Σg² or Σ|g|. @defaultValue 2 */
  readonly order?: 1 | 2;
}

export function checkClip(
  name: string,
  threshold: number,
  { form = "usual", order = 2 }: ClipOptions,
): void {
  positive(name, "norm", threshold);
  oneOf(name, "form", form, ["usual", "torch", "tutorial"]);
  if (order !== 1 && order !== 2) throw badArgument(name, "order to be 1 or 2", String(order));
}

/** What becomes of gradients of this norm. */
export function clipping<T extends Arithmetic<T>>(
  { scaled, scale, back }: Norm<T>,
  threshold: number,
  form: ClipOptions["form"] = "usual",
): (g: T) => T {
  // Gradients are scaled as their norm was: θ / ‖g‖ alone may be too small for float32.
  const by =
    (factor: T) =>
    (g: T): T =>
      g.mul(scale).mul(factor);
  if (form === "torch") return by(over(threshold, scaled.add(scale.mul(1e-6))).minimum(back));
  const length = scaled.maximum(least);
  if (form === "usual") return by(over(threshold, length).minimum(back));
  // 1 past the threshold, 0 up to it. Each of the two terms is exact where it counts.
  const isPast = scaled.mul(back).sub(threshold).sign().maximum(0);
  return by(isPast.div(length).add(isPast.neg().add(1).mul(back)));
}

/** Less than any scaled norm but that of zeros, and no denormal. */
const least = 2 ** -126;

/** A number over x > 0, of which arithmetic has only x over a number. */
function over<T extends Arithmetic<T>>(numerator: number, x: T): T {
  return x.sign().mul(numerator).div(x);
}
