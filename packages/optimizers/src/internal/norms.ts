import type { Arithmetic } from "@tenon/contracts";

/** Which norm: Σ|x| or √Σx². */
export type Order = 1 | 2;

/** The norm of an array. */
export function normOf<T extends Arithmetic<T>>(x: T, order: Order = 2): T {
  return order === 1 ? x.abs().sum() : x.square().sum().sqrt();
}

/** √(x's mean square). */
export function rmsOf<T extends Arithmetic<T>>(x: T): T {
  return x.square().sum().div(Math.max(1, x.shape.reduce((product, size) => product * size, 1))).sqrt();
}
