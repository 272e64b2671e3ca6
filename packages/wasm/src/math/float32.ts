import { f32x4, i32x4, v128, type FunctionBuilder, type Local, type V128 } from "../emit/index.js";

// Four float32 at a time, without fused multiply-add, so that every machine gets the same bits.
// Coefficients are those of the Cephes library (Moshier, 1989) unless said otherwise.

const { const: number, add, sub, mul, div, min, max } = f32x4;

/** Keeps a value in a local, so that it may be used more than once. */
export function keep(f: FunctionBuilder, x: V128): Local<"v128"> {
  return f.local("v128", x);
}

/** c₀xⁿ + c₁xⁿ⁻¹ + …, by Horner's rule. `x` is used often: keep it first. */
function polynomial(x: V128, [first, ...rest]: readonly number[]): V128 {
  return rest.reduce<V128>((sum, c) => add(mul(sum, x), number(c)), number(first!));
}

/** 2ⁿ for integers held as int32, −126 ≤ n ≤ 127. */
const powerOfTwo = (n: V128): V128 => i32x4.shl(i32x4.add(n, i32x4.const(127)), 23);

/** Splits x = n·ln 2 + r, |r| ≤ ln 2 / 2: n as float32, and r. */
function reduced(f: FunctionBuilder, x: V128): { n: Local<"v128">; r: Local<"v128"> } {
  const n = keep(f, f32x4.nearest(mul(x, number(Math.LOG2E))));
  const r = keep(f, sub(sub(x, mul(n, number(0.693359375))), mul(n, number(-2.12194440e-4))));
  return { n, r };
}

/** eʳ − 1 for |r| ≤ ln 2 / 2. */
const small = (r: V128): V128 =>
  add(mul(mul(polynomial(r, [1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1]), r), r), r);

/** eˣ */
export function exp(f: FunctionBuilder, x: V128): V128 {
  const held = keep(f, min(max(x, number(-104)), number(89)));
  const { n, r } = reduced(f, held);
  // 2ⁿ in two factors: alone it would overflow before the product does, and underflow before it is denormal.
  const whole = keep(f, i32x4.trunc(n));
  const half = keep(f, i32x4.shrS(whole, 1));
  return keep(f, mul(mul(add(small(r), number(1)), powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half))));
}

/** eˣ − 1, as exact near zero as elsewhere. */
export function expm1(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const { n, r } = reduced(f, keep(f, min(max(given, number(-87)), number(88))));
  const scale = keep(f, powerOfTwo(i32x4.trunc(n)));
  const near = keep(f, add(mul(small(r), scale), sub(scale, number(1))));
  const far = exp(f, given);
  return keep(f, v128.select(f32x4.gt(given, number(88)), far, near));
}

/** The natural logarithm. */
export function log(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  // Denormals are scaled up first.
  const tiny = keep(f, f32x4.lt(given, number(1.17549435e-38)));
  const scaled = keep(f, v128.select(tiny, mul(given, number(8388608)), given));
  // x = m · 2ᵉ with √½ ≤ m < √2
  const biased = keep(f, i32x4.sub(scaled, i32x4.const(0x3f3504f3)));
  const exponent = i32x4.shrS(biased, 23);
  const e = keep(f, sub(f32x4.convert(exponent), v128.and(tiny, number(23))));
  const m = keep(f, sub(i32x4.add(v128.and(biased, i32x4.const(0x007fffff)), i32x4.const(0x3f3504f3)), number(1)));
  const z = keep(f, mul(m, m));
  const p = polynomial(m, [7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1]);
  const y = sub(add(mul(mul(p, m), z), mul(e, number(-2.12194440e-4))), mul(z, number(0.5)));
  const finite = keep(f, add(add(m, y), mul(e, number(0.693359375))));
  // log 0 = −∞, log ∞ = ∞, below zero and of NaN it is NaN.
  const zero = f32x4.eq(given, number(0)), normal = v128.and(f32x4.gt(given, number(0)), f32x4.lt(given, number(Infinity)));
  const special = v128.select(f32x4.eq(given, number(Infinity)), number(Infinity), number(NaN));
  return keep(f, v128.select(normal, finite, v128.select(zero, number(-Infinity), special)));
}

/** log(1 + x), as exact near zero as elsewhere (Goldberg 1991, theorem 4). */
export function log1p(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const u = keep(f, add(given, number(1)));
  const y = log(f, u);
  const corrected = mul(y, div(given, sub(u, number(1))));
  const plain = v128.or(f32x4.eq(u, number(1)), f32x4.eq(given, number(Infinity)));
  return keep(f, v128.select(plain, given, corrected));
}

/** 1 / (1 + e⁻ˣ), of −|x| so that nothing overflows. */
export function sigmoid(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const e = exp(f, f32x4.neg(f32x4.abs(given)));
  const r = keep(f, div(number(1), add(e, number(1))));
  return keep(f, v128.select(f32x4.lt(given, number(0)), mul(e, r), r));
}

/** tanh: an odd polynomial up to 0.625, beyond 1 − 2 / (e^2|x| + 1) with the sign. */
export function tanh(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const size = keep(f, f32x4.abs(given));
  const z = keep(f, mul(given, given));
  const near = keep(f, add(mul(mul(polynomial(z, [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1]), z), given), given));
  const e = exp(f, add(size, size));
  const far = sub(number(1), div(number(2), add(e, number(1))));
  const signed = v128.or(far, v128.and(given, number(-0)));
  return keep(f, v128.select(f32x4.ge(size, number(0.625)), signed, near));
}

// 2/√π (−1)ⁿ / (n! (2n + 1)), highest first.
const erfSeries = Array.from({ length: 12 }, (_, n) => {
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return ((n % 2 === 0 ? 1 : -1) * 2) / Math.sqrt(Math.PI) / factorial / (2 * n + 1);
}).reverse();

/** The error function: its series up to 1, beyond 1 − t e^(−x² + P(t)), t = 1 / (1 + x/2) (Press et al., Numerical Recipes, erfcc). */
export function erf(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const size = keep(f, f32x4.abs(given));
  const z = keep(f, mul(given, given));
  const near = keep(f, mul(polynomial(z, erfSeries), given));
  const t = keep(f, div(number(1), add(mul(size, number(0.5)), number(1))));
  const p = polynomial(t, [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223]);
  const far = sub(number(1), mul(t, exp(f, sub(p, z))));
  const signed = v128.or(far, v128.and(given, number(-0)));
  return keep(f, v128.select(f32x4.ge(size, number(1)), signed, near));
}
