import { ofAngle } from "./internal/quarterTurns.js";

/**
 * The cosine of an angle in radians, with the same bits on every machine, which `Math.cos` does not
 * promise.
 *
 * Within 1 unit in the last place. Throws a RangeError for angles beyond ±2²⁰. After fdlibm,
 * k_cos.c.
 */
export function cos(x: number): number {
  return ofAngle("cos", x, 1);
}
