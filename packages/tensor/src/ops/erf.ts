import { unary } from "../internal/elementwise.js";
import type { Unary } from "./elementwise.js";

/** The error function; its slope is 2/√π e^(−x²). */
export const erf: Unary = unary("erf", erfOf, ({ x, g }) => g.mul(x.square().neg().exp()).mul(2 / Math.sqrt(Math.PI)));

/** To about 1e-15: Σ 2/√π e^(−x²) 2ⁿ x^(2n+1) / (2n+1)!! near zero, a continued fraction of erfc beyond (Abramowitz & Stegun 7.1.6, 7.1.14). */
function erfOf(x: number): number {
  const a = Math.abs(x);
  if (a !== a) return x;
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x, total = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) total += term *= (2 * x * x) / (2 * n + 1);
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
  }
  let fraction = a;
  for (let n = 60; n > 0; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
}
