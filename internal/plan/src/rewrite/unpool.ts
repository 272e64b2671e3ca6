import type { Shape } from "@tenon/contracts";
import type { Conv2dAttrs } from "@tenon/tensor";
import { access, isIdentity } from "../graph/access.js";
import { fillValue, type Node } from "../graph/node.js";
import type { NodeBuilder } from "../graph/nodeBuilder.js";
import { argmaxOf, poolSpecOf, type PoolSpec } from "../graph/pool.js";
import type { Proposal, RewriteRule } from "./rule.js";

/** The gradient of a max pool's image: values scattered by the pool's argmax indices. */
export interface Unpooled {
  readonly argmax: Node;
  /** The `unpool2d` node, of the shape of the image. */
  readonly node: Node;
  /** One value for each window. */
  readonly values: Node;
  readonly indices: Node;
}

/** Reads a node as the gradient of a max pool's image, if it is one. */
export function unpooled(x: Node): Unpooled | undefined {
  const from = access(x);
  const node = from.base;
  if (node.op !== "unpool2d" || !isIdentity(from, x.shape)) return undefined;
  const argmax = argmaxOf(node);
  const [values, indices] = node.inputs as [Node, Node];
  return argmax && { argmax, node, values, indices };
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
 * where(image > 0, unpool(g), 0) as unpool(where(pooled > 0, g, 0)): the ReLU's mask is applied
 * to the windows' values, which are fewer than the image's.
 */
function maskBeforeUnpool({ inputs }: Proposal, builder: NodeBuilder): Node | undefined {
  const { node, fill } = builder;
  const [mask, masked, otherwise] = inputs as [Node, Node, Node];
  if (!Object.is(fillValue(otherwise), 0) || !comparisons.has(mask.op)) return undefined;
  const gradient = unpooled(masked);
  const [image, bound] = mask.inputs as [Node, Node];
  if (
    !gradient ||
    image !== gradient.argmax.inputs[0] ||
    image.dtype !== "float32" ||
    bound.op !== "fill"
  )
    return undefined;
  const { values, indices } = gradient;
  const { shape } = values;
  const pooled = node("gatherPool2d", [image, indices], shape, "float32");
  const test = node(mask.op, [pooled, fill(shape, "float32", fillValue(bound)!)], shape, "int32");
  const kept = node("where", [test, values, fill(shape, "float32", 0)], shape, "float32");
  return node("unpool2d", [kept, indices], masked.shape, "float32");
}

/** A ReLU's mask is applied to the gradient of a max pool before it is unpooled. */
export const maskUnpooled: RewriteRule = { root: "where", apply: maskBeforeUnpool };

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
 * The gradient of a convolution's input from the windows' values of a max pool behind it, which are
 * not unpooled first: `unpoolConv2dInput(values, indices, w)`, where that pays.
 */
export const unpoolConv2dInput = (
  pays: (conv: ConvSpec, pool: PoolSpec) => boolean,
): RewriteRule => ({
  root: "conv2dInput",
  apply({ inputs, shape, dtype, attrs }, { node }) {
    const [grad, w] = inputs as [Node, Node];
    const gradient = unpooled(grad);
    if (!gradient) return undefined;
    const fused: UnpoolConv2dAttrs = {
      conv: { x: shape, w: w.shape, attrs: attrs as Conv2dAttrs },
      pool: poolSpecOf(gradient.argmax),
    };
    if (!pays(fused.conv, fused.pool)) return undefined;
    const { values, indices } = gradient;
    return node("unpoolConv2dInput", [values, indices, w], shape, dtype, fused);
  },
});

/**
 * The gradient of a convolution's filter, likewise: `unpoolConv2dFilter(x, values, indices)`, where
 * that pays.
 */
export const unpoolConv2dFilter = (
  pays: (conv: ConvSpec, pool: PoolSpec) => boolean,
): RewriteRule => ({
  root: "conv2dFilter",
  apply({ inputs, shape, dtype, attrs }, { node }) {
    const [x, grad] = inputs as [Node, Node];
    const gradient = unpooled(grad);
    if (!gradient) return undefined;
    const fused: UnpoolConv2dAttrs = {
      conv: { x: x.shape, w: shape, attrs: attrs as Conv2dAttrs },
      pool: poolSpecOf(gradient.argmax),
    };
    if (!pays(fused.conv, fused.pool)) return undefined;
    const { values, indices } = gradient;
    return node("unpoolConv2dFilter", [x, values, indices], shape, dtype, fused);
  },
});
