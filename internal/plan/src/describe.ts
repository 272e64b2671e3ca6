import type { DType, Shape } from "@tenon/contracts";
import {
  sizeOf,
  stridesOf,
  type ArgAttrs,
  type ConcatAttrs,
  type Conv2dAttrs,
  type IndexUse,
  type MatmulAttrs,
  type PadAttrs,
  type ReduceAttrs,
  type UniformAttrs,
} from "@tenon/tensor";
import type { Candidate, Lowering, PlannedKernel, Stages, Work } from "./backend.js";
import { operationCount } from "./fuse/loopOf.js";
import { access } from "./graph/access.js";
import type { Node } from "./graph/node.js";
import { poolSpecOf, type PoolSpec } from "./graph/pool.js";
import type { Loop } from "./loop.js";
import type { ConvSpec } from "./rewrite/unpool.js";

// What an operation computes, as the kernels of any engine are described: sizes instead of nodes.

/** A kernel, or kernels in a row, made from a description of the node, where it fits. */
export const by = <D, K extends PlannedKernel>(
  describe: (x: Node) => D,
  make: (description: D) => K | Stages<K>,
  fits?: (description: D, x: Node) => boolean,
): Candidate<K> => ({
  ...(fits && { fits: (x) => fits(describe(x), x) }),
  make: (x) => ({ kernel: make(describe(x)) }),
});

/** A reduction of an expression, which is computed as it is read: operands are its inputs. */
export const reducedBy = <K extends PlannedKernel>(
  make: (loop: Loop, x: Node) => K | Stages<K>,
): Candidate<K> => ({
  make(reduction, { loopOf }) {
    const [x] = reduction.inputs as [Node];
    const { loop, inputs } = loopOf(x.shape, [], [x]);
    return { kernel: make(loop, reduction), inputs, fused: 1 + operationCount(loop) };
  },
});

/** How a reduction joins values. */
export type FoldKind = "sum" | "max" | "min" | "prod";

/** Along which axes a reduction folds, and how. */
export const foldedBy = ({ op, attrs }: Node): { axes: readonly number[]; kind: FoldKind } => ({
  axes: (attrs as ReduceAttrs).axes,
  kind: op as FoldKind,
});

/** A loop that alone reads what an operation computes, and which of its inputs that is. */
export interface LoopEpilogue {
  readonly loop: Loop;
  readonly input: number;
}

/**
 * An operation together with the loop that alone reads its result: operands are the loop's outputs,
 * the operation's inputs, the loop's other inputs.
 */
export const epilogueBy = <K extends PlannedKernel>(
  make: (producer: Node, epilogue: LoopEpilogue) => K | Stages<K>,
): Candidate<K> => ({
  fits: (_, { producer }) => producer !== undefined,
  make(_, lowering) {
    const producer = lowering.unit.producer!;
    const { epilogue, ...work } = behind(producer, lowering);
    return {
      ...work,
      kernel: make(producer, epilogue),
      inputs: [...producer.inputs, ...work.inputs],
      fused: 1 + operationCount(epilogue.loop),
    };
  },
});

/** A reduction of an expression together with the loop that alone reads its result. */
export const reducedEpilogueBy = <K extends PlannedKernel>(
  make: (loop: Loop, reduction: Node, epilogue: LoopEpilogue) => K | Stages<K>,
): Candidate<K> => ({
  fits: (_, { producer }) => producer !== undefined,
  make(_, lowering) {
    const producer = lowering.unit.producer!;
    const [reduced] = producer.inputs as [Node];
    const { loop, inputs } = lowering.loopOf(reduced.shape, [], [reduced]);
    const { epilogue, ...work } = behind(producer, lowering);
    return {
      ...work,
      kernel: make(loop, producer, epilogue),
      inputs: [...inputs, ...work.inputs],
      fused: 1 + operationCount(loop) + operationCount(epilogue.loop),
    };
  },
});

/** The loop behind an operation, with the operands that it has besides that operation's result. */
function behind(
  producer: Node,
  { unit: { results, stores }, loopOf, checksIn }: Lowering,
): Required<Pick<Work<never>, "results" | "inputs" | "label">> &
  Pick<Work<never>, "words"> & { readonly epilogue: LoopEpilogue } {
  const { loop, inputs, positionOf } = loopOf(results[0]!.shape, results, stores);
  const { checks, words } = checksIn(positionOf);
  const input = inputs.indexOf(producer);
  return {
    epilogue: { loop: words ? { ...loop, checks } : loop, input },
    results: stores,
    inputs: inputs.filter((_, i) => i !== input),
    words,
    label: [producer, ...results].map(({ op }) => op).join(" "),
  };
}

/** Matrix products: A [m, k] times B [k, n]. */
export interface GemmSpec {
  /** Rows of the result. */
  readonly m: number;
  /** Columns of the result. */
  readonly n: number;
  /** Products in every sum. */
  readonly k: number;
  /** The number of products, whose operands are contiguous. @defaultValue 1 */
  readonly batch?: number;
  /** Whether A is given as [k, m]. */
  readonly transposeA: boolean;
  /** Whether B is given as [n, k]. */
  readonly transposeB: boolean;
}

/** Of a `matmul`. */
export function productOf({ shape, inputs, attrs }: Node): GemmSpec {
  const { transposeA, transposeB } = attrs as MatmulAttrs;
  const [m, n] = shape.slice(-2) as [number, number];
  const k = inputs[0]!.shape.at(transposeA ? -2 : -1)!;
  return { m, n, k, batch: sizeOf(shape.slice(0, -2)), transposeA, transposeB };
}

/** Of a `conv2d`. */
export const convolution = ({ inputs: [x, w], attrs }: Node): ConvSpec => ({
  x: x!.shape,
  w: w!.shape,
  attrs: attrs as Conv2dAttrs,
});

/** Of a gradient with respect to the input, from the gradient of the output and the filter. */
export const inputGradient = ({ shape, inputs: [, w], attrs }: Node): ConvSpec => ({
  x: shape,
  w: w!.shape,
  attrs: attrs as Conv2dAttrs,
});

/** Of a gradient with respect to the filter, from the input and the gradient of the output. */
export const filterGradient = ({ shape, inputs: [x], attrs }: Node): ConvSpec => ({
  x: x!.shape,
  w: shape,
  attrs: attrs as Conv2dAttrs,
});

/**
 * Arrays as [outer, n, inner] and, with an element for each index, [outer, m, inner]: the axes
 * before the indexed one, the indexed axis, the axes after it.
 */
export interface GatherSpec {
  readonly outer: number;
  readonly n: number;
  readonly m: number;
  readonly inner: number;
  /** Who uses the indices: what the error about a wrong one names. */
  readonly use: IndexUse;
}

/** What is read at indices: x [outer, n, inner] and the result [outer, m, inner]. */
export function gathered({ shape, inputs: [x], attrs }: Node): GatherSpec {
  const [outer, n, inner] = x!.shape as [number, number, number];
  return { outer, n, m: shape[1]!, inner, use: attrs as IndexUse };
}

/** What is added at indices: y [outer, m, inner] and the result [outer, n, inner]. */
export function scattered({ shape, inputs: [y], attrs }: Node): GatherSpec {
  const [outer, n, inner] = shape as [number, number, number];
  return { outer, n, m: y!.shape[1]!, inner, use: attrs as IndexUse };
}

/**
 * An image and its windows' values as [images, cells, channels] and [images, windows, channels].
 *
 * @param by the operation, which has no attributes
 */
export const cellsOf = (
  { shape: [n, h, w, c] }: Node,
  { shape }: Node,
  by: string,
): GatherSpec => ({
  outer: n!,
  n: h! * w!,
  m: shape[1]! * shape[2]!,
  inner: c!,
  use: { by, shape },
});

export interface ArgReduceSpec {
  /** The array as [outer, n, inner]; the result is int32 [outer, inner]. */
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
  readonly kind: "argMax" | "argMin";
  readonly dtype: DType;
}

/** Of an `argMax` or `argMin`. */
export function argReduction({ op, inputs: [x], attrs }: Node): ArgReduceSpec {
  const { shape, dtype } = x!;
  const { axis } = attrs as ArgAttrs;
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  return { outer, n: shape[axis]!, inner, kind: op as ArgReduceSpec["kind"], dtype };
}

/**
 * Where the elements of a contiguous array go in a larger one: element (i, j, …) to position
 * `offset + i·strides[0] + j·strides[1] + …`.
 */
export interface Part {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Arrays that are written to parts of a larger one. */
export interface PlaceSpec {
  /** Elements of the result. */
  readonly size: number;
  readonly dtype: DType;
  /** The value where no part is; undefined if the parts cover the result. */
  readonly fill?: number;
  readonly parts: readonly Part[];
}

/** Of a `pad`. */
export function padded({ shape, dtype, inputs: [x], attrs }: Node): PlaceSpec {
  const { low, interior, value } = attrs as PadAttrs;
  const strides = stridesOf(shape);
  const part = {
    shape: x!.shape,
    strides: strides.map((stride, axis) => stride * (interior[axis]! + 1)),
    offset: low.reduce((sum, n, axis) => sum + n * strides[axis]!, 0),
  };
  return { size: sizeOf(shape), dtype, fill: value, parts: [part] };
}

/** Of a `concat`. */
export function concatenated({ shape, dtype, inputs, attrs }: Node): PlaceSpec {
  const { axis } = attrs as ConcatAttrs;
  const strides = stridesOf(shape);
  let start = 0;
  const parts = inputs.map((input) => {
    const part = { shape: input.shape, strides, offset: start * strides[axis]! };
    start += input.shape[axis]!;
    return part;
  });
  return { size: sizeOf(shape), dtype, parts };
}

/** Random numbers. */
export interface UniformSpec {
  readonly length: number;
  /** Distinguishes the draws of one step (int32). */
  readonly stream: number;
}

/** Of a `uniform`. */
export const uniformSpec = ({ shape, attrs }: Node): UniformSpec => ({
  length: sizeOf(shape),
  stream: (attrs as UniformAttrs).stream,
});

/** What the pass over the windows of a max pool computes. */
export interface MaxPoolOptions {
  /**
   * An elementwise expression whose first output is pooled, in place of an image. Its further
   * outputs are gathered at the argmax of the first. Its inputs must be `readsAsImage`.
   * @defaultValue the image as it is
   */
  readonly prologue?: Loop;
  /** Whether to store the maxima. @defaultValue true */
  readonly values?: boolean;
  /** Whether to store the argmax indices: `row · width + column`, int32. @defaultValue true */
  readonly indices?: boolean;
}

/**
 * The largest value of each window of an image, or of an expression that is not stored, its index,
 * and the values there of other images: operands are the values, those of the others, the indices,
 * then the inputs.
 */
export const maxPoolBy = <K extends PlannedKernel>(
  make: (spec: PoolSpec, options: MaxPoolOptions) => K,
): Candidate<K> => ({
  make(argmax: Node, { unit, loopOf }: Lowering): Work<K> {
    const [image] = argmax.inputs as [Node];
    const gatheredNodes = unit.results.slice(1);
    const imageOf = (x: Node): Node => access(x.inputs[0]!).base;
    const largest = gatheredNodes.filter((x) => imageOf(x) === access(image).base).slice(0, 1);
    const others = gatheredNodes.filter((x) => !largest.includes(x));
    const { loop, inputs } = loopOf(image.shape, [], [image, ...others.map(imageOf)]);
    const values = largest.length > 0;
    const indices = !values || unit.stores.includes(argmax);
    const results = [...largest, ...others, ...(indices ? [argmax] : [])];
    return {
      kernel: make(poolSpecOf(argmax), { prologue: loop, values, indices }),
      results,
      inputs,
      fused: results.length + operationCount(loop),
    };
  },
});
