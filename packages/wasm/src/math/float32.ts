import type { FunctionBuilder, Local, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import { const as splat, add, sub, mul, pmin, pmax } from "@tenon/emit/f32x4";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { exponentialTerms, logarithmTerms } from "@tenon/plan";

// Four float32 at a time, without fused multiply-add, so that every machine gets the same bits.
// Coefficients are those of the Cephes library (Moshier, 1989) unless said otherwise. V8 needs
// eight instructions for min and max and nine for trunc, but one for pmin and pmax, so those are
// used where NaN allows.

/**
 * c₀xⁿ + c₁xⁿ⁻¹ + …, by Horner's rule: a statement for each step, between which those of other
 * vectors are interleaved. `x` is used often: pass a local.
 */
export function polynomial(f: FunctionBuilder, x: V128, [first, ...rest]: readonly number[]): V128 {
  const sum = f.let(splat(first!));
  for (const c of rest) f.set(sum, add(mul(sum, x), splat(c)));
  return sum;
}

/** 2ⁿ for int32 n, −126 ≤ n ≤ 127; also for n plus any multiple of 2⁹. */
export const powerOfTwo = (n: V128): V128 => i32x4.add(i32x4.shl(n, 23), splat(1));

/**
 * A float32 of this size has no fraction: adding it rounds to an integer, which is then in the last
 * bits of the sum.
 */
const rounding = 12582912;
const roundingBits = 0x4b400000;

/** Splits x = n·ln 2 + r, |r| ≤ ln 2 / 2; x is clamped to `low` and `high` first. */
export function reduced(
  f: FunctionBuilder,
  x: V128,
  low: number,
  high: number,
): { n: Local<"v128">; r: Local<"v128"> } {
  const clamped = f.let(pmin(pmax(x, splat(low)), splat(high)));
  const rounded = f.let(add(mul(clamped, splat(Math.LOG2E)), splat(rounding)));
  const whole = f.let(sub(rounded, splat(rounding)));
  const r = f.let(
    sub(sub(clamped, mul(whole, splat(0.693359375))), mul(whole, splat(-2.1219444e-4))),
  );
  return { n: f.let(i32x4.sub(rounded, i32x4.const(roundingBits))), r };
}

/** eʳ − 1 for |r| ≤ ln 2 / 2. */
export const small = (f: FunctionBuilder, r: V128): V128 =>
  add(mul(mul(polynomial(f, r, exponentialTerms), r), r), r);

/** eˣ, within 1 unit of the last place. */
export function exp(f: FunctionBuilder, x: V128): V128 {
  const { n, r } = reduced(f, x, -104, 89);
  // 2ⁿ in two factors: alone it would overflow before the product does, and underflow before it is
  // denormal.
  const half = f.let(i32x4.shrS(n, 1));
  return f.let(
    mul(mul(add(small(f, r), splat(1)), powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half))),
  );
}

/** x = m · 2ᵉ with √½ ≤ 1 + m < √2, m² = z, and log(1 + m) = m − z / 2 + m z p. */
export interface LogarithmParts {
  readonly m: V128;
  readonly z: V128;
  readonly p: V128;
  readonly e: V128;
}

/** The natural logarithm, within 1 unit, or another one of the same parts. */
export function log(
  f: FunctionBuilder,
  x: V128,
  joined: (parts: LogarithmParts) => V128 = naturalLogarithm,
): V128 {
  const argument = f.let(x);
  // Denormals are scaled up first.
  const tiny = f.let(f32x4.lt(argument, splat(1.17549435e-38)));
  const scaled = mul(argument, v128.select(tiny, splat(8388608), splat(1)));
  const biased = f.let(i32x4.sub(scaled, i32x4.const(0x3f3504f3)));
  const e = f.let(sub(f32x4.convert(i32x4.shrS(biased, 23)), v128.and(tiny, splat(23))));
  const m = f.let(
    sub(i32x4.add(v128.and(biased, i32x4.const(0x007fffff)), i32x4.const(0x3f3504f3)), splat(1)),
  );
  const z = f.let(mul(m, m));
  const p = polynomial(f, m, logarithmTerms);
  const finite = f.let(joined({ m, z, p, e }));
  // log ∞ = ∞ and log NaN = NaN are the argument itself, log 0 = −∞, and a mask of ones is NaN.
  const normal = v128.and(f32x4.gt(argument, splat(0)), f32x4.lt(argument, splat(Infinity)));
  const special = v128.or(
    v128.or(argument, f32x4.lt(argument, splat(0))),
    v128.and(f32x4.eq(argument, splat(0)), splat(-Infinity)),
  );
  return f.let(v128.select(normal, finite, special));
}

function naturalLogarithm({ m, z, p, e }: LogarithmParts): V128 {
  const y = sub(add(mul(mul(p, m), z), mul(e, splat(-2.1219444e-4))), mul(z, splat(0.5)));
  return add(add(m, y), mul(e, splat(0.693359375)));
}
