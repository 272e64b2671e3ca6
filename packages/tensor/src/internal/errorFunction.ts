import type { Tensor } from "../tensor.js";

/**
 * To about 1e-15: Σ 2/√π e^(−x²) 2ⁿ x^(2n+1) / (2n+1)!! near zero, 1 − erfc beyond.
 * Abramowitz & Stegun (1964), 7.1.6.
 */
export function erfOf(x: number): number {
  if (x !== x) return x;
  if (Math.abs(x) >= 2.5) return x < 0 ? erfcOf(-x) - 1 : 1 - erfcOf(x);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * series(x);
}

/** 1 − erf(x), to about 1e-14 of itself: beyond 1 by its continued fraction (7.1.14). */
export function erfcOf(x: number): number {
  if (x !== x) return x;
  if (x < 1) return x <= -6 ? 2 : 1 - erfOf(x);
  let fraction = x;
  for (let n = 200; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

function series(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return total;
}

/**
 * e^(−s x²), s a power of two, to a few units of the last place also where x² is large: rounded, x²
 * would be off by s x² of them. x = h + l, where h² is exact: e^(−s h²) e^(−s l (x + h)).
 */
export function gaussian(x: Tensor, s: number): Tensor {
  const h = x.clamp(-64, 64).mul(16).round().div(16);
  return h
    .square()
    .mul(-s)
    .exp()
    .mul(x.sub(h).mul(x.add(h)).mul(-s).exp());
}
