import type { Transform } from "@tenon/contracts";
import { callable, known } from "@tenon/guards";
import { perParameter } from "./internal/perParameter.js";

export interface CentralizeOptions {
  /**
   * The axes along which the mean is taken, of a gradient of this many axes. @defaultValue all but
   * the last: the weights of one unit
   */
  readonly axes?: (rank: number) => readonly number[];
}

/**
 * Subtracts the mean from gradients of two axes or more: g ← g − mean(g).
 *
 * The mean over the weights of each unit, the last axis here; optax takes it over all axes but the
 * first:
 * `{ axes: (rank) => [1, …, rank − 1] }`. Yong et al. (2020), Gradient centralization,
 * arXiv:2004.01461
 */
export function centralize(options: CentralizeOptions = {}): Transform {
  const {
    axes = (rank: number): readonly number[] => Array.from({ length: rank - 1 }, (_, i) => i),
  } = known("centralize", options, "axes");
  callable("centralize", "axes", axes);
  return perParameter("centralize", {}, {}, ({ g }) => {
    const rank = g.shape.length;
    if (rank < 2) return { g };
    const along = [...axes(rank)];
    const count = along.reduce(
      (product, axis) => product * g.shape[axis < 0 ? axis + rank : axis]!,
      1,
    );
    return { g: g.sub(g.sum(along, true).div(Math.max(1, count))) };
  });
}
