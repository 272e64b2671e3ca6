import { exponential } from "./internal/exponential.js";
import { ln2High, ln2Low, logSeries } from "./internal/logarithm.js";
import { exponentOf, powerOfTwo } from "./internal/powerOfTwo.js";

/**
 * x to the y, with the same bits on every machine, which `Math.pow` and `**` do not promise.
 *
 * xʸ = e^(y·log x), the logarithm and the product carried as the sum of two doubles. Within 2 units
 * in the last place while the result is between 10⁻⁷ and 10⁷, 32 units at the ends of the range.
 * Zeros, infinities, negative x and NaN as in `Math.pow`.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (x !== x || y !== y) return NaN;
  const size = Math.abs(x);
  if (Math.abs(y) === Infinity) return size === 1 ? NaN : size > 1 === y > 0 ? Infinity : 0;
  const whole = Math.floor(y) === y;
  const odd = whole && Math.floor(y / 2) * 2 !== y;
  if (size === 0 || size === Infinity) {
    const value = (size === 0) === y > 0 ? 0 : Infinity;
    return odd && (x < 0 || 1 / x < 0) ? -value : value;
  }
  if (x < 0 && !whole) return NaN;
  const value = size === 1 ? 1 : power(size, y);
  return x < 0 && odd ? -value : value;
}

const splitter = 0x8000001; // 2²⁷ + 1 splits a double into two of 26 bits each (Dekker, 1971)

/** The rounding error of the product p of a and b. */
function lost(a: number, b: number, p: number): number {
  const ta = splitter * a;
  const a1 = ta - (ta - a);
  const a0 = a - a1;
  const tb = splitter * b;
  const b1 = tb - (tb - b);
  const b0 = b - b1;
  return a0 * b0 - (p - a1 * b1 - a0 * b1 - a1 * b0);
}

function power(x: number, y: number): number {
  let k = exponentOf(x);
  let m = k < -1000 ? x * powerOfTwo(60) * powerOfTwo(-k - 60) : x * powerOfTwo(-k);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k++;
  }
  // s = f / d, and the remainder of that division.
  const f = m - 1;
  const d = m + 1;
  const sum = d - 1;
  const dLow = 1 - (d - sum) + (m - sum);
  const s = f / d;
  const product = s * d;
  const sLow = (f - product - lost(s, d, product) - s * dLow) / d;
  // log x = big + small
  const first = k * ln2High;
  const second = 2 * s;
  const big = first + second;
  const back = big - first;
  const small =
    first - (big - back) + (second - back) + (2 * sLow + s * logSeries(s * s) + k * ln2Low);
  const head = big + small;
  const tail = small - (head - big);
  const z = y * head;
  if (z > 800) return Infinity;
  if (z < -800) return 0;
  return exponential(z, lost(y, head, z) + y * tail);
}
