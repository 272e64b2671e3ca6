import type { Arithmetic } from "@tenon/contracts";

/**
 * A divisor that keeps a quotient finite: √(x + ε_root) + ε, or without any ε at least 2⁻⁶³, whose
 * square is the smallest normal float32, so that the update of an element without gradients is 0,
 * not 0 / 0.
 */
export function rootOf<T extends Arithmetic<T>>(x: T, eps: T | number, epsRoot: T | number = 0): T {
  return withEpsilon((isZero(epsRoot) ? x : x.add(epsRoot)).sqrt(), eps, epsRoot);
}

/** The same, of a root that is computed. */
export function withEpsilon<T extends Arithmetic<T>>(
  root: T,
  eps: T | number,
  epsRoot: T | number = 0,
): T {
  if (!isZero(eps)) return root.add(eps);
  return isZero(epsRoot) ? root.maximum(2 ** -63) : root;
}

/** Whether a value is the number 0: a scalar of the step may be 0 at some steps only. */
export const isZero = (value: unknown): value is 0 => value === 0;
