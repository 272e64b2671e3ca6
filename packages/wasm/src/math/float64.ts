import { f64x2, i64x2, v128, type FunctionBuilder, type V128 } from "../emit/index.js";
import { keep } from "./float32.js";

// What float32 is too coarse for on the way: computed two float64 at a time, rounded once at the end.

const { const: number, add, sub, mul, div } = f64x2;

/** Computes four lanes as two pairs of float64. */
function halves(f: FunctionBuilder, lanes: readonly V128[], integers: boolean, compute: (...pair: V128[]) => V128): V128 {
  const [widen, narrow] = integers ? [f64x2.convertLow, f64x2.truncLow] : [f64x2.promoteLow, f64x2.demote];
  const kept = lanes.map((x) => keep(f, x));
  const low = keep(f, narrow(compute(...kept.map((x) => keep(f, widen(x))))));
  const high = keep(f, narrow(compute(...kept.map((x) => keep(f, widen(v128.shuffle32(x, x, [2, 3, 2, 3])))))));
  return keep(f, v128.shuffle32(low, high, [0, 1, 4, 5]));
}

function polynomial(x: V128, [first, ...rest]: readonly number[]): V128 {
  return rest.reduce<V128>((sum, c) => add(mul(sum, x), number(c)), number(first!));
}

/** What is left of a division, with the sign of the divisor. */
export function remainder(f: FunctionBuilder, a: V128, b: V128, integers: boolean): V128 {
  return halves(f, [a, b], integers, (x, y) => {
    const q = keep(f, f64x2.floor(div(x!, y!)));
    const r = keep(f, sub(x!, mul(q, y!)));
    // Zero times infinity: a finite number is its own remainder, or the divisor's if signs differ.
    const infinite = v128.and(f64x2.eq(f64x2.abs(y!), number(Infinity)), f64x2.lt(f64x2.abs(x!), number(Infinity)));
    const own = v128.select(f64x2.lt(mul(x!, y!), number(0)), y!, x!);
    return v128.select(infinite, own, r);
  });
}

// 1/1!, −1/3!, … and 1/0!, −1/2!, …, highest first.
const series = (start: number): number[] => Array.from({ length: 8 }, (_, n) => {
  let factorial = 1;
  for (let k = 2; k <= 2 * n + start; k++) factorial *= k;
  return (n % 2 === 0 ? 1 : -1) / factorial;
}).reverse();

/** sin x, or cos x = sin(x + π/2): quarter turns are taken out first. */
export function sine(f: FunctionBuilder, x: V128, quarters: 0 | 1): V128 {
  return halves(f, [x], false, (a) => {
    const n = keep(f, f64x2.nearest(mul(a!, number(2 / Math.PI))));
    const r = keep(f, sub(sub(a!, mul(n, number(1.5707963267341256))), mul(n, number(6.077100506506192e-11))));
    const turns = keep(f, add(n, number(quarters)));
    const quadrant = keep(f, sub(turns, mul(f64x2.floor(mul(turns, number(0.25))), number(4))));
    const z = keep(f, mul(r, r));
    const odd = keep(f, mul(polynomial(z, series(1)), r)), even = keep(f, polynomial(z, series(0)));
    const swap = v128.or(f64x2.eq(quadrant, number(1)), f64x2.eq(quadrant, number(3)));
    const y = keep(f, v128.select(swap, even, odd));
    return v128.select(f64x2.ge(quadrant, number(2)), f64x2.neg(y), y);
  });
}

// 2/(2n + 1), highest first: log m = 2 artanh((m − 1)/(m + 1)).
const artanh = Array.from({ length: 10 }, (_, n) => 2 / (2 * n + 1)).reverse();
const exponential = Array.from({ length: 13 }, (_, n) => {
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return 1 / factorial;
}).reverse();

/** aᵇ = e^(b log a); of a negative number only to whole powers. */
export function pow(f: FunctionBuilder, a: V128, b: V128): V128 {
  return halves(f, [a, b], false, (x, y) => {
    const size = keep(f, f64x2.abs(x!));
    // |a| = m · 2ᵉ, √½ ≤ m < √2; float32 has no float64 denormals.
    const offset = i64x2.const(0x667f3bcd, 0x3fe6a09e);
    const biased = keep(f, i64x2.sub(size, offset));
    // The exponent's bits, made positive, become a float64's last digits.
    const shifted = i64x2.add(i64x2.shrU(i64x2.add(biased, i64x2.const(0, 0x40000000)), 52), i64x2.const(0, 0x43300000));
    const e = keep(f, sub(shifted, number(4503599627370496 + 1024)));
    const m = keep(f, i64x2.add(v128.and(biased, i64x2.const(-1, 0x000fffff)), offset));
    const s = keep(f, div(sub(m, number(1)), add(m, number(1))));
    const logarithm = keep(f, add(mul(polynomial(keep(f, mul(s, s)), artanh), s), mul(e, number(Math.LN2))));
    const zero = f64x2.eq(size, number(0)), infinite = f64x2.eq(size, number(Infinity));
    const l = keep(f, v128.select(zero, number(-Infinity), v128.select(infinite, number(Infinity), logarithm)));

    const t = keep(f, f64x2.min(f64x2.max(mul(l, y!), number(-700)), number(700)));
    const n = keep(f, f64x2.nearest(mul(t, number(Math.LOG2E))));
    const r = keep(f, sub(t, mul(n, number(Math.LN2))));
    const scale = i64x2.shl(add(n, number(4503599627370496 + 1023)), 52);
    const power = keep(f, mul(polynomial(r, exponential), scale));

    const half = keep(f, mul(y!, number(0.5)));
    const whole = f64x2.eq(f64x2.floor(y!), y!), even = f64x2.eq(f64x2.floor(half), half);
    const negative = keep(f, v128.select(whole, v128.select(even, power, f64x2.neg(power)), number(NaN)));
    const signed = keep(f, v128.select(f64x2.lt(x!, number(0)), negative, power));
    const defined = keep(f, v128.select(v128.and(f64x2.eq(x!, x!), f64x2.eq(y!, y!)), signed, number(NaN)));
    return v128.select(f64x2.eq(y!, number(0)), number(1), defined);
  });
}

