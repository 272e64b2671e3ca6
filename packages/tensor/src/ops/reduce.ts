import { axesOf, axisOf, sizeOf } from "../shapes.js";
import { record } from "../internal/record.js";
import type { Op } from "../op.js";
import type { Axes, Tensor } from "../tensor.js";
import { walk } from "./movement.js";
import { where } from "./elementwise.js";

export interface ReduceAttrs {
  /** Counted from the front, in order. The output has size 1 along them. */
  readonly axes: readonly number[];
}

export type Reduce = (x: Tensor, axes?: Axes, keepDims?: boolean) => Tensor;

/** Folds the numbers along some axes into one, starting from `start`. Axes are kept with size 1, and dropped by a reshape. */
function reduction(name: string, start: number, fold: (sum: number, x: number) => number, slope: (x: Tensor, y: Tensor, g: Tensor, axes: readonly number[]) => Tensor): Reduce {
  const op: Op<ReduceAttrs> = {
    name,
    gradient: (y, g) => [slope(y.inputs[0]!, y, g, y.attrs.axes)],
    evaluate(node, [x], out) {
      const sums = new Float64Array(out.length).fill(start);
      walk(x!.shape, keptStrides(x!.shape, node.attrs.axes), 0, (to, from) => { sums[to] = fold(sums[to]!, x!.data[from]!); });
      out.set(sums);
    },
  };
  return (x, axes, keepDims = false) => {
    const over = axesOf(name, axes, x.shape.length);
    if (over.length === 0) return x;
    const kept = x.shape.map((n, i) => (over.includes(i) ? 1 : n));
    const y = record(op, [x], kept, x.dtype, { axes: over } satisfies ReduceAttrs);
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

/** Equal shares of the slope for all that reach the extreme. */
function shared(x: Tensor, y: Tensor, g: Tensor, axes: readonly number[]): Tensor {
  const ties = x.equal(y).cast("float32");
  return ties.mul(g.div(ties.sum(axes, true)));
}

export const sum: Reduce = reduction("sum", 0, (sum, x) => sum + x, (x, _, g) => g.broadcastTo(x.shape));
export const max: Reduce = reduction("max", -Infinity, Math.max, shared);
export const min: Reduce = reduction("min", Infinity, Math.min, shared);
export const prod: Reduce = reduction("prod", 1, (sum, x) => sum * x, (x, _, g, axes) => {
  // The product of all the others: with one zero only that one has a slope, with two none has.
  const zero = x.equal(0);
  const zeros = zero.sum(axes, true);
  const rest = where(zero, 1, x);
  const others = rest.prod(axes, true).div(rest);
  return g.mul(where(zeros.equal(zero), others, 0));
});

/** The mean; of nothing it is NaN. */
export const mean: Reduce = (x, axes, keepDims) => {
  const count = axesOf("mean", axes, x.shape.length).reduce((n, axis) => n * x.shape[axis]!, 1);
  return sum(x, axes, keepDims).div(count);
};

/** Σ(x − mean)² / (n − correction) */
export function variance(x: Tensor, axes?: Axes, keepDims?: boolean, correction = 0): Tensor {
  const count = axesOf("variance", axes, x.shape.length).reduce((n, axis) => n * x.shape[axis]!, 1);
  return x.sub(mean(x, axes, true)).square().sum(axes, keepDims).div(count - correction);
}

/** log Σ eˣ. The largest is taken out first, so that nothing overflows; it carries no slope, since it cancels. */
export const logSumExp: Reduce = (x, axes, keepDims = false) => {
  const over = axesOf("logSumExp", axes, x.shape.length);
  const top = x.max(over, true).detach();
  // An infinite top would make inf − inf: take nothing out then.
  const safe = where(top.abs().equal(Infinity), 0, top);
  const y = x.sub(safe).exp().sum(over, true).log().add(safe);
  return keepDims ? y : y.reshape(x.shape.filter((_, i) => !over.includes(i)));
};

/** eˣ / Σ eˣ along an axis (Bridle, 1990). */
export function softmax(x: Tensor, axis = -1): Tensor {
  const e = x.sub(x.max(axis, true).detach()).exp();
  return e.div(e.sum(axis, true));
}

/** x − log Σ eˣ along an axis. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const centred = x.sub(x.max(axis, true).detach());
  return centred.sub(centred.exp().sum(axis, true).log());
}

export interface ArgAttrs {
  readonly axis: number;
}

function arg(name: string, wins: (x: number, best: number) => boolean): (x: Tensor, axis?: number, keepDims?: boolean) => Tensor {
  const op: Op<ArgAttrs> = {
    name,
    gradient: () => [],
    evaluate(node, [x], out) {
      const { axis } = node.attrs;
      const n = x!.shape[axis]!, inner = sizeOf(x!.shape.slice(axis + 1));
      for (let i = 0; i < out.length; i++) {
        const from = Math.floor(i / inner) * n * inner + (i % inner);
        let best = 0;
        for (let k = 1; k < n; k++) {
          const x1 = x!.data[from + k * inner]!, top = x!.data[from + best * inner]!;
          if (top === top && (wins(x1, top) || x1 !== x1)) best = k;
        }
        out[i] = best;
      }
    },
  };
  return (x, axis = -1, keepDims = false) => {
    const along = axisOf(name, axis, x.shape.length);
    if (x.shape[along] === 0) throw new Error(`${name}: expected at least one number along axis ${along}, got none`);
    const y = record(op, [x], x.shape.map((n, i) => (i === along ? 1 : n)), "int32", { axis: along } satisfies ArgAttrs);
    return keepDims ? y : y.reshape(x.shape.filter((_, i) => i !== along));
  };
}

/** Where the largest is: the first of equals, the first NaN if there is one. */
export const argMax: (x: Tensor, axis?: number, keepDims?: boolean) => Tensor = arg("argMax", (x, best) => x > best);
/** Where the smallest is: the first of equals, the first NaN if there is one. */
export const argMin: (x: Tensor, axis?: number, keepDims?: boolean) => Tensor = arg("argMin", (x, best) => x < best);
