import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { globalNorm } from "./globalNorm.js";
import { oneOf, positive } from "./internal/guards.js";
import { mapPaths } from "./internal/mapPaths.js";
import { normOf } from "./internal/norms.js";
import { stateless } from "./internal/stateless.js";

export interface NormalizedGradientOptions {
  /** The norm of all parameters' gradients together, or of each one's. @defaultValue "global" */
  readonly norm?: "global" | "tensor";
  /** A norm below this counts as this, so that no gradient gives no step. @defaultValue 1e-30 */
  readonly eps?: number;
}

/**
 * Keeps a gradient's direction and forgets its length: g ← g / max(‖g‖, ε).
 *
 * `chain(normalizedGradient(), scaleByLearningRate(η))` is the tutorial's w ← w − η·∇L / ‖∇L‖: each step has the length η.
 * Throws a RangeError unless ε is finite and above 0.
 */
export function normalizedGradient(options: NormalizedGradientOptions = {}): Transform {
  const { norm = "global", eps = 1e-30 } = known("normalizedGradient", options, "norm eps");
  oneOf("normalizedGradient", "norm", norm, ["global", "tensor"]);
  positive("normalizedGradient", "eps", eps);
  return stateless("normalizedGradient", (updates) => {
    const whole = norm === "global" ? globalNorm(updates).maximum(eps) : undefined;
    return mapPaths(updates, (g) => g.div(whole ?? normOf(g).maximum(eps)));
  });
}
