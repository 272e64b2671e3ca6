import type { Arithmetic } from "@tenon/contracts";

/** Numbers whose squares float32 can hold no more: a root of squares below it is as good as 0. */
const least = 2 ** -63;

/** What keeps a quotient finite: root + ε, or without any ε the root held above 2⁻⁶³, so that the update of what has no gradient is 0, not 0 / 0. */
export function kept<T extends Arithmetic<T>>(root: T, eps: number, epsRoot: number = 0): T {
  return eps > 0 ? root.add(eps) : epsRoot > 0 ? root : root.maximum(least);
}
