import type { Arithmetic, ByPath, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative, oneOf } from "./internal/guards.js";
import { mapPaths } from "./internal/mapPaths.js";
import { normOf, type Norm } from "./internal/norms.js";
import { stateless } from "./internal/stateless.js";

export interface NormalizedGradientOptions {
  /** The norm of all parameters' gradients together, or of each one's. @defaultValue "global" */
  readonly norm?: "global" | "tensor";
  /**
   * The smallest norm to divide by, so that a gradient of zeros gives no step. @defaultValue 1e-30
   */
  readonly eps?: number;
}

/**
 * Scales a gradient to norm 1: g ← g / max(‖g‖, ε).
 *
 * `chain(normalizedGradient(), scaleByLearningRate(η))` is the tutorial's w ← w − η·∇L / ‖∇L‖: each
 * step has the length η. Throws a RangeError unless ε is finite and not negative; with 0, too, a
 * gradient of zeros stays zero.
 */
export function normalizedGradient(options: NormalizedGradientOptions = {}): Transform {
  const { norm = "global", eps = 1e-30 } = known("normalizedGradient", options, "norm eps");
  oneOf("normalizedGradient", "norm", norm, ["global", "tensor"]);
  notNegative("normalizedGradient", "eps", eps);
  return stateless("normalizedGradient", <T extends Arithmetic<T>>(updates: ByPath<T>) => {
    const by =
      ({ scaled, scale }: Norm<T>) =>
      (g: T): T =>
        g.mul(scale).div(scaled.maximum(eps > 0 ? scale.mul(eps) : 2 ** -149));
    if (norm === "global") return mapPaths(updates, by(normOf(Object.values(updates))));
    return mapPaths(updates, (g) => by(normOf([g]))(g));
  });
}
