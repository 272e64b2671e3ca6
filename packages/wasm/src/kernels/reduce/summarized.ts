import { f32x4, i32x4, v128, type FunctionBuilder } from "@tenon/emit";
import { addTo, foldOf } from "./fold.js";
import type { ColumnFold } from "./foldColumns.js";

/**
 * x² is summed of x · scale: of every array of finite elements one of these scales neither
 * overflows nor loses what matters in underflow. Blue (1978), A portable Fortran program to find
 * the Euclidean norm of a vector.
 */
const large = 2 ** 90;
const least = 2 ** -60;

/**
 * The mean and the standard deviation of columns of `n` elements, and how many of these are zero and
 * not finite. Nearly always one pass is enough, in which elements are taken as they are. Another
 * takes them times another scale where their squares over- or underflowed, another differences from
 * the mean where the standard deviation is small compared with it, and one with scale 0 counts those
 * that are finite, where some are not.
 */
export function summarized(f: FunctionBuilder, n: number): ColumnFold {
  const [zero, one, count] = [f32x4.const(0), f32x4.const(1), f32x4.const(n)];
  // So short that a variance loses no more than the square of the mean has over it.
  const sum = { ...foldOf("sum", false), shortest: 32 };
  const scale = f.local("v128", one);
  const pivot = f.local("v128", zero);
  const zeros = f.local("v128");
  return {
    folds: [sum, sum, foldOf("sum", true)],
    add(given, [sum, squares, zeros]) {
      const scaled = f.let(f32x4.mul(given, scale));
      const x = f.let(f32x4.sub(scaled, pivot));
      addTo(f, sum!, x);
      addTo(f, squares!, f32x4.mul(x, x));
      // A mask is −1 where it is true.
      f.set(zeros!.total, i32x4.sub(zeros!.total, f32x4.eq(scaled, zero)));
    },
    finish(sums, store) {
      const [sum, squares, counted] = sums.map(({ total }) => total);
      const ofZeros = f.let(f32x4.convert(counted!));
      const mean = f.let(f32x4.div(sum!, count));
      const meanSquare = f.let(f32x4.mul(mean, mean));
      const variance = f.let(f32x4.max(f32x4.sub(f32x4.div(squares!, count), meanSquare), zero));
      // Times a smaller scale, others may be zero, too.
      f.set(zeros, v128.select(f32x4.ge(scale, one), ofZeros, zeros));
      store(f32x4.div(f32x4.add(pivot, mean), scale), 0);
      store(f32x4.div(f32x4.sqrt(variance), scale), 1);
      store(zeros, 2);
      store(v128.and(f32x4.eq(scale, zero), f32x4.sub(count, ofZeros)), 3);

      const hasPivot = f.let(f32x4.ne(pivot, zero));
      const isSmall = v128.and(
        v128.andnot(f32x4.lt(squares!, f32x4.const(least)), hasPivot),
        f32x4.ne(ofZeros, count),
      );
      const next = f.let(
        v128.select(
          isSmall,
          f32x4.const(large),
          v128.select(
            f32x4.lt(squares!, f32x4.const(Infinity)),
            scale,
            v128.select(f32x4.ge(scale, one), f32x4.const(1 / large), zero),
          ),
        ),
      );
      const rescales = f.let(f32x4.ne(next, scale));
      const cancels = f.let(
        v128.andnot(
          f32x4.gt(meanSquare, f32x4.mul(variance, f32x4.const(8))),
          v128.or(hasPivot, rescales),
        ),
      );
      f.set(scale, next);
      f.set(pivot, v128.select(cancels, mean, pivot));
      return f.let(v128.or(rescales, cancels));
    },
  };
}
