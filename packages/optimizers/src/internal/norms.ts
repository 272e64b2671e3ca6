import type { Arithmetic } from "@tenon/contracts";

/** Which norm: Σ|x| or √Σx². */
export type Order = 1 | 2;

/**
 * The norm of some arrays as if they were one, ‖x‖ = scaled · back. `scale` is a power of two, 1
 * unless squares could over- or underflow in float32, and back = 1 / scale: so no bit is lost, and
 * numbers of ordinary size keep theirs.
 */
export interface Norm<T> {
  /** ‖x · scale‖ */
  readonly scaled: T;
  readonly scale: T;
  readonly back: T;
}

/**
 * Where Σ|x| lies between these, all of Σx² that matters are normal float32, for up to 2²⁵ numbers;
 * elsewhere they are after a step.
 */
const low = 2 ** -30;
const high = 2 ** 60;
const step = 2 ** 90;

/**
 * The norm of some arrays, of which there is at least one.
 *
 * Blue (1978), A portable Fortran program to find the Euclidean norm of a vector: large and small
 * numbers are scaled apart.
 */
export function normOf<T extends Arithmetic<T>>(arrays: readonly T[], order: Order = 2): Norm<T> {
  const total = (of: (x: T) => T): T =>
    arrays.map((x) => of(x).sum()).reduce((sum, part) => sum.add(part));
  const size = total((x) => x.abs());
  // 1 and 0s, as arithmetic without comparisons has them.
  const small = size.neg().add(low).sign().maximum(0);
  const large = size.sub(high).sign().maximum(0);
  const ordinary = small.add(large).neg().add(1);
  const scale = ordinary.add(small.mul(step)).add(large.mul(1 / step));
  const back = ordinary.add(small.mul(1 / step)).add(large.mul(step));
  const scaled =
    order === 1 ? total((x) => x.mul(scale).abs()) : total((x) => x.mul(scale).square()).sqrt();
  return { scaled, scale, back };
}
