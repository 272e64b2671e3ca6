import { exp } from "@tenon/random";

/**
 * The standard deviation of a standard normal that is cut at low and high: 0.87962566103423978 for
 * ±2.
 *
 * √(I₂/I₀ − (I₁/I₀)²) with Iₖ = ∫ xᵏ·e^(−x²/2) dx, by Simpson's rule where the density is above
 * e⁻⁴⁵ of its maximum.
 */
export function cutStd(low: number, high: number): number {
  // where the density is highest; moments are taken about it
  const nearest = low > 0 ? low : high < 0 ? high : 0;
  const reach = Math.sqrt(nearest * nearest + 90);
  const from = Math.max(low, -reach);
  const to = Math.min(high, reach);
  const intervals = 6000;
  const width = (to - from) / intervals;
  let mass = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i <= intervals; i++) {
    const x = from + i * width;
    const off = x - nearest;
    const weight =
      (i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2) *
      exp(((nearest - x) * (nearest + x)) / 2);
    mass += weight;
    first += weight * off;
    second += weight * off * off;
  }
  const mean = first / mass;
  return Math.sqrt(second / mass - mean * mean);
}
