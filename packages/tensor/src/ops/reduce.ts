import { badArgument, isFiniteNumber, noOptions, shown } from "@tenon/guards";
import { axesOf, axisOf, sizeOf } from "../shapes.js";
import { checkFlag, checkTensor } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import { productOfOthers } from "../internal/running.js";
import { walk } from "../internal/walk.js";
import type { Op } from "../op.js";
import type { Axes, Tensor } from "../tensor.js";
import { where } from "./elementwise.js";

export interface ReduceAttrs {
  /** Counted from the front, in order. The output has size 1 along them. */
  readonly axes: readonly number[];
}

export type Reduce = (x: Tensor, axes?: Axes, keepDims?: boolean) => Tensor;

/**
 * The value of an empty reduction, and how an element is folded in; integers may have their own
 * fold.
 */
interface Fold {
  readonly start: number;
  readonly join: (sum: number, x: number) => number;
}

/**
 * Folds the values along some axes into one. Axes are kept with size 1, and dropped by a reshape.
 */
/* @__NO_SIDE_EFFECTS__ */ function reduction(
  name: string,
  ofFloats: Fold,
  grad: (x: Tensor, y: Tensor, g: Tensor, axes: readonly number[]) => Tensor,
  ofIntegers: Fold = ofFloats,
): Reduce {
  const op: Op<ReduceAttrs> = {
    name,
    gradient: (y, g) => [grad(y.inputs[0]!, y, g, y.attrs.axes)],
    evaluate(node, [x], out) {
      const { start, join } = node.dtype === "int32" ? ofIntegers : ofFloats;
      const sums = new Float64Array(out.length).fill(start);
      walk(x!.shape, keptStrides(x!.shape, node.attrs.axes), 0, (to, from) => {
        sums[to] = join(sums[to]!, x!.data[from]!);
      });
      out.set(sums);
    },
  };
  return (x, axes, keepDims = false) => {
    check(name, x, axes, keepDims);
    const over = axesOf(name, axes, x.shape.length);
    if (over.length === 0) return x;
    const kept = x.shape.map((n, i) => (over.includes(i) ? 1 : n));
    const y = makeNode(op, [x], kept, x.dtype, { axes: over } satisfies ReduceAttrs);
    return keepDims ? y : y.reshape(x.shape.filter((_, i) => !over.includes(i)));
  };
}

/** Strides of the output as the input walks by: 0 along what is folded. */
function keptStrides(shape: readonly number[], axes: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(0);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (axes.includes(i)) continue;
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** The gradient divided equally among the elements that equal the extreme. */
function shared(x: Tensor, y: Tensor, g: Tensor, axes: readonly number[]): Tensor {
  const ties = x.equal(y).cast("float32");
  return ties.mul(g.div(ties.sum(axes, true)));
}

/** Σ x; of nothing it is 0. int32 wraps around. */
export const sum: Reduce = reduction(
  "sum",
  { start: 0, join: (sum, x) => sum + x },
  (x, _, g) => g.broadcastTo(x.shape),
  { start: 0, join: (sum, x) => (sum + x) | 0 },
);

/**
 * The largest; NaN if any is; of nothing it is −∞ (int32: the smallest integer). The gradient is
 * divided among equals.
 */
export const max: Reduce = reduction("max", { start: -Infinity, join: Math.max }, shared, {
  start: -2147483648,
  join: Math.max,
});

/**
 * The smallest; NaN if any is; of nothing it is ∞ (int32: the largest integer). The gradient is
 * divided among equals.
 */
export const min: Reduce = reduction("min", { start: Infinity, join: Math.min }, shared, {
  start: 2147483647,
  join: Math.min,
});

/** Π x; of nothing it is 1. int32 wraps around. */
export const prod: Reduce = reduction(
  "prod",
  { start: 1, join: (sum, x) => sum * x },
  (x, _, g, axes) => {
    // All folded axes as one last axis, where each element's gradient is the product of all the
    // others.
    const kept = x.shape.flatMap((_, i) => (axes.includes(i) ? [] : [i]));
    const order = [...kept, ...axes];
    const back = order.map((_, i) => order.indexOf(i));
    const transposed = x.transpose(order);
    const rows = transposed.shape.slice(0, kept.length);
    const others = productOfOthers(
      transposed.reshape([...rows, sizeOf(transposed.shape.slice(kept.length))]),
      kept.length,
    );
    return g.mul(others.reshape(transposed.shape).transpose(back));
  },
  { start: 1, join: Math.imul },
);

/** Σ x / n, float32 also of integers; of nothing it is NaN. */
export const mean: Reduce = (x, axes, keepDims = false) => {
  check("mean", x, axes, keepDims);
  const count = countOf("mean", x, axes);
  const total = x.dtype === "int32" ? totalOf(x, axes, keepDims, count) : sum(x, axes, keepDims);
  return total.div(count);
};

/**
 * Σ x of `count` integers as float32, rounded only at the end: float32 does not have all integers,
 * and int32 wraps around. Their digits to a base of 2ⁿ are summed one by one, n such that those
 * sums are int32, and the carries of these move up.
 */
function totalOf(x: Tensor, axes: Axes | undefined, keepDims: boolean, count: number): Tensor {
  const bits = Math.min(16, 31 - Math.ceil(Math.log2(Math.max(1, count))));
  const base = 2 ** bits;
  const digits: Tensor[] = [];
  let rest = x;
  for (let remainingBits = 32; remainingBits > bits; remainingBits -= bits) {
    digits.push(sum(rest.remainder(base), axes, keepDims));
    rest = shifted(rest, bits);
  }
  let top = sum(rest, axes, keepDims);
  let carry: Tensor | undefined;
  const low = digits.map((digit) => {
    const all = carry ? digit.add(carry) : digit;
    carry = shifted(all, bits);
    return all.remainder(base);
  });
  if (carry) top = top.add(carry);
  return low.reduceRight(
    (total, digit) => total.mul(base).add(digit.cast("float32")),
    top.cast("float32"),
  );
}

/** ⌊x / 2ⁿ⌋ of integers, n ≤ 16, in two halves, which float32 divides exactly. */
function shifted(x: Tensor, bits: number): Tensor {
  const low = x.remainder(65536);
  const high = x.sub(low).div(65536).cast("int32");
  const part = low
    .sub(low.remainder(2 ** bits))
    .div(2 ** bits)
    .cast("int32");
  return high.mul(2 ** (16 - bits)).add(part);
}

/** The guard of what is made of other reductions, whose messages would name those. */
function check(name: string, x: Tensor, axes: Axes | undefined, keepDims: boolean): void {
  checkTensor(name, x);
  axesOf(name, axes, x.shape.length);
  checkFlag(name, "keepDims", keepDims);
}

function checkVariance(
  name: string,
  x: Tensor,
  axes: Axes | undefined,
  keepDims: boolean,
  correction: number,
): void {
  check(name, x, axes, keepDims);
  if (!isFiniteNumber(correction))
    throw badArgument(name, "correction as a finite number", shown(correction));
}

/** How many values are folded into one. */
function countOf(name: string, x: Tensor, axes: Axes | undefined): number {
  return axesOf(name, axes, x.shape.length).reduce((n, axis) => n * x.shape[axis]!, 1);
}

/**
 * Σ (x − mean)² / (n − correction). Corrections are 0 for the variance of these values (Keras) and
 * 1 for an estimate from a sample (PyTorch's default).
 */
export function variance(x: Tensor, axes?: Axes, keepDims = false, correction = 0): Tensor {
  checkVariance("variance", x, axes, keepDims, correction);
  return x
    .sub(mean(x, axes, true))
    .square()
    .sum(axes, keepDims)
    .div(Math.max(0, countOf("variance", x, axes) - correction));
}

/** √variance. Where all values are equal its gradient is 0. */
export function std(x: Tensor, axes?: Axes, keepDims = false, correction = 0): Tensor {
  checkVariance("std", x, axes, keepDims, correction);
  const count = countOf("std", x, axes);
  const centred = x.sub(mean(x, axes, true));
  return rootOfSquares(centred, axesOf("std", axes, x.shape.length), keepDims, (sum) =>
    sum.div(Math.max(0, count - correction)),
  );
}

/** √Σ x² (the Euclidean or Frobenius norm). Where all values are 0 its gradient is 0. */
export const norm: Reduce = (x, axes, keepDims = false) => {
  check("norm", x, axes, keepDims);
  return rootOfSquares(
    x.cast("float32"),
    axesOf("norm", axes, x.shape.length),
    keepDims,
    (sum) => sum,
  );
};

/**
 * √(Σ x²), or of what `of` makes of the sum, for floats. Values whose squares would over- or
 * underflow in float32 are scaled by a power of two and back, which loses no bit, in gradients
 * neither; others keep theirs. Blue (1978), A portable Fortran program to find the Euclidean norm
 * of a vector.
 */
function rootOfSquares(
  x: Tensor,
  over: readonly number[],
  keepDims: boolean,
  of: (sum: Tensor) => Tensor,
): Tensor {
  // Where Σ|x| is between these, all of Σx² that matters are normal float32, for up to 2²⁵ values;
  // elsewhere they are after a step.
  const [low, high, step] = [2 ** -30, 2 ** 60, 2 ** 90];
  const size = x.detach().abs().sum(over, true);
  const small = size.less(low);
  const large = size.greater(high);
  const scale = where(small, step, where(large, 1 / step, 1));
  const back = where(small, 1 / step, where(large, step, 1));
  const y = rootOf(of(x.mul(scale).square().sum(over, true))).mul(back);
  return keepDims ? y : y.reshape(x.shape.filter((_, i) => !over.includes(i)));
}

/** A square root whose gradient at 0 is 0 instead of infinite. */
function rootOf(x: Tensor): Tensor {
  const zero = x.equal(0);
  return where(zero, 0, where(zero, 1, x).sqrt());
}

/** Whether any is not zero, as int32 0 or 1; of nothing it is 0. */
export const any: Reduce = (x, axes, keepDims = false) => {
  check("any", x, axes, keepDims);
  return x.notEqual(0).sum(axes, keepDims).greater(0);
};

/** Whether none is zero, as int32 0 or 1; of nothing it is 1. */
export const all: Reduce = (x, axes, keepDims = false) => {
  check("all", x, axes, keepDims);
  return x.equal(0).sum(axes, keepDims).equal(0);
};

/**
 * log Σ eˣ; of nothing it is −∞. The largest is taken out first, so that nothing overflows; it
 * carries no gradient, since it cancels.
 */
export const logSumExp: Reduce = (input, axes, keepDims = false) => {
  check("logSumExp", input, axes, keepDims);
  const x = input.cast("float32");
  const over = axesOf("logSumExp", axes, x.shape.length);
  const top = x.max(over, true).detach();
  // An infinite maximum would make ∞ − ∞: it is not subtracted.
  const finite = where(top.abs().equal(Infinity), 0, top);
  // Where all are −∞ so is the result, and its gradient is 0: that of log 0 would be infinite, and
  // times e^−∞ NaN.
  const total = x.sub(finite).exp().sum(over, true);
  const none = total.equal(0);
  const y = where(none, -Infinity, where(none, 1, total).log().add(finite));
  return keepDims ? y : y.reshape(x.shape.filter((_, i) => !over.includes(i)));
};

/** eˣ / Σ eˣ along an axis. −∞ becomes 0; where all are −∞ it is NaN. Bridle (1990). */
export function softmax(input: Tensor, axis = -1): Tensor {
  noOptions("softmax", arguments[2]);
  checkTensor("softmax", input);
  axisOf("softmax", axis, input.shape.length);
  const x = input.cast("float32");
  const e = x.sub(x.max(axis, true).detach()).exp();
  return e.div(e.sum(axis, true));
}

/** x − log Σ eˣ along an axis: the logarithm of softmax, without overflow. */
export function logSoftmax(input: Tensor, axis = -1): Tensor {
  noOptions("logSoftmax", arguments[2]);
  checkTensor("logSoftmax", input);
  axisOf("logSoftmax", axis, input.shape.length);
  const x = input.cast("float32");
  const centred = x.sub(x.max(axis, true).detach());
  return centred.sub(centred.exp().sum(axis, true).log());
}

export interface ArgAttrs {
  readonly axis: number;
}

/* @__NO_SIDE_EFFECTS__ */ function arg(
  name: string,
  wins: (x: number, best: number) => boolean,
): (x: Tensor, axis?: number, keepDims?: boolean) => Tensor {
  const op: Op<ArgAttrs> = {
    name,
    gradient: () => [],
    evaluate(node, [x], out) {
      const { axis } = node.attrs;
      const n = x!.shape[axis]!;
      const inner = sizeOf(x!.shape.slice(axis + 1));
      for (let i = 0; i < out.length; i++) {
        const from = Math.floor(i / inner) * n * inner + (i % inner);
        let best = 0;
        for (let k = 1; k < n; k++) {
          const x1 = x!.data[from + k * inner]!;
          const top = x!.data[from + best * inner]!;
          if (top === top && (wins(x1, top) || x1 !== x1)) best = k;
        }
        out[i] = best;
      }
    },
  };
  return (x, axis = -1, keepDims = false) => {
    check(name, x, axis, keepDims);
    const along = axisOf(name, axis, x.shape.length);
    if (x.shape[along] === 0)
      throw badArgument(name, `at least one value along axis ${along}`, "none");
    const y = makeNode(
      op,
      [x],
      x.shape.map((n, i) => (i === along ? 1 : n)),
      "int32",
      { axis: along } satisfies ArgAttrs,
    );
    return keepDims ? y : y.reshape(x.shape.filter((_, i) => i !== along));
  };
}

/** Where the largest is: the first of equals, the first NaN if there is one. */
export const argMax: (x: Tensor, axis?: number, keepDims?: boolean) => Tensor = arg(
  "argMax",
  (x, best) => x > best,
);
/** Where the smallest is: the first of equals, the first NaN if there is one. */
export const argMin: (x: Tensor, axis?: number, keepDims?: boolean) => Tensor = arg(
  "argMin",
  (x, best) => x < best,
);
