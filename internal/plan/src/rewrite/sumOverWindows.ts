import type { Shape } from "@tenon/contracts";
import { sizeOf, stridesOf, type ReduceAttrs } from "@tenon/tensor";
import { access, isContiguous } from "../graph/access.js";
import { fillValue, type Node } from "../graph/node.js";
import type { NodeBuilder } from "../graph/nodeBuilder.js";
import { isElementwise } from "../graph/opTraits.js";
import type { RewriteRule } from "./rule.js";
import { unpooled, type Unpooled } from "./unpool.js";

/**
 * A sum over an image that max unpooling filled is one over windows, which are fewer than cells: so
 * the gradient of a batch norm in front of a max pool is computed from two sums over windows. The
 * values are added in another order; elsewhere, taking factors out of a sum could overflow.
 */
export const sumOverWindows: RewriteRule = {
  root: "sum",
  apply: ({ inputs, shape, attrs }, builder) =>
    windowSum(builder, inputs[0]!, (attrs as ReduceAttrs).axes, shape),
};

/** A sum over axes, `shape` being its shape with 1 for each of the axes. */
function sum(builder: NodeBuilder, x: Node, axes: readonly number[], shape: Shape): Node {
  return windowSum(builder, x, axes, shape) ?? builder.node("sum", [x], shape, x.dtype, { axes });
}

/**
 * The sum of an expression of unpooled values as one over windows: a factor that is constant along
 * the axes is applied after it, another is gathered at the argmax indices, and a term that is
 * centred along the axes adds nothing. Undefined if the sum is of another form.
 */
function windowSum(
  builder: NodeBuilder,
  x: Node,
  axes: readonly number[],
  shape: Shape,
): Node | undefined {
  if (x.dtype !== "float32" || sizeOf(x.shape) === 0 || !axes.includes(1) || !axes.includes(2))
    return undefined;
  const { node } = builder;
  const partial = (term: Node): Node | undefined => windowSum(builder, term, axes, shape);
  const gradient = unpooled(x);
  if (gradient) return sum(builder, gradient.values, axes, shape);
  const [a, b] = x.inputs as [Node, Node];
  switch (x.op) {
    case "neg": {
      const negated = partial(a);
      return negated && node("neg", [negated], shape, x.dtype);
    }
    case "add":
      if (isCentred(b, axes)) return partial(a);
      return isCentred(a, axes) ? partial(b) : undefined;
    case "mul":
      return productSum(builder, a, b, axes, shape) ?? productSum(builder, b, a, axes, shape);
  }
  return undefined;
}

/** The sum of `factor · rest` as one over windows; undefined if it is of another form. */
function productSum(
  builder: NodeBuilder,
  factor: Node,
  rest: Node,
  axes: readonly number[],
  shape: Shape,
): Node | undefined {
  const { node } = builder;
  const ofRest =
    factor.op === "broadcastTo" && isConstantAlong(factor, axes)
      ? windowSum(builder, rest, axes, shape)
      : undefined;
  if (ofRest) {
    const scale = node("broadcastTo", [factor.inputs[0]!], shape, "float32");
    return node("mul", [ofRest, scale], shape, "float32");
  }
  const gradient = unpooled(factor);
  const gathered = gradient && gatheredAt(builder, gradient, rest);
  if (!gathered) return undefined;
  const { values } = gradient;
  return sum(builder, node("mul", [values, gathered], values.shape, "float32"), axes, shape);
}

/** Whether all values of a node along each of the axes are equal. */
function isConstantAlong(x: Node, axes: readonly number[]): boolean {
  if (x.op === "fill") return true;
  if (x.op !== "broadcastTo") return false;
  const { shape } = x.inputs[0]!;
  const missing = x.shape.length - shape.length;
  return axes.every((axis) => axis < missing || shape[axis - missing] === 1);
}

/**
 * Whether a node is x minus its mean along the axes, or that times a factor that is constant along
 * them: its sum is zero but for rounding.
 */
function isCentred(x: Node, axes: readonly number[]): boolean {
  const [a, b] = x.inputs as [Node, Node];
  if (x.op === "neg") return isCentred(a, axes);
  if (x.op === "mul")
    return (
      (isConstantAlong(a, axes) && isCentred(b, axes)) ||
      (isConstantAlong(b, axes) && isCentred(a, axes))
    );
  return x.op === "sub" && isConstantAlong(b, axes) && isMeanOf(b, a, axes);
}

/** Whether a node is the mean of x along the axes, repeated along them. */
function isMeanOf(repeated: Node, x: Node, axes: readonly number[]): boolean {
  const { base: mean, offset, strides } = access(repeated);
  const count = axes.reduce((n, axis) => n * x.shape[axis]!, 1);
  // The mean is the total times 1 / n, or the total over n.
  const [total, second] = mean.inputs as [Node, Node | undefined];
  const scalar = fillValue(second);
  if (
    scalar === undefined ||
    !((mean.op === "mul" && scalar * count === 1) || (mean.op === "div" && scalar === count))
  )
    return false;
  const from = access(total);
  const { base: sumNode } = from;
  const summedAxes = (sumNode.attrs as ReduceAttrs | undefined)?.axes;
  if (
    !isContiguous(from, total.shape) ||
    sumNode.op !== "sum" ||
    sumNode.inputs[0] !== x ||
    summedAxes!.length !== axes.length ||
    !axes.every((axis) => summedAxes!.includes(axis))
  )
    return false;
  // Repeated along the axes, and in order along the others.
  const remaining = stridesOf(sumNode.shape);
  return (
    offset === 0 &&
    sizeOf(mean.shape) === sizeOf(sumNode.shape) &&
    strides.every(
      (step, axis) => x.shape[axis] === 1 || step === (axes.includes(axis) ? 0 : remaining[axis]),
    )
  );
}

/**
 * An expression at the argmax indices of each window, if it is computed from what the pool's image
 * is computed from and from values that are the same for all windows.
 */
function gatheredAt(
  { node, fill }: NodeBuilder,
  { argmax, indices }: Unpooled,
  x: Node,
): Node | undefined {
  const windows = argmax.shape;
  const sources = elementwiseSources(argmax.inputs[0]!);
  const gathered = new Map<Node, Node | undefined>();
  const gatheredNode = (value: Node): Node | undefined => {
    if (value.op === "fill") return fill(windows, value.dtype, fillValue(value)!);
    if (value.op === "broadcastTo")
      return isConstantAlong(value, [1, 2])
        ? node("broadcastTo", [value.inputs[0]!], windows, value.dtype)
        : undefined;
    if (sources.has(value)) return node("gatherPool2d", [value, indices], windows, value.dtype);
    if (!isElementwise(value.op)) return undefined;
    const inputs = value.inputs.map(visit);
    return inputs.every((input) => input !== undefined)
      ? node(value.op, inputs, windows, value.dtype, value.attrs)
      : undefined;
  };
  const visit = (value: Node): Node | undefined => {
    if (!gathered.has(value)) gathered.set(value, gatheredNode(value));
    return gathered.get(value);
  };
  return visit(x);
}

/** The stored nodes from which an expression is computed elementwise. */
function elementwiseSources(image: Node): ReadonlySet<Node> {
  const sources = new Set<Node>();
  const visited = new Set<Node>();
  const visit = (x: Node): void => {
    if (visited.has(x)) return;
    visited.add(x);
    if (isElementwise(x.op)) x.inputs.forEach(visit);
    else if (x.op !== "fill" && access(x).base === x) sources.add(x);
  };
  visit(image);
  return sources;
}
