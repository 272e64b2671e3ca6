import {
  f32x4,
  f64x2,
  i32,
  i32x4,
  v128,
  type FunctionBuilder,
  type FunctionIndex,
  type Local,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import { follow, type Expressions, type Steps } from "./steps.js";

/**
 * Where a function finds what it works on: addresses at 0, then scalars, then its sums; 16 bytes
 * each but for the addresses.
 */
export interface Frame {
  readonly scalars: number;
  readonly sums: number;
}

/**
 * So many numbers are computed in one turn of a loop: arrays must have room for as many behind
 * their end.
 */
export const turn = 8;

/**
 * Emits `(n)`, which does a loop over n numbers of float32: four at a time in float32, or, where
 * they are added up, two at a time in float64.
 */
export function emitVectors(module: ModuleBuilder, loop: Steps, frame: Frame): FunctionIndex {
  return module.func("loop", ["i32"], (f, n) => {
    const adds = loop.sums.length > 0;
    const pointers = loop.arrays.map((_, i) => f.local("i32", i32.load(0, 4 * i)));
    const scalars = loop.scalars.map((_, i) =>
      f.local("v128", v128.load(0, frame.scalars + 16 * i)),
    );
    const advance = (numbers: number): void =>
      pointers.forEach((pointer) => f.bump(pointer, 4 * numbers));
    const i = f.local("i32");
    const language = expressions(f, adds ? f64x2 : f32x4);
    if (!adds) {
      f.loop(i, 0, n!, turn, () => {
        f.interleave(
          [0, 16].map(
            (ahead) => () =>
              follow(
                loop,
                language,
                scalars,
                (array) => v128.load(pointers[array]!, ahead),
                (array, value) => f.store("v128", pointers[array]!, value, ahead),
              ),
          ),
        );
        advance(turn);
      });
      return;
    }
    const totals = [0, 8].map(() => loop.sums.map(() => f.local("v128")));
    const addTo = (total: Local<"v128">, value: V128): void =>
      f.set(total, f64x2.add(total, value));
    const whole = f.local("i32", i32.and(n!, -4));
    f.loop(i, 0, whole, 4, () => {
      f.interleave(
        totals.map(
          (sums, k) => () =>
            follow(
              loop,
              language,
              scalars,
              (array) => f64x2.promoteLow(v128.load(pointers[array]!, 8 * k)),
              (sum, value) => addTo(sums[sum]!, value),
            ),
        ),
      );
      advance(4);
    });
    const lower = f.local("v128", i32x4.lanes(-1, -1, 0, 0));
    f.loop(i, whole, n!, 1, () => {
      follow(
        loop,
        language,
        scalars,
        (array) => f64x2.promoteLow(v128.loadZero(pointers[array]!)),
        (sum, value) => addTo(totals[0]![sum]!, v128.and(value, lower)),
      );
      advance(1);
    });
    loop.sums.forEach((_, sum) =>
      f.store("v128", 0, f64x2.add(totals[0]![sum]!, totals[1]![sum]!), frame.sums + 16 * sum),
    );
  });
}

function expressions(f: FunctionBuilder, lanes: typeof f32x4 | typeof f64x2): Expressions<V128> {
  const { const: splat, gt, lt } = lanes;
  return {
    ...lanes,
    // Zeros and NaN stay, as with Math.sign.
    sign: (x) =>
      v128.select(
        v128.or(gt(x, splat(0)), lt(x, splat(0))),
        v128.or(v128.and(x, splat(-0)), splat(1)),
        x,
      ),
    name: (value) => f.local("v128", value),
  };
}
