import type { Arithmetic, ByPath, Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { oneOf, rate } from "./internal/guards.js";
import { mapPaths } from "./internal/mapPaths.js";
import { normOf, type Norm } from "./internal/norms.js";
import { isZero } from "./internal/rootOf.js";
import { stateless } from "./internal/stateless.js";

export interface NormalizedGradientOptions {
  /** The norm of all parameters' gradients together, or of each one's. @defaultValue "global" */
  readonly norm?: "global" | "tensor";
  /**
   * The smallest norm to divide by, so that a gradient of zeros gives no step. @defaultValue 1e-30
   */
  readonly eps?: Schedule | number;
  /**
   * Whether ε is added to the norm, as in optax' `normalize_by_update_norm`. @defaultValue false
   */
  readonly epsOutside?: boolean;
}

/**
 * Scales a gradient to norm 1: g ← g / max(‖g‖, ε).
 *
 * `chain(normalizedGradient(), scaleByLearningRate(η))` is the tutorial's w ← w − η·∇L / ‖∇L‖: each
 * step has the length η. Throws a RangeError unless ε is finite and not negative; with 0, too, a
 * gradient of zeros stays zero.
 */
export function normalizedGradient(options: NormalizedGradientOptions = {}): Transform {
  const {
    norm = "global",
    eps = 1e-30,
    epsOutside = false,
  } = known("normalizedGradient", options, "norm eps epsOutside");
  flag("normalizedGradient", "epsOutside", epsOutside);
  oneOf("normalizedGradient", "norm", norm, ["global", "tensor"]);
  rate("normalizedGradient", "eps", eps);
  return stateless(
    "normalizedGradient",
    { eps },
    <T extends Arithmetic<T>>(updates: ByPath<T>, now: { readonly eps: T | number }) => {
      const least = ({ scale }: Norm<T>): T | number =>
        isZero(eps) ? 2 ** -149 : scale.mul(now.eps);
      const by = (length: Norm<T>): ((g: T) => T) => {
        const { scaled, scale } = length;
        const size =
          epsOutside && !isZero(eps) ? scaled.add(least(length)) : scaled.maximum(least(length));
        return (g) => g.mul(scale).div(size);
      };
      if (norm === "global") return mapPaths(updates, by(normOf(Object.values(updates))));
      return mapPaths(updates, (g) => by(normOf([g]))(g));
    },
  );
}
