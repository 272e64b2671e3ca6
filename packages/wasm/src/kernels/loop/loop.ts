import type { Loop } from "@tenon/plan";

export {
  calm,
  copyLoop,
  type BinaryOp,
  type BodyNode,
  type ComparisonOp,
  type Loop,
  type LoopInput,
  type UnaryOp,
} from "@tenon/plan";

/**
 * The same loop over fewer axes: axes of size 1 are dropped, and neighbours that are contiguous for
 * every input become one, if `mayMerge` (a folded axis and a kept one may not). `axes`: of each
 * axis the first one that it was made from.
 */
export function collapse<L extends Loop>(
  loop: L,
  mayMerge: (a: number, b: number) => boolean = () => true,
): { readonly loop: L; readonly axes: readonly number[] } {
  const { inputs } = loop;
  const shape: number[] = [];
  const axes: number[] = [];
  const strides: number[][] = inputs.map(() => []);
  loop.shape.forEach((n, axis) => {
    if (n === 1) return;
    const last = shape.length - 1;
    const merges =
      last >= 0 &&
      mayMerge(axes[last]!, axis) &&
      inputs.every((input, k) => strides[k]![last] === input.strides[axis]! * n);
    if (merges) shape[last] = shape[last]! * n;
    else {
      shape.push(n);
      axes.push(axis);
    }
    inputs.forEach((input, k) => {
      strides[k]![shape.length - 1] = input.strides[axis]!;
    });
  });
  const collapsed = inputs.map(({ offset }, k) => ({ offset, strides: strides[k]! }));
  return { loop: { ...loop, shape, inputs: collapsed }, axes };
}

/** Distinguishes the code of different loops. */
export function keyOf(loop: Loop): string {
  const layouts = loop.inputs.map(({ strides, offset }) => `${offset}+${strides.join(":")}`);
  return `[${loop.shape.join()}] ${layouts.join(" ")} ${bodyKey(loop)}`;
}

/** The same for loops over any shape. */
export function bodyKey({ body, outputs, checks = [] }: Loop): string {
  const nodes = body.map((node) => {
    const type = node.dtype[0]!;
    if ("args" in node) return `${node.op}${type}(${node.args.join()})`;
    if (node.op === "load") return `${type}${node.input}`;
    return `${Object.is(node.value, -0) ? "-0" : node.value}${type}`;
  });
  const checked = checks.length > 0 ? ` finite ${checks.join()}` : "";
  return `${nodes.join(" ")} → ${outputs.join()}${checked}`;
}
