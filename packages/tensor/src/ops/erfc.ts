import { unary } from "../internal/elementwise.js";
import { erfcOf, gaussian } from "../internal/errorFunction.js";
import type { Unary } from "./elementwise.js";

/**
 * The complementary error function, 1 − erf(x), exact where that would cancel: erfc(6) is 2.15e-17.
 * Its gradient is −2/√π e^(−x²).
 *
 * Abramowitz & Stegun (1964), 7.1.2.
 */
export const erfc: Unary = /* @__PURE__ */ unary("erfc", erfcOf, ({ x, g }) =>
  g.mul(gaussian(x, 1)).mul(-2 / Math.sqrt(Math.PI)),
);
