import type { DType, Shape } from "@tenon/contracts";
import { sameShape, type Conv2dAttrs, type Pool2dAttrs } from "@tenon/tensor";
import type { ConvSpec } from "../kernels/conv/geometry.js";
import {
  unpoolConv2dFilterPays,
  unpoolConv2dInputPays,
} from "../kernels/conv/maxPool/unpooledConv.js";
import type { PoolSpec } from "../kernels/pool/poolWindows.js";
import { access, dense } from "./access.js";
import type { FillAttrs, Ir } from "./ir.js";

/** What makes values. */
export interface Maker {
  /** A value with this name for all that makes it, the one made before if there was one. */
  node(
    op: string,
    inputs: readonly Ir[],
    shape: Shape,
    dtype: DType,
    attrs?: unknown,
    unique?: boolean,
  ): Ir;
  fill(shape: Shape, dtype: DType, value: number): Ir;
  /** Numbers that lie dense, in another shape. */
  view(x: Ir, shape: Shape): Ir;
}

/** What a max pool sends back to its image. */
export interface Unpooled {
  /** The pool. */
  readonly finder: Ir;
  /** A number for each window. */
  readonly numbers: Ir;
  /** The numbers where the largest lay, zeros elsewhere. */
  readonly scattered: Ir;
}

/** Reads a value as the gradient of a max pool's image, if it is one. */
export function unpooled(x: Ir): Unpooled | undefined {
  const { base: scattered } = access(x);
  if (scattered.op !== "scatterAlong" || !dense(access(x), x.shape)) return undefined;
  const [numbers, positions] = scattered.inputs as [Ir, Ir];
  const { base: finder } = access(positions);
  const [outer, , inner] = numbers.shape;
  const whole =
    finder.op === "argMaxPool2d" &&
    sameShape(finder.inputs[0]!.shape, x.shape) &&
    outer === x.shape[0] &&
    inner === x.shape[3];
  return whole && dense(access(numbers), numbers.shape)
    ? { finder, numbers, scattered }
    : undefined;
}

const comparisons: ReadonlySet<string> = new Set([
  "greater",
  "greaterEqual",
  "less",
  "lessEqual",
  "equal",
  "notEqual",
]);

/**
 * where(image > 0, scatter(g), 0) as scatter(where(largest > 0, g, 0)): what a max pool sends back
 * and is then masked by its own image, as behind a ReLU, is masked before, where there are fewer
 * numbers. Undefined if it is something else.
 */
export function maskedBefore({ node, fill, view }: Maker, mask: Ir, of: Ir): Ir | undefined {
  const back = unpooled(of);
  const [image, bound] = mask.inputs as [Ir, Ir];
  if (
    !back ||
    !comparisons.has(mask.op) ||
    image !== back.finder.inputs[0] ||
    image.dtype !== "float32" ||
    bound.op !== "fill"
  )
    return undefined;
  const {
    finder: { shape },
    numbers,
    scattered,
  } = back;
  const positions = scattered.inputs[1]!;
  const largest = view(
    node("takeAlong", [view(image, scattered.shape), positions], numbers.shape, "float32"),
    shape,
  );
  const kept = node(
    mask.op,
    [largest, fill(shape, "float32", (bound.attrs as FillAttrs).value)],
    shape,
    "int32",
  );
  const masked = node(
    "where",
    [kept, view(numbers, shape), fill(shape, "float32", 0)],
    shape,
    "float32",
  );
  return view(
    node("scatterAlong", [view(masked, numbers.shape), positions], scattered.shape, "float32"),
    of.shape,
  );
}

/** How a convolution's gradient is made of what a max pool sends back to it. */
export interface UnpoolConv2dAttrs {
  readonly conv: ConvSpec;
  readonly pool: PoolSpec;
}

/**
 * The gradient of a convolution's image or kernel made of the numbers that a max pool sends back,
 * before they are spread: inputs (numbers, positions, w), or (x, numbers, positions). Undefined if
 * that is not what it is made of, or would not be faster.
 */
export function unpoolConv2d(
  { node }: Maker,
  op: "conv2dInput" | "conv2dFilter",
  inputs: readonly Ir[],
  shape: Shape,
  dtype: DType,
  attrs: Conv2dAttrs,
): Ir | undefined {
  const [a, b] = inputs as [Ir, Ir];
  const toImage = op === "conv2dInput";
  const back = unpooled(toImage ? a : b);
  if (!back) return undefined;
  const image = back.finder.inputs[0]!.shape;
  const positions = back.scattered.inputs[1]!;
  const routes: UnpoolConv2dAttrs = {
    conv: { x: toImage ? shape : a.shape, w: toImage ? b.shape : shape, attrs },
    pool: { x: image, attrs: back.finder.attrs as Pool2dAttrs },
  };
  if (
    !dense(access(positions), positions.shape) ||
    !(toImage ? unpoolConv2dInputPays : unpoolConv2dFilterPays)(routes.conv, routes.pool)
  )
    return undefined;
  return toImage
    ? node("unpoolConv2dInput", [back.numbers, positions, b], shape, dtype, routes)
    : node("unpoolConv2dFilter", [a, back.numbers, positions], shape, dtype, routes);
}
