import type { DType, NDArray, Shape } from "@tenon/contracts";
import {
  sameShape,
  sizeOf,
  topological,
  type ConstantAttrs,
  type Conv2dAttrs,
  type MatmulAttrs,
  type ScheduleAttrs,
  type Tensor,
} from "@tenon/tensor";
import { access, dense, identity, reshapable } from "./access.js";
import { isElementwise, isReduction, isView } from "./kinds.js";
import { summed } from "./sums.js";
import { maskedBefore, unpoolConv2d, type Maker } from "./unpool.js";

/**
 * One value of the step as the planner sees it: like the tensor it came from, but equal values are
 * one, numbers that do not change are folded, and what kernels read lies dense in memory. Two
 * operations are added: `fill` (one number everywhere, never stored) and `copy` (lays a view out
 * densely).
 */
export interface Ir {
  /** In the order of making: inputs come first. */
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly Ir[];
  readonly shape: Shape;
  readonly dtype: DType;
  readonly attrs: unknown;
}

export interface FillAttrs {
  readonly value: number;
}

export interface IrBuilder {
  /** The value of each tensor, and of all that it is made of. */
  from(tensors: readonly Tensor[]): Ir[];
  /**
   * The same numbers, dense, in a buffer of their own unless they are already the result of some
   * kernel or loop.
   */
  stored(x: Ir): Ir;
  /** The same numbers in a buffer of their own. */
  copied(x: Ir): Ir;
  /** Makes a tensor a word that kernels write to as they go. */
  guard(flag: Tensor): Ir;
}

/** Turns records into the planner's values. */
export function irBuilder(): IrBuilder {
  const made = new Map<Tensor, Ir>();
  const known = new Map<string, Ir>();
  const functions = new Map<unknown, number>();
  let count = 0;

  /** A value with this name for all that makes it, the one made before if there was one. */
  const node: Maker["node"] = (op, inputs, shape, dtype, attrs, unique = false) => {
    const key = unique
      ? ""
      : `${op} ${dtype} ${shape.join()} ${inputs.map((x) => x.id).join()} ${named(attrs)}`;
    const before = unique ? undefined : known.get(key);
    if (before) return before;
    const fresh: Ir = { id: count++, op, inputs, shape, dtype, attrs };
    if (!unique) known.set(key, fresh);
    return fresh;
  };
  const fill: Maker["fill"] = (shape, dtype, value) => {
    const attrs: FillAttrs = { value };
    const key = `fill ${dtype} ${shape.join()} ${named(value)}`;
    const before = known.get(key) ?? { id: count++, op: "fill", inputs: [], shape, dtype, attrs };
    known.set(key, before);
    return before;
  };
  const copied = (x: Ir): Ir => node("copy", [x], x.shape, x.dtype);
  /** Numbers that lie dense, in another shape. */
  const view: Maker["view"] = (x, shape) =>
    sameShape(x.shape, shape)
      ? x
      : node("reshape", [x.op === "reshape" ? x.inputs[0]! : x], shape, x.dtype);

  const stored = (x: Ir): Ir =>
    dense(access(x), x.shape) && access(x).base.op !== "fill" ? x : copied(x);

  const elementwise = (tensor: Tensor, inputs: Ir[]): Ir => {
    const { shape, dtype } = tensor;
    if (inputs.every((x) => x.op === "fill")) return fill(shape, dtype, fold(tensor, inputs));
    const value = (x: Ir | undefined): number | undefined =>
      x?.op === "fill" ? (x.attrs as FillAttrs).value : undefined;
    const [a, b] = [value(inputs[0]), value(inputs[1])];
    const nothing = dtype === "int32" ? 0 : -0;
    switch (tensor.op.name) {
      // −0 + 0 is 0, so it is −0 that changes nothing; among integers it is 0.
      case "add":
        if (Object.is(b, nothing)) return inputs[0]!;
        if (Object.is(a, nothing)) return inputs[1]!;
        break;
      case "sub":
        if (Object.is(b, 0)) return inputs[0]!;
        break;
      case "mul":
        if (b === 1) return inputs[0]!;
        if (a === 1) return inputs[1]!;
        break;
      case "div":
        if (b === 1) return inputs[0]!;
        // Exact only for powers of two whose reciprocal is a float32; any other quotient keeps its
        // division.
        if (
          b !== undefined &&
          Number.isInteger(Math.log2(Math.abs(b))) &&
          Number.isFinite(Math.fround(1 / b))
        )
          return node("mul", [inputs[0]!, fill(shape, dtype, 1 / b)], shape, dtype);
        break;
      case "neg":
        if (inputs[0]!.op === "neg") return inputs[0]!.inputs[0]!;
        break;
      case "where":
        if (Object.is(value(inputs[2]), 0))
          return (
            maskedBefore({ node, fill, view }, inputs[0]!, inputs[1]!) ??
            node(tensor.op.name, inputs, shape, dtype)
          );
        break;
    }
    return node(tensor.op.name, inputs, shape, dtype);
  };

  const make = (tensor: Tensor): Ir => {
    const {
      op: { name },
      shape,
      dtype,
      attrs,
    } = tensor;
    const inputs = tensor.inputs.map((x) => made.get(x)!);
    const [x] = inputs;
    switch (name) {
      case "input":
        return node(name, [], shape, dtype, attrs, true);
      case "constant": {
        const { data } = attrs as ConstantAttrs;
        return data.length === 1
          ? fill(shape, dtype, dtype === "float32" ? Math.fround(data[0]!) : data[0]!)
          : node(name, [], shape, dtype, attrs, true);
      }
      case "schedule": {
        // Two schedules are one only if they are the same function.
        const { of } = attrs as ScheduleAttrs;
        if (!functions.has(of)) functions.set(of, functions.size);
        const key = { function: functions.get(of)! };
        const before = node(name, inputs, shape, dtype, key);
        return Object.assign(before, { attrs });
      }
      case "detach":
        return x!;
      case "allFinite":
        return node(name, inputs, shape, dtype);
      case "reshape":
        if (x!.op === "fill") return fill(shape, dtype, (x!.attrs as FillAttrs).value);
        return sameShape(x!.shape, shape)
          ? x!
          : node(name, [reshapable(access(x!), x!.shape, shape) ? x! : copied(x!)], shape, dtype);
      case "matmul": {
        const [a, b] = [x!, inputs[1]!].map(untransposed) as [Untransposed, Untransposed];
        const { transposeA, transposeB } = attrs as MatmulAttrs;
        const folded: MatmulAttrs = {
          transposeA: transposeA !== a.swapped,
          transposeB: transposeB !== b.swapped,
        };
        return node(name, [stored(a.x), stored(b.x)], shape, dtype, folded);
      }
    }
    if (x?.op === "fill" && isView(name)) return fill(shape, dtype, (x.attrs as FillAttrs).value);
    if (isView(name)) return node(name, inputs, shape, dtype, attrs);
    if (isElementwise(name)) return elementwise(tensor, inputs);
    if (isReduction(name)) {
      if (name !== "sum") return node(name, inputs, shape, dtype, attrs);
      if (x!.op === "fill" && sizeOf(x!.shape) > 0)
        return fill(
          shape,
          dtype,
          times((x!.attrs as FillAttrs).value, sizeOf(x!.shape) / sizeOf(shape), dtype),
        );
      return summed({ node, fill, view }, x!, (attrs as { axes: readonly number[] }).axes, shape);
    }
    const dense = inputs.map(stored);
    const grad =
      name === "conv2dInput" || name === "conv2dFilter"
        ? unpoolConv2d({ node, fill, view }, name, dense, shape, dtype, attrs as Conv2dAttrs)
        : undefined;
    return grad ?? node(name, dense, shape, dtype, attrs);
  };

  return {
    from(tensors) {
      for (const tensor of topological(tensors, (t) => made.has(t))) made.set(tensor, make(tensor));
      return tensors.map((tensor) => made.get(tensor)!);
    },
    stored,
    copied,
    guard(flag) {
      const word = node("guard", [], flag.shape, flag.dtype, undefined, true);
      made.set(flag, word);
      return word;
    },
  };
}

/** Attributes as text; JSON itself would write −0 as 0, and what is not finite as null. */
function named(attrs: unknown): string {
  return JSON.stringify(attrs, (_, value: unknown) =>
    Object.is(value, -0)
      ? "-0"
      : typeof value === "number" && !Number.isFinite(value)
        ? String(value)
        : value,
  );
}

/**
 * The sum of a number so many times, from 0 on: rounded once (and never −0), or as integers wrap
 * around.
 */
const times = (value: number, count: number, dtype: DType): number =>
  dtype === "int32" ? Math.imul(value, count) : Math.fround(value * count) + 0;

/** What the reference engine makes of single numbers. */
function fold(tensor: Tensor, inputs: readonly Ir[]): number {
  const array = (dtype: DType, value: number): NDArray => ({
    shape: [],
    dtype,
    data: dtype === "int32" ? Int32Array.of(value) : Float32Array.of(value),
  });
  const out = array(tensor.dtype, 0).data;
  tensor.op.evaluate(
    tensor,
    inputs.map((x) => array(x.dtype, (x.attrs as FillAttrs).value)),
    out,
  );
  return out[0]!;
}

interface Untransposed {
  readonly x: Ir;
  readonly swapped: boolean;
}

/** The operand of a transpose of the last two axes: a matrix product reads it as it lies. */
function untransposed(x: Ir): Untransposed {
  if (x.op !== "transpose" || !identity(access(x.inputs[0]!), x.inputs[0]!.shape))
    return { x, swapped: false };
  const { order } = x.attrs as { order: readonly number[] };
  const last = order.length - 1;
  const swapped =
    order[last] === last - 1 &&
    order[last - 1] === last &&
    order.slice(0, -2).every((axis, i) => axis === i);
  return swapped ? { x: x.inputs[0]!, swapped } : { x, swapped };
}
