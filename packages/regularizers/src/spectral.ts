import type { Arithmetic, Penalty } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative, whole } from "./internal/guards.js";
import { matrices, matrixMethods } from "./internal/matrices.js";
import type { OnlyOptions } from "./internal/only.js";
import { penalty } from "./internal/penalty.js";

export interface SpectralOptions extends OnlyOptions {
  /** How often to multiply by WᵀW to find the direction; more are nearer. @defaultValue 8 */
  readonly iterations?: number;
}

/**
 * Punishes the square of a matrix' largest singular value, by which it can stretch a vector at
 * most: ½λ·σ(W)², for functions that do not change much where their input does not.
 *
 * σ = ‖Wv‖ / ‖v‖, with v after some iterations of v ← WᵀWv from the norms of the columns. It means
 * parameters of two axes. Arrays need the methods `matmul` (or `matMul`) and `transpose`.
 *
 * @param rate λ
 * @throws RangeError unless λ is finite and ≥ 0, and, where it is used, if a parameter is no matrix
 *
 * Yoshida & Miyato (2017), Spectral norm regularization for improving the generalizability of deep
 * learning, algorithm 1. arXiv:1705.10941
 */
export function spectral(rate = 0.01, options: SpectralOptions = {}): Penalty {
  const { iterations = 8, only = matrices } = known("spectral", options, "iterations only");
  notNegative("spectral", "rate", rate);
  whole("spectral", "iterations", iterations, 1);
  return penalty("spectral", { only }, <T extends Arithmetic<T>>(w: T): T => {
    const { times, transposed } = matrixMethods("spectral", w);
    const across = transposed(w);
    const unit = (v: T): T =>
      v.div(
        v
          .square()
          .sum()
          .maximum(2 ** -100)
          .sqrt(),
      );
    let v = unit(
      across
        .square()
        .sum([1], true)
        .maximum(2 ** -100)
        .sqrt(),
    );
    for (let i = 0; i < iterations; i++) v = unit(times(across, times(w, v)));
    return times(w, v)
      .square()
      .sum()
      .mul(rate / 2);
  });
}
