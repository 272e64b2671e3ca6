import type { Arithmetic } from "@tenon/contracts";

/**
 * What keeps a quotient finite: root + ε, or without any ε the root held above 2⁻⁶³, whose square
 * is the last that float32 has well, so that the update of what has no gradient is 0, not 0 / 0.
 */
export function kept<T extends Arithmetic<T>>(root: T, eps: number, epsRoot: number = 0): T {
  return eps > 0 ? root.add(eps) : epsRoot > 0 ? root : root.maximum(2 ** -63);
}
