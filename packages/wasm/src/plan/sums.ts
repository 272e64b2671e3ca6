import type { Shape } from "@tenon/contracts";
import { sizeOf } from "@tenon/tensor";
import { access } from "./access.js";
import type { FillAttrs, Ir } from "./ir.js";
import { isElementwise, isView } from "./kinds.js";
import { unpooled, type Maker, type Unpooled } from "./unpool.js";

/**
 * A sum over axes, written so that there is less to add: a factor that is the same along the axes comes after the sum, what is
 * centred along them adds nothing, and what a max pool spreads is added before it is spread. The slope of a batch norm becomes
 * two sums over windows. `shape`: the sum's, with its axes as 1.
 */
export function summed(maker: Maker, x: Ir, axes: readonly number[], shape: Shape): Ir {
  const { node, view } = maker, again = (of: Ir): Ir => summed(maker, of, axes, shape);
  const plain = (): Ir => node("sum", [x], shape, x.dtype, { axes });
  if (x.dtype !== "float32" || sizeOf(x.shape) === 0) return plain();
  const overWindows = axes.includes(1) && axes.includes(2);
  const spread = overWindows ? unpooled(x) : undefined;
  if (spread) return again(view(spread.numbers, spread.finder.shape));
  const [a, b] = x.inputs as [Ir, Ir];
  switch (x.op) {
    case "neg": {
      const positive = again(a);
      return positive.op === "sum" && positive.inputs[0] === a ? plain() : node("neg", [positive], shape, x.dtype);
    }
    case "add":
      if (centred(b, axes)) return again(a);
      if (centred(a, axes)) return again(b);
      break;
    case "mul":
      for (const [factor, rest] of [[a, b], [b, a]] as const) {
        if (factor.op === "broadcastTo" && sameAlong(factor, axes)) return node("mul", [again(rest), node("broadcastTo", [factor.inputs[0]!], shape, x.dtype)], shape, x.dtype);
        const back = overWindows ? unpooled(factor) : undefined, there = back && takenAt(maker, back, rest);
        if (there) return again(node("mul", [view(back.numbers, back.finder.shape), there], back.finder.shape, x.dtype));
      }
  }
  return plain();
}

/** Whether a value is one number repeated along each of the axes. */
function sameAlong(x: Ir, axes: readonly number[]): boolean {
  if (x.op === "fill") return true;
  if (x.op !== "broadcastTo") return false;
  const { shape } = x.inputs[0]!, missing = x.shape.length - shape.length;
  return axes.every((axis) => axis < missing || shape[axis - missing] === 1);
}

/** Whether a value is x minus its mean along the axes, or that times what is the same along them: its sum is zero but for rounding. */
function centred(x: Ir, axes: readonly number[]): boolean {
  const [a, b] = x.inputs as [Ir, Ir];
  if (x.op === "neg") return centred(a, axes);
  if (x.op === "mul") return (sameAlong(a, axes) && centred(b, axes)) || (sameAlong(b, axes) && centred(a, axes));
  if (x.op !== "sub" || !sameAlong(b, axes)) return false;
  // The mean: a sum of all, times 1 / n or over n.
  const mean = under(b), count = axes.reduce((n, axis) => n * a.shape[axis]!, 1);
  const [total, share] = mean.inputs as [Ir, Ir | undefined];
  if (share?.op !== "fill") return false;
  const { value } = share.attrs as FillAttrs, sum = under(total);
  if (!((mean.op === "mul" && value * count === 1) || (mean.op === "div" && value === count))) return false;
  const over = (sum.attrs as { axes?: readonly number[] } | undefined)?.axes;
  return sum.op === "sum" && sum.inputs[0] === a && over!.length === axes.length && axes.every((axis) => over!.includes(axis));
}

/** What a view looks at. */
const under = (x: Ir): Ir => (isView(x.op) ? under(x.inputs[0]!) : x);

/** An expression at the cells where the largest of each window lie, if all it needs is what the pool looks at and what is the same for all windows. */
function takenAt({ node, fill, view }: Maker, { finder, scattered }: Unpooled, x: Ir): Ir | undefined {
  const windows = finder.shape, positions = scattered.inputs[1]!, seen = new Set(lookedAt(finder.inputs[0]!));
  const taken = (of: Ir): Ir | undefined => {
    if (of.op === "fill") return fill(windows, of.dtype, (of.attrs as FillAttrs).value);
    if (of.op === "broadcastTo") return sameAlong(of, [1, 2]) ? node("broadcastTo", [of.inputs[0]!], windows, of.dtype) : undefined;
    if (seen.has(of)) return view(node("takeAlong", [view(of, scattered.shape), positions], scattered.inputs[0]!.shape, of.dtype), windows);
    if (!isElementwise(of.op)) return undefined;
    const inputs = of.inputs.map(taken);
    return inputs.every((input) => input !== undefined) ? node(of.op, inputs, windows, of.dtype, of.attrs) : undefined;
  };
  return taken(x);
}

/** The stored values that a pool reads cell by cell. */
function lookedAt(image: Ir): Ir[] {
  if (isElementwise(image.op)) return [...new Set(image.inputs)].filter((x) => x.op !== "broadcastTo" && x.op !== "fill").flatMap(lookedAt);
  return access(image).base === image ? [image] : [];
}
