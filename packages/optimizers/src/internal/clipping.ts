import type { Arithmetic } from "@tenon/contracts";
import { oneOf, positive } from "./guards.js";

/** What clipping makes of a gradient whose norm is past the threshold θ. */
export interface ClipOptions {
  /**
   * - `"usual"`: scaled to the norm θ, g·θ / max(‖g‖, θ), as Keras and optax do;
   * - `"torch"`: g·min(1, θ / (‖g‖ + 10⁻⁶)), as PyTorch's `clip_grad_norm_` does: a little shorter than θ;
   * - `"tutorial"`: scaled to the norm 1, g / ‖g‖.
   * @defaultValue "usual"
   */
  readonly form?: "usual" | "torch" | "tutorial";
  /** Which norm: √Σg² or Σ|g|. @defaultValue 2 */
  readonly order?: 1 | 2;
}

export function checkClip(name: string, threshold: number, { form = "usual", order = 2 }: ClipOptions): void {
  positive(name, "norm", threshold);
  oneOf(name, "form", form, ["usual", "torch", "tutorial"]);
  if (order !== 1 && order !== 2) throw new RangeError(`${name}: expected order to be 1 or 2, got ${String(order)}`);
}

/** What a gradient of this norm is to be multiplied by. */
export function clipFactor<T extends Arithmetic<T>>(norm: T, threshold: number, form: ClipOptions["form"] = "usual"): T {
  if (form === "torch") return over(threshold, norm.add(1e-6)).minimum(1);
  const past = norm.maximum(threshold);
  if (form === "usual") return over(threshold, past);
  // 1 past the threshold, 0 up to it. Each of the two terms is exact where it counts.
  const isPast = norm.sub(threshold).sign().maximum(0);
  return isPast.div(past).add(isPast.neg().add(1));
}

/** A number over x > 0, of which arithmetic has only x over a number. */
function over<T extends Arithmetic<T>>(numerator: number, x: T): T {
  return x.sign().mul(numerator).div(x);
}
