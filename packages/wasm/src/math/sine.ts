import type { FunctionBuilder, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as f64x2 from "@tenon/emit/f64x2";
import { const as splat, add, sub, mul } from "@tenon/emit/f64x2";
import * as v128 from "@tenon/emit/v128";
import { factorial, halves, highestFirst, polynomial } from "./float64.js";

/** 1/1!, −1/3!, … or 1/0!, −1/2!, …, highest first. */
const series = (start: number, terms: number): number[] =>
  highestFirst(terms, (n) => (n % 2 === 0 ? 1 : -1) / factorial(2 * n + start));

/**
 * 2/π in parts of 29 bits, whose products with a float32 are exact, as integers; to 203 bits, since
 * a float32 may be 2¹²⁸ (Payne & Hanek 1983).
 */
const twoOverPi = [
  0x145f306d, 0x19391054, 0x14fe13ab, 0x1d1f534d, 0x1b81b6c5, 0x05664f10, 0x1c820ff2,
];

/**
 * sin x, or cos x = sin(x + π/2): multiples of π/2 are subtracted first. Within 1 unit, however
 * large x.
 */
export function sine(f: FunctionBuilder, x: V128, quarters: 0 | 1): V128 {
  const argument = f.let(x);
  const y = halves(f, [argument], false, (a) => {
    const n = f.let(f64x2.nearest(mul(a!, splat(2 / Math.PI))));
    const r = f.let(
      sub(sub(a!, mul(n, splat(1.5707963267341256))), mul(n, splat(6.077100506506192e-11))),
    );
    const far = f.let(f64x2.gt(f64x2.abs(a!), splat(1e5)));
    f.if(v128.any(far), () => {
      // x · 2/π modulo 4, part by part: the product with one part is exact.
      const parts = twoOverPi.map((bits, k) => {
        const product = f.let(mul(a!, splat(bits * 2 ** (-29 * (k + 1)))));
        return f.let(sub(product, mul(f64x2.nearest(mul(product, splat(0.25))), splat(4))));
      });
      const whole = f.let(
        f64x2.nearest(parts.reduce<V128>((sum, part) => add(sum, part), splat(0))),
      );
      const fraction = parts.reduce<V128>((sum, part) => add(sum, part), f64x2.neg(whole));
      f.set(r, v128.select(far, mul(fraction, splat(Math.PI / 2)), r));
      f.set(n, v128.select(far, whole, n));
    });
    const turns = f.let(add(n, splat(quarters)));
    const quadrant = f.let(sub(turns, mul(f64x2.floor(mul(turns, splat(0.25))), splat(4))));
    const z = f.let(mul(r, r));
    const odd = f.let(mul(polynomial(f, z, series(1, 6)), r));
    const even = f.let(polynomial(f, z, series(0, 7)));
    const swap = v128.or(f64x2.eq(quadrant, splat(1)), f64x2.eq(quadrant, splat(3)));
    const y = v128.select(swap, even, odd);
    return v128.xor(y, v128.and(f64x2.ge(quadrant, splat(2)), splat(-0)));
  });
  // sin −0 = −0
  return quarters === 0
    ? f.let(v128.or(y, v128.and(f32x4.eq(argument, f32x4.const(0)), argument)))
    : y;
}
