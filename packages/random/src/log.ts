import { ln2High, ln2Low, logSeries } from "./internal/logarithm.js";
import { exponentOf, powerOfTwo } from "./internal/powerOfTwo.js";

/**
 * The natural logarithm, with the same bits on every machine, which `Math.log` does not promise.
 *
 * Within 1 unit in the last place. log(0) = −∞, NaN below 0. After fdlibm, e_log.c (Sun
 * Microsystems, 1993).
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = exponentOf(x);
  let m = k < -1000 ? x * powerOfTwo(60) * powerOfTwo(-k - 60) : x * powerOfTwo(-k);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k++;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + logSeries(s * s)) + k * ln2Low) - f);
}
