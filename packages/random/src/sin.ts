import { ofAngle } from "./internal/quarterTurns.js";

/**
 * The sine of an angle in radians, with the same bits on every machine, which `Math.sin` does not
 * promise.
 *
 * Within 1 unit in the last place. Throws a RangeError for angles beyond ±2²⁰. After fdlibm,
 * k_sin.c.
 */
export function sin(x: number): number {
  return x === 0 ? x : ofAngle("sin", x, 0);
}
