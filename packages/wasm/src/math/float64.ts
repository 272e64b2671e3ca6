import type { FunctionBuilder, V128, VectorFunction } from "@tenon/emit";
import * as f64x2 from "@tenon/emit/f64x2";
import { const as splat, add, sub, mul, div } from "@tenon/emit/f64x2";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";

// Functions whose intermediate results need more than float32: computed two float64 at a time and
// rounded once at the end.

/** Computes four lanes as two pairs of float64. */
export function halves(
  f: FunctionBuilder,
  lanes: readonly V128[],
  integers: boolean,
  compute: (...pair: V128[]) => V128,
): V128 {
  const [widen, narrow] = integers
    ? [f64x2.convertLow, f64x2.truncLow]
    : [f64x2.promoteLow, f64x2.demote];
  const operands = lanes.map((x) => f.let(x));
  const results: V128[] = [];
  const pair = (widened: (x: V128) => V128) => (): void =>
    void results.push(f.let(narrow(compute(...operands.map((x) => f.let(widened(x)))))));
  f.interleave([pair((x) => widen(x)), pair((x) => widen(v128.shuffle32(x, x, [2, 3, 2, 3])))]);
  return f.let(v128.shuffle32(results[0]!, results[1]!, [0, 1, 4, 5]));
}

/** The coefficients of x⁰, x¹, … as `polynomial` takes them: the highest power's first. */
/* @__NO_SIDE_EFFECTS__ */ export function highestFirst(
  terms: number,
  coefficient: (n: number) => number,
): number[] {
  return Array.from({ length: terms }, (_, n) => coefficient(n)).reverse();
}

/** n! = 1 · 2 · … · n, exact up to n = 18. */
export function factorial(n: number): number {
  let product = 1;
  for (let k = 2; k <= n; k++) product *= k;
  return product;
}

/** c₀xⁿ + c₁xⁿ⁻¹ + …, by Horner's rule, as in float32. `x` is used often: pass a local. */
export function polynomial(f: FunctionBuilder, x: V128, [first, ...rest]: readonly number[]): V128 {
  const sum = f.let(splat(first!));
  for (const c of rest) f.set(sum, add(mul(sum, x), splat(c)));
  return sum;
}

/**
 * The remainder of a division, with the sign of the divisor; exact, however large the quotient. A
 * division by zero gives NaN, or 0 for integers. A zero has the sign of `a`.
 */
export const remainder: VectorFunction = (f, a, b, { integers }) =>
  halves(f, [a, b], integers, (x, y) => {
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
