import { unary } from "../internal/elementwise.js";
import { erfcOf, gaussian } from "../internal/errorFunction.js";
import type { Unary } from "./elementwise.js";

/**
 * The probability that a standard normal variable is below x: Φ(x) = ½ erfc(−x / √2), exact in both
 * tails. Its gradient is the density, e^(−x²/2) / √(2π).
 *
 * Abramowitz & Stegun (1964), 26.2.2 and 26.2.29.
 */
export const normalCdf: Unary = /* @__PURE__ */ unary(
  "normalCdf",
  (x) => 0.5 * erfcOf(-x * Math.SQRT1_2),
  ({ x, g }) => g.mul(gaussian(x, 0.5)).mul(1 / Math.sqrt(2 * Math.PI)),
);
