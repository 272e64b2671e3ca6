import type { Shape } from "@tenon/contracts";
import type { Conv2dAttrs } from "@tenon/tensor";
import { access, isIdentity } from "../graph/access.js";
import { fillValue, type Node } from "../graph/node.js";
import { isComparison } from "../graph/opTraits.js";
import { argmaxOf, poolSpecOf, type PoolSpec } from "../graph/pool.js";
import type { RewriteRule } from "./rule.js";

/** The gradient of a max pool's image: values scattered by the pool's argmax indices. */
export interface Unpooled {
  readonly argmax: Node;
  /** One value for each window. */
  readonly values: Node;
  readonly indices: Node;
}

/** Reads a node as the gradient of a max pool's image, if it is one. */
export function unpooled(x: Node): Unpooled | undefined {
  const from = access(x);
  const { base } = from;
  if (base.op !== "unpool2d" || !isIdentity(from, x.shape)) return undefined;
  const argmax = argmaxOf(base);
  const [values, indices] = base.inputs as [Node, Node];
  return argmax && { argmax, values, indices };
}

/**
 * where(image > 0, unpool(g), 0) as unpool(where(pooled > 0, g, 0)): the ReLU's mask is applied
 * to the windows' values, which are fewer than the image's.
 */
export const maskUnpooled: RewriteRule = {
  root: "where",
  apply({ inputs, shape: imageShape, dtype }, { node, fill }) {
    const [mask, masked, otherwise] = inputs as [Node, Node, Node];
    if (!Object.is(fillValue(otherwise), 0) || !isComparison(mask.op)) return undefined;
    const gradient = unpooled(masked);
    const [image, bound] = mask.inputs as [Node, Node];
    const limit = fillValue(bound);
    if (
      !gradient ||
      image !== gradient.argmax.inputs[0] ||
      image.dtype !== "float32" ||
      limit === undefined
    )
      return undefined;
    const { values, indices } = gradient;
    const { shape } = values;
    const pooled = node("gatherPool2d", [image, indices], shape, dtype);
    const test = node(mask.op, [pooled, fill(shape, dtype, limit)], shape, "int32");
    const kept = node("where", [test, values, fill(shape, dtype, 0)], shape, dtype);
    return node("unpool2d", [kept, indices], imageShape, dtype);
  },
};

/** A convolution: its input [n, height, width, channels] and its filter. */
export interface ConvSpec {
  readonly x: Shape;
  /** [height, width, channels / groups, outputs] */
  readonly w: Shape;
  readonly attrs: Conv2dAttrs;
}

/** The attributes of `unpoolConv2dInput` and `unpoolConv2dFilter`. */
export interface UnpoolConv2dAttrs {
  readonly conv: ConvSpec;
  readonly pool: PoolSpec;
}

/**
 * A gradient of a convolution from the windows' values of a max pool behind it, which are not
 * unpooled first, where that pays: `unpoolConv2dInput(values, indices, w)` or
 * `unpoolConv2dFilter(x, values, indices)`.
 */
export const unpoolConv2d = (
  root: "conv2dInput" | "conv2dFilter",
  pays: (conv: ConvSpec, pool: PoolSpec) => boolean,
): RewriteRule => ({
  root,
  apply({ inputs: [first, second], shape, dtype, attrs }, { node }) {
    const ofInput = root === "conv2dInput";
    const [grad, other] = ofInput ? [first!, second!] : [second!, first!];
    const gradient = unpooled(grad);
    if (!gradient) return undefined;
    const { argmax, values, indices } = gradient;
    const [x, w] = ofInput ? [shape, other.shape] : [other.shape, shape];
    const conv: ConvSpec = { x, w, attrs: attrs as Conv2dAttrs };
    const pool = poolSpecOf(argmax);
    if (!pays(conv, pool)) return undefined;
    const fused: UnpoolConv2dAttrs = { conv, pool };
    return ofInput
      ? node("unpoolConv2dInput", [values, indices, other], shape, dtype, fused)
      : node("unpoolConv2dFilter", [other, values, indices], shape, dtype, fused);
  },
});
