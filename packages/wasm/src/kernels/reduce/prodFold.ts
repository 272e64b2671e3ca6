import * as f32x4 from "@tenon/emit/f32x4";
import * as f64x2 from "@tenon/emit/f64x2";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import type { FoldOf } from "./fold.js";

/** A product. Its rounding errors add up, however it is cut: a long one is taken in float64. */
export const prodFold: FoldOf = (integers) => {
  if (integers) return { start: i32x4.const(1), fold: i32x4.mul };
  return {
    start: f32x4.const(1),
    fold: f32x4.mul,
    long: {
      start: f64x2.const(1),
      fold: f64x2.mul,
      take(f, elements) {
        const x = f.let(elements);
        const last = v128.shuffle32(x, x, [2, 3, 2, 3]);
        return f64x2.mul(f64x2.promoteLow(x), f64x2.promoteLow(last));
      },
      rounded: f64x2.demote,
    },
  };
};
