import type { FunctionBuilder, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import { const as splat, add, sub, mul, pmin } from "@tenon/emit/f32x4";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { erfFarTerms, erfTerms } from "@tenon/plan";
import { expOfNegative, polynomial, powerOfTwo, reduced, signOf, small } from "./float32.js";

// Functions of float32 that most networks do without.

/** eˣ − 1, within 2 units, also near zero. */
export function expm1(f: FunctionBuilder, x: V128): V128 {
  const argument = f.let(x);
  const { n, r } = reduced(f, argument, -30, 89);
  // Half of it, doubled at the end: 2ⁿ itself would overflow too early.
  const scale = f.let(powerOfTwo(i32x4.sub(n, i32x4.const(1))));
  const half = f.let(add(mul(small(f, r), scale), sub(scale, splat(0.5))));
  // For a tiny x the result is x: neither −0 nor the last bit of a denormal is lost.
  return f.let(
    v128.select(f32x4.lt(f32x4.abs(argument), splat(2 ** -60)), argument, add(half, half)),
  );
}

/**
 * The error function: a polynomial times x up to 475/512, beyond 1 − e^P(|x|) with the sign
 * (coefficients by N. Juffa); within 2 units.
 */
export function erf(f: FunctionBuilder, x: V128): V128 {
  const argument = f.let(x);
  const size = f.let(f32x4.abs(argument));
  const z = f.let(mul(argument, argument));
  const near = add(mul(polynomial(f, z, erfTerms), argument), argument);
  const t = f.let(pmin(size, splat(4)));
  const p = polynomial(f, t, erfFarTerms);
  const far = sub(splat(1), expOfNegative(f, sub(mul(p, t), t)));
  const chosen = v128.select(f32x4.gt(size, splat(0.927734375)), far, near);
  return f.let(v128.or(chosen, signOf(argument)));
}
