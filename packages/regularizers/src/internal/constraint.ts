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

/** The norms along some axes, which are kept with size 1. */
export function normsOf<T extends Arithmetic<T>>(w: T, axes: readonly number[] | undefined): T {
  return w.square().sum(axes ? [...axes] : w.shape.map((_, i) => i).slice(0, -1), true).sqrt();
}
