import type { Shape } from "@tenon/contracts";
import { sizeOf, stridesOf } from "@tenon/tensor";
import { access, dense } from "./access.js";
import type { FillAttrs, Ir } from "./ir.js";
import { isElementwise } from "./kinds.js";
import { unpooled, type Maker, type Unpooled } from "./unpool.js";

/**
 * A sum over axes, written so that there is less to add where it is of what a max pool spreads:
 * that is added before it is spread. So the gradient of a batch norm in front of a pool is made of
 * two sums over windows. `shape`: the sum's, with its axes as 1.
 */
export function summed(maker: Maker, x: Ir, axes: readonly number[], shape: Shape): Ir {
  return overWindows(maker, x, axes, shape) ?? maker.node("sum", [x], shape, x.dtype, { axes });
}

/**
 * The sum of an expression of spread numbers as one over windows: a factor that is the same along
 * the axes comes after it, another is taken from where the numbers lie, and what is centred along
 * them adds nothing. Undefined if that is not what it is a sum of: elsewhere, taking factors out
 * could overflow.
 */
function overWindows(maker: Maker, x: Ir, axes: readonly number[], shape: Shape): Ir | undefined {
  if (x.dtype !== "float32" || sizeOf(x.shape) === 0 || !axes.includes(1) || !axes.includes(2))
    return undefined;
  const { node, view } = maker;
  const again = (of: Ir): Ir | undefined => overWindows(maker, of, axes, shape);
  const spread = unpooled(x);
  if (spread) return summed(maker, view(spread.numbers, spread.finder.shape), axes, shape);
  const [a, b] = x.inputs as [Ir, Ir];
  switch (x.op) {
    case "neg": {
      const sum = again(a);
      return sum && node("neg", [sum], shape, x.dtype);
    }
    case "add":
      return centred(b, axes) ? again(a) : centred(a, axes) ? again(b) : undefined;
    case "mul":
      for (const [factor, rest] of [
        [a, b],
        [b, a],
      ] as const) {
        const sum =
          factor.op === "broadcastTo" && sameAlong(factor, axes) ? again(rest) : undefined;
        if (sum)
          return node(
            "mul",
            [sum, node("broadcastTo", [factor.inputs[0]!], shape, x.dtype)],
            shape,
            x.dtype,
          );
        const back = unpooled(factor);
        const there = back && takenAt(maker, back, rest);
        if (there)
          return summed(
            maker,
            node("mul", [view(back.numbers, back.finder.shape), there], back.finder.shape, x.dtype),
            axes,
            shape,
          );
      }
  }
  return undefined;
}

/** Whether a value is one number repeated along each of the axes. */
function sameAlong(x: Ir, axes: readonly number[]): boolean {
  if (x.op === "fill") return true;
  if (x.op !== "broadcastTo") return false;
  const { shape } = x.inputs[0]!;
  const missing = x.shape.length - shape.length;
  return axes.every((axis) => axis < missing || shape[axis - missing] === 1);
}

/**
 * Whether a value is x minus its mean along the axes, or that times what is the same along them:
 * its sum is zero but for rounding.
 */
function centred(x: Ir, axes: readonly number[]): boolean {
  const [a, b] = x.inputs as [Ir, Ir];
  if (x.op === "neg") return centred(a, axes);
  if (x.op === "mul")
    return (sameAlong(a, axes) && centred(b, axes)) || (sameAlong(b, axes) && centred(a, axes));
  if (x.op !== "sub" || !sameAlong(b, axes)) return false;
  // The mean: a sum of all, times 1 / n or over n, that lies at the cells it was taken from.
  const { base: mean, offset, strides } = access(b);
  const count = axes.reduce((n, axis) => n * a.shape[axis]!, 1);
  const [total, share] = mean.inputs as [Ir, Ir | undefined];
  if (share?.op !== "fill") return false;
  const { value } = share.attrs as FillAttrs;
  const from = access(total);
  const sum = from.base;
  if (
    !((mean.op === "mul" && value * count === 1) || (mean.op === "div" && value === count)) ||
    !dense(from, total.shape)
  )
    return false;
  const over = (sum.attrs as { axes?: readonly number[] } | undefined)?.axes;
  if (!(
    sum.op === "sum" &&
    sum.inputs[0] === a &&
    over!.length === axes.length &&
    axes.every((axis) => over!.includes(axis))
  ))
    return false;
  const kept = stridesOf(sum.shape);
  return (
    offset === 0 &&
    sizeOf(mean.shape) === sizeOf(sum.shape) &&
    strides.every(
      (step, axis) => x.shape[axis] === 1 || step === (axes.includes(axis) ? 0 : kept[axis]),
    )
  );
}

/**
 * An expression at the cells where the largest of each window lie, if all it needs is what the pool
 * looks at and what is the same for all windows.
 */
function takenAt(
  { node, fill, view }: Maker,
  { finder, scattered }: Unpooled,
  x: Ir,
): Ir | undefined {
  const windows = finder.shape;
  const positions = scattered.inputs[1]!;
  const seen = lookedAt(finder.inputs[0]!);
  const known = new Map<Ir, Ir | undefined>();
  const made = (of: Ir): Ir | undefined => {
    if (of.op === "fill") return fill(windows, of.dtype, (of.attrs as FillAttrs).value);
    if (of.op === "broadcastTo")
      return sameAlong(of, [1, 2])
        ? node("broadcastTo", [of.inputs[0]!], windows, of.dtype)
        : undefined;
    if (seen.has(of))
      return view(
        node(
          "takeAlong",
          [view(of, scattered.shape), positions],
          scattered.inputs[0]!.shape,
          of.dtype,
        ),
        windows,
      );
    if (!isElementwise(of.op)) return undefined;
    const inputs = of.inputs.map(taken);
    return inputs.every((input) => input !== undefined)
      ? node(of.op, inputs, windows, of.dtype, of.attrs)
      : undefined;
  };
  const taken = (of: Ir): Ir | undefined => {
    if (!known.has(of)) known.set(of, made(of));
    return known.get(of);
  };
  return taken(x);
}

/** The stored values that a pool reads cell by cell. */
function lookedAt(image: Ir): ReadonlySet<Ir> {
  const found = new Set<Ir>();
  const visited = new Set<Ir>();
  const visit = (x: Ir): void => {
    if (visited.has(x)) return;
    visited.add(x);
    if (isElementwise(x.op)) x.inputs.forEach(visit);
    else if (x.op !== "fill" && access(x).base === x) found.add(x);
  };
  visit(image);
  return found;
}
