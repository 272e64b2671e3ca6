import type { Arithmetic, Schedule, Transform } from "@tenon/contracts";
import { callable, known } from "@tenon/guards";
import { positiveRate } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

export interface AdaptiveClipOptions {
  /**
   * The least norm that a unit's weights count with, so that zeros can be learned. @defaultValue
   * 1e-3
   */
  readonly eps?: Schedule | number;
  /**
   * The axes of the weights of one unit, of a parameter of this many axes. @defaultValue all but
   * the last; of up to one axis all
   */
  readonly axes?: (rank: number) => readonly number[];
}

/**
 * Scales a unit's gradient down if its norm exceeds a fraction of the norm of the unit's weights:
 * g ←
 * g·c max(‖w‖, ε) / ‖g‖ where that is less than g.
 *
 * Throws a RangeError unless both are above 0. Brock et al. (2021), High-performance large-scale
 * image recognition without normalization, eq. 3. arXiv:2102.06171
 */
export function adaptiveClip(
  clipping: Schedule | number,
  options: AdaptiveClipOptions = {},
): Transform {
  const {
    eps = 1e-3,
    axes = (rank: number): readonly number[] =>
      Array.from({ length: Math.max(rank - 1, Math.min(rank, 1)) }, (_, i) => i),
  } = known("adaptiveClip", options, "eps axes");
  positiveRate("adaptiveClip", "clipping", clipping);
  positiveRate("adaptiveClip", "eps", eps);
  callable("adaptiveClip", "axes", axes);
  return perParameter("adaptiveClip", {}, { clipping, eps }, ({ g, w }, now) => {
    const along = [...axes(g.shape.length)];
    const norm = <T extends Arithmetic<T>>(x: T): T => x.square().sum(along, true).sqrt();
    const most = norm(w).maximum(now.eps).mul(now.clipping);
    const length = norm(g).maximum(1e-6);
    return { g: g.mul(most.div(length).minimum(1)) };
  });
}
