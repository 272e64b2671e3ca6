import type { Arithmetic } from "@tenon/contracts";

/**
 * A divisor that keeps a quotient finite: root + ε, or without any ε at least 2⁻⁶³, whose square is
 * the smallest normal float32, so that the update of an element without gradients is 0, not 0 / 0.
 */
export function withEpsilon<T extends Arithmetic<T>>(root: T, eps: number, epsRoot: number = 0): T {
  return eps > 0 ? root.add(eps) : epsRoot > 0 ? root : root.maximum(2 ** -63);
}
