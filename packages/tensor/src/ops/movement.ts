import type { Shape } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import { copied } from "../internal/eachElement.js";
import { isInt32 } from "../internal/elementwise.js";
import {
  checkList,
  checkNumber,
  checkTensor,
  checkTensors,
  checkWidths,
} from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import { broadcastStrides, walk } from "../internal/walk.js";
import type { Op } from "../op.js";
import {
  axesOf,
  axisOf,
  broadcastShapes,
  checkShape,
  sameShape,
  show,
  sizeOf,
  stridesOf,
} from "../shapes.js";
import type { Axes, Tensor } from "../tensor.js";
import { cast } from "./cast.js";

const reshapeOp: Op = {
  name: "reshape",
  gradient: ({ inputs: [x] }, g) => [g.reshape(x!.shape)],
  evaluate: copied,
};

/**
 * The same values in another shape; one size may be −1: what is left. Throws if the shape holds
 * another number of values.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor("reshape", x);
  checkList("reshape", "a shape", shape);
  const size = sizeOf(x.shape);
  const open = shape.indexOf(-1);
  const rest = sizeOf(shape.filter((n) => n !== -1));
  const to = open < 0 ? [...shape] : [...shape].map((n, i) => (i === open ? size / rest : n));
  if (!to.every((n) => Number.isInteger(n) && n >= 0) || sizeOf(to) !== size)
    throw badArgument(
      "reshape",
      `a shape of ${size} values (that of ${show(x.shape)})`,
      show(shape),
    );
  return sameShape(x.shape, to) ? x : makeNode(reshapeOp, [x], to.slice(), x.dtype);
}

export interface TransposeAttrs {
  /** `order[i]` is the input's axis that becomes axis i. */
  readonly order: readonly number[];
}

const transposeOp: Op<TransposeAttrs> = {
  name: "transpose",
  gradient({ attrs: { order } }, g) {
    const back = order.map((_, axis) => order.indexOf(axis));
    return [g.transpose(back)];
  },
  evaluate(node, [x], out) {
    const strides = stridesOf(x!.shape);
    walk(
      node.shape,
      node.attrs.order.map((axis) => strides[axis]!),
      0,
      (from, to) => {
        out[to] = x!.data[from]!;
      },
    );
  },
};

/** Axes in a new order, reversed if none is given. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  checkTensor("transpose", x);
  if (order !== undefined) checkList("transpose", "an order of axes", order);
  const rank = x.shape.length;
  const to = [...(order ?? x.shape.map((_, i) => rank - 1 - i))].map((axis) =>
    axisOf("transpose", axis, rank),
  );
  if (to.length !== rank || new Set(to).size !== rank)
    throw badArgument("transpose", `each of ${rank} axes once`, show(to));
  if (to.every((axis, i) => axis === i)) return x;
  return makeNode(
    transposeOp,
    [x],
    to.map((axis) => x.shape[axis]!),
    x.dtype,
    { order: to } satisfies TransposeAttrs,
  );
}

const broadcastOp: Op = {
  name: "broadcastTo",
  gradient({ inputs: [x], shape }, g) {
    const extra = shape.length - x!.shape.length;
    const axes = shape
      .map((_, i) => i)
      .filter((i) => i < extra || (x!.shape[i - extra] === 1 && shape[i] !== 1));
    return [g.sum(axes).reshape(x!.shape)];
  },
  evaluate(node, [x], out) {
    walk(node.shape, broadcastStrides(x!.shape, node.shape), 0, (from, to) => {
      out[to] = x!.data[from]!;
    });
  },
};

/**
 * Repeats axes of size 1, and adds axes in front, until the shape is reached. Throws if it cannot
 * be.
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkTensor("broadcastTo", x);
  checkShape("broadcastTo", shape);
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape))
    throw badArgument("broadcastTo", `a shape that ${show(x.shape)} broadcasts to`, show(shape));
  return makeNode(broadcastOp, [x], shape.slice(), x.dtype);
}

export interface SliceAttrs {
  readonly start: readonly number[];
  readonly step: readonly number[];
}

const sliceOp: Op<SliceAttrs> = {
  name: "slice",
  gradient({ inputs: [x], shape, attrs: { start, step } }, g) {
    const high = shape.map((n, i) =>
      n === 0 ? x!.shape[i]! - start[i]! : x!.shape[i]! - (start[i]! + (n - 1) * step[i]! + 1),
    );
    return [
      padWith(
        g,
        start,
        high,
        step.map((s) => s - 1),
        0,
      ),
    ];
  },
  evaluate(node, [x], out) {
    const strides = stridesOf(x!.shape);
    const { start, step } = node.attrs;
    const offset = start.reduce((sum, s, i) => sum + s * strides[i]!, 0);
    walk(
      node.shape,
      strides.map((s, i) => s * step[i]!),
      offset,
      (from, to) => {
        out[to] = x!.data[from]!;
      },
    );
  },
};

/**
 * From `start` up to but not including `end` of each axis, every `step`-th; axes left out are taken
 * whole. Negative positions count from the end, and those beyond an end are moved to it, as in
 * JavaScript and NumPy.
 */
export function slice(
  x: Tensor,
  start: readonly number[],
  end?: readonly number[],
  step?: readonly number[],
): Tensor {
  checkTensor("slice", x);
  const { shape } = x;
  checkList("slice", "start", start);
  if (end !== undefined) checkList("slice", "end", end);
  if (step !== undefined) checkList("slice", "step", step);
  for (const list of [start, end, step])
    if (list && list.length > shape.length)
      throw badArgument("slice", `at most ${shape.length} positions`, show(list));
  const steps = shape.map((_, i) => step?.[i] ?? 1);
  if (!steps.every((s) => Number.isInteger(s) && s > 0))
    throw badArgument("slice", "steps that are integers ≥ 1", show(steps));
  const place = (list: readonly number[] | undefined, missing: (n: number) => number): number[] =>
    shape.map((n, i) => {
      const position = list?.[i] ?? missing(n);
      if (!Number.isInteger(position))
        throw badArgument("slice", "integer positions", shown(position));
      return Math.min(n, Math.max(0, position < 0 ? position + n : position));
    });
  const from = place(start, () => 0);
  const to = place(end, (n) => n);
  const sizes = shape.map((_, i) => Math.max(0, Math.ceil((to[i]! - from[i]!) / steps[i]!)));
  if (sameShape(sizes, shape)) return x;
  return makeNode(sliceOp, [x], sizes, x.dtype, { start: from, step: steps } satisfies SliceAttrs);
}

export interface PadAttrs {
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** How many cells to leave between neighbours: what a strided slice skipped. */
  readonly interior: readonly number[];
  readonly value: number;
}

const padOp: Op<PadAttrs> = {
  name: "pad",
  gradient({ inputs: [x], attrs: { low, interior } }, g) {
    const end = x!.shape.map((n, i) => low[i]! + (n === 0 ? 0 : (n - 1) * (interior[i]! + 1) + 1));
    return [
      slice(
        g,
        low,
        end,
        interior.map((n) => n + 1),
      ),
    ];
  },
  evaluate(node, [x], out) {
    const { low, interior, value } = node.attrs;
    const strides = stridesOf(node.shape);
    const offset = low.reduce((sum, n, i) => sum + n * strides[i]!, 0);
    out.fill(value);
    walk(
      x!.shape,
      strides.map((s, i) => s * (interior[i]! + 1)),
      offset,
      (to, from) => {
        out[to] = x!.data[from]!;
      },
    );
  },
};

function padWith(
  x: Tensor,
  low: readonly number[],
  high: readonly number[],
  interior: readonly number[],
  value: number,
): Tensor {
  const shape = x.shape.map(
    (n, i) => low[i]! + high[i]! + (n === 0 ? 0 : n + (n - 1) * interior[i]!),
  );
  return sameShape(shape, x.shape)
    ? x
    : makeNode(padOp, [x], shape, x.dtype, { low, high, interior, value } satisfies PadAttrs);
}

/** `[before, after]` for each axis, filled with a number. int32 stays so if the number is one. */
export function pad(x: Tensor, widths: readonly (readonly [number, number])[], value = 0): Tensor {
  checkTensor("pad", x);
  checkNumber("pad", "value", value);
  checkWidths("pad", x, widths);
  return padWith(
    isInt32(value) ? x : cast(x, "float32"),
    widths.map((w) => w[0]),
    widths.map((w) => w[1]),
    widths.map(() => 0),
    value,
  );
}

export interface ConcatAttrs {
  readonly axis: number;
}

const concatOp: Op<ConcatAttrs> = {
  name: "concat",
  gradient({ inputs, attrs: { axis } }, g) {
    let position = 0;
    return inputs.map(({ shape }) => {
      const start = shape.map((_, i) => (i === axis ? position : 0));
      position += shape[axis]!;
      return slice(
        g,
        start,
        shape.map((n, i) => (i === axis ? position : n)),
      );
    });
  },
  evaluate(node, inputs, out) {
    const strides = stridesOf(node.shape);
    let position = 0;
    for (const { shape, data } of inputs) {
      walk(shape, strides, position * strides[node.attrs.axis]!, (to, from) => {
        out[to] = data[from]!;
      });
      position += shape[node.attrs.axis]!;
    }
  },
};

/** Tensors one after the other along an axis; their other sizes must agree. */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  noOptions("concat", arguments[2]);
  checkTensors("concat", tensors);
  const [first] = tensors;
  if (!first) throw badArgument("concat", "at least one tensor", "none");
  const along = axisOf("concat", axis, first.shape.length);
  const kind = tensors.every(({ dtype }) => dtype === "int32") ? "int32" : "float32";
  for (const { shape } of tensors)
    if (
      shape.length !== first.shape.length ||
      shape.some((n, i) => i !== along && n !== first.shape[i])
    )
      throw badArgument(
        "concat",
        `shapes that differ along axis ${along} only`,
        tensors.map((t) => show(t.shape)).join(", "),
      );
  if (tensors.length === 1) return first;
  const shape = first.shape.map((n, i) =>
    i === along ? tensors.reduce((sum, t) => sum + t.shape[along]!, 0) : n,
  );
  return makeNode(
    concatOp,
    tensors.map((t) => cast(t, kind)),
    shape,
    kind,
    { axis: along } satisfies ConcatAttrs,
  );
}

/** Tensors of one shape side by side along a new axis. */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  noOptions("stack", arguments[2]);
  checkTensors("stack", tensors);
  if (tensors.some(({ shape }) => !sameShape(shape, tensors[0]!.shape)))
    throw badArgument(
      "stack",
      "tensors of one shape",
      tensors.map((t) => show(t.shape)).join(", "),
    );
  if (tensors.length === 0) throw badArgument("stack", "at least one tensor", "none");
  const position = axisOf("stack", axis, tensors[0]!.shape.length + 1);
  return concat(
    tensors.map((t) => expandDims(t, position)),
    position,
  );
}

/** A new axis of size 1. */
export function expandDims(x: Tensor, axis: number): Tensor {
  checkTensor("expandDims", x);
  const position = axisOf("expandDims", axis, x.shape.length + 1);
  return reshape(x, [...x.shape.slice(0, position), 1, ...x.shape.slice(position)]);
}

/** Without axes of size 1: the given ones, or all. */
export function squeeze(x: Tensor, axes?: Axes): Tensor {
  checkTensor("squeeze", x);
  const drop =
    axes === undefined
      ? x.shape.flatMap((n, i) => (n === 1 ? [i] : []))
      : axesOf("squeeze", axes, x.shape.length);
  if (drop.some((i) => x.shape[i] !== 1))
    throw badArgument("squeeze", "axes of size 1", `${show(drop)} of ${show(x.shape)}`);
  return reshape(
    x,
    x.shape.filter((_, i) => !drop.includes(i)),
  );
}
