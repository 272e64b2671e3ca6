import { f32x4, f64x2, i32, i64x2, v128, type FunctionBuilder, type V128 } from "@tenon/emit";
import { keep } from "./float32.js";

// What float32 is too coarse for on the way: computed two float64 at a time, rounded once at the
// end.

const { const: number, add, sub, mul, div } = f64x2;

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
  const kept = lanes.map((x) => keep(f, x));
  const low = keep(f, narrow(compute(...kept.map((x) => keep(f, widen(x))))));
  const high = keep(
    f,
    narrow(compute(...kept.map((x) => keep(f, widen(v128.shuffle32(x, x, [2, 3, 2, 3])))))),
  );
  return keep(f, v128.shuffle32(low, high, [0, 1, 4, 5]));
}

function polynomial(x: V128, [first, ...rest]: readonly number[]): V128 {
  return rest.reduce<V128>((sum, c) => add(mul(sum, x), number(c)), number(first!));
}

/**
 * What is left of a division, with the sign of the divisor; exact, however large the quotient. By
 * zero it is NaN, of integers 0. A zero has the sign of `a`.
 */
export function remainder(f: FunctionBuilder, a: V128, b: V128, integers: boolean): V128 {
  return halves(f, [a, b], integers, (x, y) => {
    const left = keep(f, x!);
    const quotient = keep(f, div(x!, y!));
    // Quotients that a product with y could not hold exactly are taken down 26 bits at a time.
    if (!integers)
      f.repeat((again, exit) => {
        const size = keep(f, f64x2.abs(quotient));
        const large = keep(
          f,
          v128.and(f64x2.ge(size, number(2 ** 28)), f64x2.lt(size, number(Infinity))),
        );
        f.jumpIf(i32.eqz(v128.any(large)), exit);
        const scale = mul(v128.and(size, number(Infinity)), number(2 ** -26));
        const step = keep(f, mul(y!, scale));
        f.set(left, v128.select(large, sub(left, mul(f64x2.trunc(div(left, step)), step)), left));
        f.set(quotient, div(left, y!));
        f.jump(again);
      });
    const r = keep(f, sub(left, mul(f64x2.floor(quotient), y!)));
    // Zero times infinity: a finite number is its own remainder, or the divisor's if signs differ.
    const infinite = v128.and(
      f64x2.eq(f64x2.abs(y!), number(Infinity)),
      f64x2.lt(f64x2.abs(x!), number(Infinity)),
    );
    const own = v128.select(f64x2.lt(mul(x!, y!), number(0)), y!, x!);
    const signed = v128.or(r, v128.and(f64x2.eq(r, number(0)), v128.and(x!, number(-0))));
    return v128.select(infinite, own, signed);
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
 * 2/π in pieces of 29 bits, whose products with a float32 are exact; to 203 bits, since a float32
 * may be 2¹²⁸ (Payne & Hanek 1983).
 */
const twoOverPi = [
  0x145f306d, 0x19391054, 0x14fe13ab, 0x1d1f534d, 0x1b81b6c5, 0x05664f10, 0x1c820ff2,
].map((bits, k) => bits * 2 ** (-29 * (k + 1)));

/**
 * sin x, or cos x = sin(x + π/2): quarter turns are taken out first. Within 1 unit, however large
 * x.
 */
export function sine(f: FunctionBuilder, x: V128, quarters: 0 | 1): V128 {
  const given = keep(f, x);
  const y = halves(f, [given], false, (a) => {
    const n = keep(f, f64x2.nearest(mul(a!, number(2 / Math.PI))));
    const r = keep(
      f,
      sub(sub(a!, mul(n, number(1.5707963267341256))), mul(n, number(6.077100506506192e-11))),
    );
    const far = keep(f, f64x2.gt(f64x2.abs(a!), number(1e5)));
    f.if(v128.any(far), () => {
      // The quarter turns in x, without their whole fours, piece by piece: no piece is rounded.
      const parts = twoOverPi.map((piece) => {
        const product = keep(f, mul(a!, number(piece)));
        return keep(f, sub(product, mul(f64x2.nearest(mul(product, number(0.25))), number(4))));
      });
      const whole = keep(
        f,
        f64x2.nearest(parts.reduce<V128>((sum, part) => add(sum, part), number(0))),
      );
      const rest = parts.reduce<V128>((sum, part) => add(sum, part), f64x2.neg(whole));
      f.set(r, v128.select(far, mul(rest, number(Math.PI / 2)), r));
      f.set(n, v128.select(far, whole, n));
    });
    const turns = keep(f, add(n, number(quarters)));
    const quadrant = keep(f, sub(turns, mul(f64x2.floor(mul(turns, number(0.25))), number(4))));
    const z = keep(f, mul(r, r));
    const odd = keep(f, mul(polynomial(z, series(1, 6)), r));
    const even = keep(f, polynomial(z, series(0, 7)));
    const swap = v128.or(f64x2.eq(quadrant, number(1)), f64x2.eq(quadrant, number(3)));
    const y = v128.select(swap, even, odd);
    return v128.xor(y, v128.and(f64x2.ge(quadrant, number(2)), number(-0)));
  });
  // sin −0 = −0
  return quarters === 0 ? keep(f, v128.or(y, v128.and(f32x4.eq(given, f32x4.const(0)), given))) : y;
}

/** 2/(2n + 1), highest first: log m = 2 artanh((m − 1)/(m + 1)). */
const artanh = Array.from({ length: 7 }, (_, n) => 2 / (2 * n + 1)).reverse();
const exponential = Array.from({ length: 10 }, (_, n) => {
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return 1 / factorial;
}).reverse();

/** eᵗ for |t| ≤ 700. `t` is used often: keep it first. */
function exponentialOf(f: FunctionBuilder, t: V128): V128 {
  const n = keep(f, f64x2.nearest(mul(t, number(Math.LOG2E))));
  const r = keep(f, sub(t, mul(n, number(Math.LN2))));
  return mul(polynomial(r, exponential), i64x2.shl(add(n, number(4503599627370496 + 1023)), 52));
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
    const z = keep(f, half ? mul(a!, number(-Math.SQRT1_2)) : a!);
    // Beyond, nothing is left of float32.
    const size = keep(f, f64x2.pmin(f64x2.abs(z), number(10.5)));
    const t = keep(f, div(number(2), add(size, number(2))));
    const q = exponentialOf(f, keep(f, f64x2.neg(mul(size, size))));
    const positive = keep(f, mul(mul(polynomial(t, tail), t), q));
    const y = v128.select(f64x2.lt(z, number(0)), sub(number(2), positive), positive);
    return half ? mul(y, number(0.5)) : y;
  });
}

/**
 * aᵇ = e^(b log a) as IEEE 754 has it: of a negative number only to whole powers; 1 to any power,
 * and any number to the power 0, is 1. Within 1 unit.
 */
export function pow(f: FunctionBuilder, a: V128, b: V128): V128 {
  return halves(f, [a, b], false, (x, y) => {
    const size = keep(f, f64x2.abs(x!));
    // |a| = m · 2ᵉ, √½ ≤ m < √2; float32 has no float64 denormals.
    const offset = i64x2.const(0x667f3bcd, 0x3fe6a09e);
    const biased = keep(f, i64x2.sub(size, offset));
    // The exponent's bits, made positive, become a float64's last digits.
    const shifted = i64x2.add(
      i64x2.shrU(i64x2.add(biased, i64x2.const(0, 0x40000000)), 52),
      i64x2.const(0, 0x43300000),
    );
    const e = keep(f, sub(shifted, number(4503599627370496 + 1024)));
    const m = keep(f, i64x2.add(v128.and(biased, i64x2.const(-1, 0x000fffff)), offset));
    const s = keep(f, div(sub(m, number(1)), add(m, number(1))));
    const logarithm = keep(
      f,
      add(mul(polynomial(keep(f, mul(s, s)), artanh), s), mul(e, number(Math.LN2))),
    );
    const zero = f64x2.eq(size, number(0));
    const infinite = keep(f, f64x2.eq(size, number(Infinity)));
    const l = keep(
      f,
      v128.select(zero, number(-Infinity), v128.select(infinite, number(Infinity), logarithm)),
    );

    // (−1)^∞ = 1, so log 1 = 0 times anything is 0; a NaN comes back at the end.
    const product = v128.and(mul(l, y!), f64x2.ne(l, number(0)));
    const t = keep(f, f64x2.pmin(f64x2.pmax(product, number(-700)), number(700)));
    const power = exponentialOf(f, t);

    const half = keep(f, mul(y!, number(0.5)));
    const whole = keep(f, f64x2.eq(f64x2.floor(y!), y!));
    const odd = v128.and(whole, f64x2.ne(f64x2.floor(half), half));
    const signed = v128.xor(power, v128.and(v128.and(x!, number(-0)), odd));
    // A mask of ones is NaN.
    const undefinedRoot = v128.andnot(v128.andnot(f64x2.lt(x!, number(0)), whole), infinite);
    const nan = v128.or(undefinedRoot, v128.or(f64x2.ne(x!, x!), f64x2.ne(y!, y!)));
    const one = v128.or(f64x2.eq(y!, number(0)), f64x2.eq(x!, number(1)));
    return v128.select(one, number(1), v128.or(signed, nan));
  });
}
