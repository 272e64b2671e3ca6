import { exponential } from "./internal/exponential.js";

/**
 * e to the x, with the same bits on every machine, which `Math.exp` does not promise.
 *
 * Within 1 unit in the last place. After fdlibm, e_exp.c (Sun Microsystems, 1993).
 */
export function exp(x: number): number {
  return exponential(x, 0);
}
