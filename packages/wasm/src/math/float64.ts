import { f32x4, f64x2, i32, i64x2, v128, type FunctionBuilder, type V128 } from "@tenon/emit";

// Functions whose intermediate results need more than float32: computed two float64 at a time and
// rounded once at the end.

const { const: splat, add, sub, mul, div } = f64x2;

/** Computes four lanes as two pairs of float64. */
function halves(
  f: FunctionBuilder,
  lanes: readonly V128[],
  integers: boolean,
  compute: (...pair: V128[]) => V128,
): V128 {
  const [widen, narrow] = integers
    ? [f64x2.convertLow, f64x2.truncLow]
    : [f64x2.promoteLow, f64x2.demote];
  const operands = lanes.map((x) => f.let(x));
  const low = f.let(narrow(compute(...operands.map((x) => f.let(widen(x))))));
  const high = f.let(
    narrow(compute(...operands.map((x) => f.let(widen(v128.shuffle32(x, x, [2, 3, 2, 3])))))),
  );
  return f.let(v128.shuffle32(low, high, [0, 1, 4, 5]));
}

function polynomial(x: V128, [first, ...rest]: readonly number[]): V128 {
  return rest.reduce<V128>((sum, c) => add(mul(sum, x), splat(c)), splat(first!));
}

/**
 * The remainder of a division, with the sign of the divisor; exact, however large the quotient. A
 * division by zero gives NaN, or 0 for integers. A zero has the sign of `a`.
 */
export function remainder(f: FunctionBuilder, a: V128, b: V128, integers: boolean): V128 {
  return halves(f, [a, b], integers, (x, y) => {
    const rest = f.let(x!);
    const quotient = f.let(div(x!, y!));
    // Quotients whose product with y would be rounded are reduced by 26 bits at a time.
    if (!integers)
      f.repeat((again, exit) => {
        const size = f.let(f64x2.abs(quotient));
        const large = f.let(
          v128.and(f64x2.ge(size, splat(2 ** 28)), f64x2.lt(size, splat(Infinity))),
        );
        f.jumpIf(i32.eqz(v128.any(large)), exit);
        const scale = mul(v128.and(size, splat(Infinity)), splat(2 ** -26));
        const step = f.let(mul(y!, scale));
        f.set(rest, v128.select(large, sub(rest, mul(f64x2.trunc(div(rest, step)), step)), rest));
        f.set(quotient, div(rest, y!));
        f.jump(again);
      });
    const r = f.let(sub(rest, mul(f64x2.floor(quotient), y!)));
    // 0 · ∞ is NaN: the remainder of a finite x by ∞ is x, or the divisor if the signs differ.
    const infinite = v128.and(
      f64x2.eq(f64x2.abs(y!), splat(Infinity)),
      f64x2.lt(f64x2.abs(x!), splat(Infinity)),
    );
    const byInfinity = v128.select(f64x2.lt(mul(x!, y!), splat(0)), y!, x!);
    const signed = v128.or(r, v128.and(f64x2.eq(r, splat(0)), v128.and(x!, splat(-0))));
    return v128.select(infinite, byInfinity, signed);
  });
}

/** 1/1!, −1/3!, … or 1/0!, −1/2!, …, highest first. */
const series = (start: number, terms: number): number[] =>
  Array.from({ length: terms }, (_, n) => {
    let factorial = 1;
    for (let k = 2; k <= 2 * n + start; k++) factorial *= k;
    return (n % 2 === 0 ? 1 : -1) / factorial;
  }).reverse();

/**
 * 2/π in parts of 29 bits, whose products with a float32 are exact; to 203 bits, since a float32
 * may be 2¹²⁸ (Payne & Hanek 1983).
 */
const twoOverPi = [
  0x145f306d, 0x19391054, 0x14fe13ab, 0x1d1f534d, 0x1b81b6c5, 0x05664f10, 0x1c820ff2,
].map((bits, k) => bits * 2 ** (-29 * (k + 1)));

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
      const parts = twoOverPi.map((bits29) => {
        const product = f.let(mul(a!, splat(bits29)));
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
    const odd = f.let(mul(polynomial(z, series(1, 6)), r));
    const even = f.let(polynomial(z, series(0, 7)));
    const swap = v128.or(f64x2.eq(quadrant, splat(1)), f64x2.eq(quadrant, splat(3)));
    const y = v128.select(swap, even, odd);
    return v128.xor(y, v128.and(f64x2.ge(quadrant, splat(2)), splat(-0)));
  });
  // sin −0 = −0
  return quarters === 0
    ? f.let(v128.or(y, v128.and(f32x4.eq(argument, f32x4.const(0)), argument)))
    : y;
}

/** 2/(2n + 1), highest first: log m = 2 artanh((m − 1)/(m + 1)). */
const artanh = Array.from({ length: 7 }, (_, n) => 2 / (2 * n + 1)).reverse();
const exponential = Array.from({ length: 10 }, (_, n) => {
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return 1 / factorial;
}).reverse();

/** eᵗ for |t| ≤ 700. `t` is used often: pass a local. */
function exponentialOf(f: FunctionBuilder, t: V128): V128 {
  const n = f.let(f64x2.nearest(mul(t, splat(Math.LOG2E))));
  const r = f.let(sub(t, mul(n, splat(Math.LN2))));
  return mul(polynomial(r, exponential), i64x2.shl(add(n, splat(4503599627370496 + 1023)), 52));
}

/**
 * e^(z²) erfc(z) / t, t = 2 / (2 + z), for 0 ≤ z ≤ 10.5: interpolated at Chebyshev's nodes, within
 * 9e-10 of itself.
 */
const tail = [
  -0.03185800884415249, 0.23648792875997462, -0.7506239420999348, 1.290718028743938,
  -1.2443274760057388, 0.6565791144461535, -0.29689233160900536, 0.16675466114602205,
  0.16027194274091727, 0.24884264889432853, 0.28194790397243685, 0.28209952979245123,
];

/**
 * erfc(x) = 1 − erf(x), or with `half` the normal distribution Φ(x) = ½ erfc(−x / √2): no tail
 * cancels. Within 1 unit, which erfc(x) = t e^(−x²) P(t) has as long as it is a float32.
 */
export function erfc(f: FunctionBuilder, x: V128, half: boolean): V128 {
  return halves(f, [x], false, (a) => {
    const z = f.let(half ? mul(a!, splat(-Math.SQRT1_2)) : a!);
    // For larger arguments the result is below the smallest float32.
    const size = f.let(f64x2.pmin(f64x2.abs(z), splat(10.5)));
    const t = f.let(div(splat(2), add(size, splat(2))));
    const q = exponentialOf(f, f.let(f64x2.neg(mul(size, size))));
    const positive = f.let(mul(mul(polynomial(t, tail), t), q));
    const y = v128.select(f64x2.lt(z, splat(0)), sub(splat(2), positive), positive);
    return half ? mul(y, splat(0.5)) : y;
  });
}

/**
 * aᵇ = e^(b log a) by the rules of IEEE 754: negative bases have integer powers only; 1 to any
 * power, and anything to the power 0, is 1. Within 1 unit.
 */
export function pow(f: FunctionBuilder, a: V128, b: V128): V128 {
  return halves(f, [a, b], false, (x, y) => {
    const size = f.let(f64x2.abs(x!));
    // |a| = m · 2ᵉ, √½ ≤ m < √2; float32 has no float64 denormals.
    const offset = i64x2.const(0x667f3bcd, 0x3fe6a09e);
    const biased = f.let(i64x2.sub(size, offset));
    // The bits of the exponent, made positive, become the last digits of a float64.
    const shifted = i64x2.add(
      i64x2.shrU(i64x2.add(biased, i64x2.const(0, 0x40000000)), 52),
      i64x2.const(0, 0x43300000),
    );
    const e = f.let(sub(shifted, splat(4503599627370496 + 1024)));
    const m = f.let(i64x2.add(v128.and(biased, i64x2.const(-1, 0x000fffff)), offset));
    const s = f.let(div(sub(m, splat(1)), add(m, splat(1))));
    const logarithm = f.let(
      add(mul(polynomial(f.let(mul(s, s)), artanh), s), mul(e, splat(Math.LN2))),
    );
    const zero = f64x2.eq(size, splat(0));
    const infinite = f.let(f64x2.eq(size, splat(Infinity)));
    const l = f.let(
      v128.select(zero, splat(-Infinity), v128.select(infinite, splat(Infinity), logarithm)),
    );

    // (−1)^∞ = 1, so log 1 = 0 times anything is 0; NaN operands are handled at the end.
    const product = v128.and(mul(l, y!), f64x2.ne(l, splat(0)));
    const t = f.let(f64x2.pmin(f64x2.pmax(product, splat(-700)), splat(700)));
    const power = exponentialOf(f, t);

    const half = f.let(mul(y!, splat(0.5)));
    const whole = f.let(f64x2.eq(f64x2.floor(y!), y!));
    const odd = v128.and(whole, f64x2.ne(f64x2.floor(half), half));
    const signed = v128.xor(power, v128.and(v128.and(x!, splat(-0)), odd));
    // A mask of ones is NaN.
    const undefinedRoot = v128.andnot(v128.andnot(f64x2.lt(x!, splat(0)), whole), infinite);
    const nan = v128.or(undefinedRoot, v128.or(f64x2.ne(x!, x!), f64x2.ne(y!, y!)));
    const one = v128.or(f64x2.eq(y!, splat(0)), f64x2.eq(x!, splat(1)));
    return v128.select(one, splat(1), v128.or(signed, nan));
  });
}
