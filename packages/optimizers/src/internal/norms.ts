import type { Arithmetic } from "@tenon/contracts";

/**
 * The norm of some arrays as if they were one, ‖x‖ = scaled · unscale. `scale` is a power of two, 1
 * unless squares could over- or underflow in float32, and unscale = 1 / scale: scaling rounds
 * nothing, and arrays of ordinary size are not scaled.
 */
export interface Norm<T> {
  /** ‖x · scale‖ */
  readonly scaled: T;
  readonly scale: T;
  readonly unscale: T;
}

/**
 * The norm of some arrays, of which there is at least one; `of` computes it of scaled ones.
 *
 * Blue (1978), A portable Fortran program to find the Euclidean norm of a vector: large and small
 * elements are scaled separately.
 */
export function normOf<T extends Arithmetic<T>>(
  arrays: readonly T[],
  of: (arrays: readonly T[]) => T = euclidean,
): Norm<T> {
  // Where Σ|x| is between these, the squares that matter in Σx² are normal float32, for up to 2²⁵
  // elements; elsewhere they are after scaling by `factor`, or by 1 / factor.
  const [low, high, factor] = [2 ** -30, 2 ** 60, 2 ** 90];
  const size = total(arrays, (x) => x.abs());
  // One is 1 and the others are 0: comparisons in arithmetic.
  const small = size.neg().add(low).sign().maximum(0);
  const large = size.sub(high).sign().maximum(0);
  const ordinary = small.add(large).neg().add(1);
  const scale = ordinary.add(small.mul(factor)).add(large.mul(1 / factor));
  const unscale = ordinary.add(small.mul(1 / factor)).add(large.mul(factor));
  return { scaled: of(arrays.map((x) => x.mul(scale))), scale, unscale };
}

/** Σ over everything. */
export function total<T extends Arithmetic<T>>(arrays: readonly T[], map: (x: T) => T): T {
  return arrays.map((x) => map(x).sum()).reduce((sum, part) => sum.add(part));
}

function euclidean<T extends Arithmetic<T>>(arrays: readonly T[]): T {
  return total(arrays, (x) => x.square()).sqrt();
}
