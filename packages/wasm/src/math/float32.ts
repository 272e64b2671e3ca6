import { f32x4, i32x4, v128, type FunctionBuilder, type Local, type V128 } from "@tenon/emit";

// Four float32 at a time, without fused multiply-add, so that every machine gets the same bits.
// Coefficients are those of the Cephes library (Moshier, 1989) unless said otherwise. V8 needs
// eight instructions for min and max and nine for trunc, but one for pmin and pmax, so those are
// used where NaN allows.

const { const: number, add, sub, mul, div, pmin, pmax } = f32x4;

/** Keeps a value in a local, so that it may be used more than once. */
export function keep(f: FunctionBuilder, x: V128): Local<"v128"> {
  return f.local("v128", x);
}

/** c₀xⁿ + c₁xⁿ⁻¹ + …, by Horner's rule. `x` is used often: keep it first. */
function polynomial(x: V128, [first, ...rest]: readonly number[]): V128 {
  return rest.reduce<V128>((sum, c) => add(mul(sum, x), number(c)), number(first!));
}

/**
 * The sign bit of another value. An odd function's result gets its argument's, which also keeps −0.
 */
const signOf = (x: V128): V128 => v128.and(x, number(-0));

/** 2ⁿ for int32 n, −126 ≤ n ≤ 127; also for n plus any multiple of 2⁹. */
const powerOfTwo = (n: V128): V128 => i32x4.add(i32x4.shl(n, 23), number(1));

/**
 * A number this large has no digits after the point: added, it rounds to whole numbers, which stand
 * in the last bits.
 */
const rounding = 12582912;
const roundingBits = 0x4b400000;

/** Splits x = n·ln 2 + r, |r| ≤ ln 2 / 2. Beyond `low` and `high` it stays there. */
function reduced(
  f: FunctionBuilder,
  x: V128,
  low: number,
  high: number,
): { n: Local<"v128">; r: Local<"v128"> } {
  const held = keep(f, pmin(pmax(x, number(low)), number(high)));
  const rounded = keep(f, add(mul(held, number(Math.LOG2E)), number(rounding)));
  const whole = keep(f, sub(rounded, number(rounding)));
  const r = keep(
    f,
    sub(sub(held, mul(whole, number(0.693359375))), mul(whole, number(-2.1219444e-4))),
  );
  return { n: keep(f, i32x4.sub(rounded, i32x4.const(roundingBits))), r };
}

/** eʳ − 1 for |r| ≤ ln 2 / 2. */
const small = (r: V128): V128 =>
  add(
    mul(
      mul(
        polynomial(
          r,
          [
            1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1,
            5.0000001201e-1,
          ],
        ),
        r,
      ),
      r,
    ),
    r,
  );

/** eˣ, within 1 unit of the last place. */
export function exp(f: FunctionBuilder, x: V128): V128 {
  const { n, r } = reduced(f, x, -104, 89);
  // 2ⁿ in two factors: alone it would overflow before the product does, and underflow before it is
  // denormal.
  const half = keep(f, i32x4.shrS(n, 1));
  return keep(
    f,
    mul(mul(add(small(r), number(1)), powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half))),
  );
}

/**
 * eˣ for x ≤ 0; below −87, where it is no longer a normal number, 0 would do as well. Within 1
 * unit.
 */
function expOfNegative(f: FunctionBuilder, x: V128): V128 {
  const { n, r } = reduced(f, x, -87, 0);
  return keep(f, mul(add(small(r), number(1)), powerOfTwo(n)));
}

/** eˣ − 1, as exact near zero as elsewhere: within 2 units. */
export function expm1(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const { n, r } = reduced(f, given, -30, 89);
  // Half of it, doubled at the end: 2ⁿ itself would overflow too early.
  const scale = keep(f, powerOfTwo(i32x4.sub(n, i32x4.const(1))));
  const half = keep(f, add(mul(small(r), scale), sub(scale, number(0.5))));
  // A number so small is its own result: neither −0 nor the last bit of a denormal is lost.
  return keep(f, v128.select(f32x4.lt(f32x4.abs(given), number(2 ** -60)), given, add(half, half)));
}

/** The natural logarithm, within 1 unit; to `base` 2 within 2 units, and exact of powers of two. */
export function log(f: FunctionBuilder, x: V128, base: "e" | 2 = "e"): V128 {
  const given = keep(f, x);
  // Denormals are scaled up first.
  const tiny = keep(f, f32x4.lt(given, number(1.17549435e-38)));
  const scaled = mul(given, v128.select(tiny, number(8388608), number(1)));
  // x = m · 2ᵉ with √½ ≤ m < √2
  const biased = keep(f, i32x4.sub(scaled, i32x4.const(0x3f3504f3)));
  const e = keep(f, sub(f32x4.convert(i32x4.shrS(biased, 23)), v128.and(tiny, number(23))));
  const m = keep(
    f,
    sub(i32x4.add(v128.and(biased, i32x4.const(0x007fffff)), i32x4.const(0x3f3504f3)), number(1)),
  );
  const z = keep(f, mul(m, m));
  const p = polynomial(
    m,
    [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1,
      -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
  );
  const natural = (): V128 => {
    const y = sub(add(mul(mul(p, m), z), mul(e, number(-2.1219444e-4))), mul(z, number(0.5)));
    return add(add(m, y), mul(e, number(0.693359375)));
  };
  /**
   * log₂ x = e + (m + y) log₂ e, where log₂ e = 1 + 0.4426950… and the larger parts come last
   * (Cephes, log2f.c).
   */
  const binary = (): V128 => {
    const y = keep(f, sub(mul(mul(p, m), z), mul(z, number(0.5))));
    const rest = number(Math.LOG2E - 1);
    return add(add(add(add(mul(y, rest), mul(m, rest)), y), m), e);
  };
  const finite = keep(f, base === 2 ? binary() : natural());
  // log ∞ = ∞ and log NaN = NaN are the argument itself, log 0 = −∞, and a mask of ones is NaN.
  const normal = v128.and(f32x4.gt(given, number(0)), f32x4.lt(given, number(Infinity)));
  const special = v128.or(
    v128.or(given, f32x4.lt(given, number(0))),
    v128.and(f32x4.eq(given, number(0)), number(-Infinity)),
  );
  return keep(f, v128.select(normal, finite, special));
}

/** log(1 + x), as exact near zero as elsewhere: within 3 units (Goldberg 1991, theorem 4). */
export function log1p(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const u = keep(f, add(given, number(1)));
  const y = log(f, u);
  const corrected = mul(y, div(given, sub(u, number(1))));
  const plain = v128.or(f32x4.eq(u, number(1)), f32x4.eq(given, number(Infinity)));
  return keep(f, v128.select(plain, given, corrected));
}

/** 1 / (1 + e⁻ˣ), of −|x| so that nothing overflows; within 3 units. */
export function sigmoid(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const e = exp(f, v128.or(given, number(-0)));
  const r = keep(f, div(number(1), add(e, number(1))));
  return keep(f, mul(r, v128.select(f32x4.lt(given, number(0)), e, number(1))));
}

/**
 * tanh: an odd polynomial up to 0.625, beyond 1 − 2q / (1 + q), q = e^(−2|x|), with the sign;
 * within 2 units.
 */
export function tanh(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const z = keep(f, mul(given, given));
  const near = add(
    mul(
      mul(
        polynomial(
          z,
          [
            -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1,
            -3.33332819422e-1,
          ],
        ),
        z,
      ),
      given,
    ),
    given,
  );
  const down = keep(f, v128.or(given, number(-0)));
  const q = expOfNegative(f, add(down, down));
  const far = sub(number(1), div(add(q, q), add(q, number(1))));
  const chosen = v128.select(f32x4.le(down, number(-0.625)), far, near);
  return keep(f, v128.or(chosen, signOf(given)));
}

/**
 * The error function: a polynomial times x up to 475/512, beyond 1 − e^P(|x|) with the sign
 * (coefficients by N. Juffa); within 2 units.
 */
export function erf(f: FunctionBuilder, x: V128): V128 {
  const given = keep(f, x);
  const size = keep(f, f32x4.abs(given));
  const z = keep(f, mul(given, given));
  const near = add(
    mul(
      polynomial(
        z,
        [
          -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1,
          1.28379166e-1,
        ],
      ),
      given,
    ),
    given,
  );
  const t = keep(f, pmin(size, number(4)));
  const p = polynomial(
    t,
    [
      -1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1,
      -1.28717512e-1,
    ],
  );
  const far = sub(number(1), expOfNegative(f, sub(mul(p, t), t)));
  const chosen = v128.select(f32x4.gt(size, number(0.927734375)), far, near);
  return keep(f, v128.or(chosen, signOf(given)));
}
