import type { Arithmetic, ByPath, Clock, Flow, Schedule, Transform } from "@tenon/contracts";
import { moved, towards } from "@tenon/guards";
import { checkOnly, kernels, type OnlyOptions } from "./only.js";

/** A hyper-parameter of a constraint: a number, or a function of the step. */
export type Hyper = Schedule | number;

/** Throws unless the value is a function of the step or a number that a check lets pass. */
export function checkHyper(
  check: (name: string, option: string, value: unknown) => void,
  name: string,
  option: string,
  value: Hyper,
): void {
  if (typeof value !== "function") check(name, option, value);
}

/**
 * Rewrites updates so that what a parameter becomes is projected: u ← project(w + u) − w. It must
 * come last in a chain. What adds the update to w takes what was projected instead: rounded, w + u
 * would miss it where w is large.
 *
 * @param hypers by name; a number is a constant of the projection, a schedule the step's scalar
 */
export function constraint<H extends Readonly<Record<string, Hyper>>>(
  name: string,
  { only = kernels, axes }: AxesOptions,
  hypers: H,
  project: <T extends Arithmetic<T>>(w: T, now: Readonly<Record<keyof H, T | number>>) => T,
): Transform {
  checkOnly(name, only, axes);
  return {
    name,
    slots: () => ({}),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const now = Object.fromEntries(
        Object.entries(hypers).map(([option, value]) => [
          option,
          typeof value === "function" ? clock.value(value) : value,
        ]),
      ) as Record<keyof H, T | number>;
      const projected = Object.entries(updates).map(([path, update]): [string, T] => {
        const w = params[path]!;
        return [path, only(path, w.shape) ? towards(w, project(moved(w, update), now)) : update];
      });
      return { updates: Object.fromEntries(projected) as ByPath<T>, params, slots };
    },
  };
}

export interface AxesOptions extends OnlyOptions {
  /**
   * The axes along which a norm is taken; negative ones count from the end. Keras' `axis`.
   * @defaultValue all but the last: what comes into one unit of a dense layer, or into one filter
   *   of a convolution
   */
  readonly axes?: readonly number[];
}

/** What a constraint needs of norms. */
export interface Direction<T> {
  /** w / (‖w‖ + ε), or without ε w / max(‖w‖, 2⁻¹⁴⁹): zeros stay zeros. */
  readonly unit: T;
  /** ‖w‖ along the axes, which are kept with size 1; infinite where float32 overflows. */
  readonly norms: T;
  /** w ‖w‖ / (‖w‖ + ε) */
  readonly whole: T;
}

/**
 * The norms, and the vectors divided by them. Vectors whose squares would over- or underflow in
 * float32 are scaled by a power of two first, which loses no bit. Blue (1978), A portable Fortran
 * program to find the Euclidean norm of a vector.
 */
export function directionOf<T extends Arithmetic<T>>(
  w: T,
  axes: readonly number[] | undefined,
  eps: number,
): Direction<T> {
  const sum = (x: T): T => x.sum(axes ? [...axes] : w.shape.map((_, i) => i).slice(0, -1), true);
  // Where Σ|w| is between these, all of Σw² that matters are normal float32, for up to 2²⁵
  // elements; elsewhere they are after scaling by `step`.
  const [low, high, step] = [2 ** -30, 2 ** 60, 2 ** 90];
  const size = sum(w.abs());
  // 1 and 0s, as arithmetic without comparisons has them.
  const small = size.neg().add(low).sign().maximum(0);
  const large = size.sub(high).sign().maximum(0);
  const ordinary = small.add(large).neg().add(1);
  const scale = ordinary.add(small.mul(step)).add(large.mul(1 / step));
  const back = ordinary.add(small.mul(1 / step)).add(large.mul(step));
  const scaled = w.mul(scale);
  const norms = sum(scaled.square()).sqrt();
  const unit = scaled.div(eps > 0 ? norms.add(scale.mul(eps)) : norms.maximum(2 ** -149));
  return { unit, norms: norms.mul(back), whole: unit.mul(norms).mul(back) };
}
