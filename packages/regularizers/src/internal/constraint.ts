import type { Arithmetic, ByPath, Clock, Flow, Transform } from "@tenon/contracts";
import { kernels, type OnlyOptions } from "./only.js";

/** Rewrites updates so that what a parameter becomes is projected: u ← project(w + u) − w. It must come last in a chain. */
export function constraint(name: string, { only = kernels }: OnlyOptions, project: <T extends Arithmetic<T>>(w: T) => T): Transform {
  return {
    name,
    slots: () => ({}),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, _: Clock<T>): Flow<T> {
      const projected = Object.entries(updates).map(([path, update]): [string, T] => {
        const w = params[path]!;
        return [path, only(path, w.shape) ? project(w.add(update)).sub(w) : update];
      });
      return { updates: Object.fromEntries(projected) as ByPath<T>, params, slots };
    },
  };
}

export interface AxesOptions extends OnlyOptions {
  /**
   * The axes along which a norm is taken; negative ones count from the end. Keras' `axis`.
   * @defaultValue all but the last: what comes into one unit of a dense layer, or into one filter of a convolution
   */
  readonly axes?: readonly number[];
}

// Where Σ|w| lies between these, all of Σw² that matters are normal float32, for up to 2²⁵ numbers; elsewhere they are after a step.
const low = 2 ** -30, high = 2 ** 60, step = 2 ** 90;

/**
 * The norms along some axes, which are kept with size 1. Numbers whose squares would over- or underflow in float32 are scaled by
 * a power of two and back, which loses no bit; others keep theirs. Blue (1978), A portable Fortran program to find the Euclidean
 * norm of a vector.
 */
export function normsOf<T extends Arithmetic<T>>(w: T, axes: readonly number[] | undefined): T {
  const sum = (x: T): T => x.sum(axes ? [...axes] : w.shape.map((_, i) => i).slice(0, -1), true);
  const size = sum(w.abs());
  // 1 and 0s, as arithmetic without comparisons has them.
  const small = size.neg().add(low).sign().maximum(0), large = size.sub(high).sign().maximum(0);
  const ordinary = small.add(large).neg().add(1);
  const scale = ordinary.add(small.mul(step)).add(large.mul(1 / step));
  const back = ordinary.add(small.mul(1 / step)).add(large.mul(step));
  return sum(w.mul(scale).square()).sqrt().mul(back);
}

/** What a norm is divided by: norm + ε, or without ε at least float32's smallest number, so that zeros stay zeros. */
export function kept<T extends Arithmetic<T>>(norms: T, eps: number): T {
  return eps > 0 ? norms.add(eps) : norms.maximum(2 ** -149);
}
