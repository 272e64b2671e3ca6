import type { FunctionBuilder, V128, VectorFunction } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import { const as splat, add, sub, mul, div, pmin } from "@tenon/emit/f32x4";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { erfFarTerms, erfTerms, tanhTerms } from "@tenon/plan";
import { exp, log, polynomial, powerOfTwo, reduced, small } from "./float32.js";

// Functions of float32 that many networks do without.

/** The sign bit. The result of an odd function gets that of its argument, so that −0 gives −0. */
const signOf = (x: V128): V128 => v128.and(x, splat(-0));

/** eˣ for x ≤ 0, within 1 unit down to x = −87; for smaller x a result below 2⁻¹²⁵. */
function expOfNegative(f: FunctionBuilder, x: V128): V128 {
  const { n, r } = reduced(f, x, -87, 0);
  return f.let(mul(add(small(f, r), splat(1)), powerOfTwo(n)));
}

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

/**
 * The logarithm to base 2, within 2 units, exact for powers of two: e + (m + y) log₂ e, where
 * log₂ e = 1 + 0.4426950… and the larger parts come last (Cephes, log2f.c).
 */
export const log2 = (f: FunctionBuilder, x: V128): V128 =>
  log(f, x, ({ m, z, p, e }) => {
    const y = f.let(sub(mul(mul(p, m), z), mul(z, splat(0.5))));
    const rest = splat(Math.LOG2E - 1);
    return add(add(add(add(mul(y, rest), mul(m, rest)), y), m), e);
  });

/** log(1 + x), within 3 units, also near zero (Goldberg 1991, theorem 4). */
export function log1p(f: FunctionBuilder, x: V128): V128 {
  const argument = f.let(x);
  const u = f.let(add(argument, splat(1)));
  const y = log(f, u);
  const corrected = mul(y, div(argument, sub(u, splat(1))));
  const plain = v128.or(f32x4.eq(u, splat(1)), f32x4.eq(argument, splat(Infinity)));
  return f.let(v128.select(plain, argument, corrected));
}

/**
 * 1 / (1 + e⁻ˣ), of −|x| so that nothing overflows; within 3 units. Sigmoids of x and of −x, which
 * gradients need, are nearly the same work.
 */
export const sigmoid: VectorFunction = (f, argument, _, { shared }) => {
  const x = f.let(argument);
  const { e, r } = shared(() => {
    const e = exp(f, v128.or(x, splat(-0)));
    return { e, r: f.let(div(splat(1), add(e, splat(1)))) };
  });
  return f.let(mul(r, v128.select(f32x4.lt(x, splat(0)), e, splat(1))));
};

/**
 * tanh: an odd polynomial up to 0.625, beyond 1 − 2q / (1 + q), q = e^(−2|x|), with the sign;
 * within 2 units.
 */
export function tanh(f: FunctionBuilder, x: V128): V128 {
  const argument = f.let(x);
  const z = f.let(mul(argument, argument));
  const near = add(mul(mul(polynomial(f, z, tanhTerms), z), argument), argument);
  const down = f.let(v128.or(argument, splat(-0)));
  const q = expOfNegative(f, add(down, down));
  const far = sub(splat(1), div(add(q, q), add(q, splat(1))));
  const chosen = v128.select(f32x4.le(down, splat(-0.625)), far, near);
  return f.let(v128.or(chosen, signOf(argument)));
}
