import type { FunctionBuilder, V128 } from "@tenon/emit";
import * as f64x2 from "@tenon/emit/f64x2";
import { const as splat, add, sub, mul, div } from "@tenon/emit/f64x2";
import * as i64x2 from "@tenon/emit/i64x2";
import * as v128 from "@tenon/emit/v128";
import { erfcTerms } from "@tenon/plan";
import { factorial, halves, highestFirst, polynomial } from "./float64.js";

// Functions of float64 that need exponentials: tails of the normal distribution, and powers.

/** 2/(2n + 1), highest first: log m = 2 artanh((m − 1)/(m + 1)). */
const artanh = /* @__PURE__ */ highestFirst(7, (n) => 2 / (2 * n + 1));
/** 1/n!, highest first. */
const exponential = /* @__PURE__ */ highestFirst(10, (n) => 1 / factorial(n));

/** eᵗ for |t| ≤ 700. `t` is used often: pass a local. */
function exponentialOf(f: FunctionBuilder, t: V128): V128 {
  const n = f.let(f64x2.nearest(mul(t, splat(Math.LOG2E))));
  const r = f.let(sub(t, mul(n, splat(Math.LN2))));
  return mul(polynomial(f, r, exponential), i64x2.shl(add(n, splat(4503599627370496 + 1023)), 52));
}

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
    const positive = f.let(mul(mul(polynomial(f, t, erfcTerms), t), q));
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
      add(mul(polynomial(f, f.let(mul(s, s)), artanh), s), mul(e, splat(Math.LN2))),
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
