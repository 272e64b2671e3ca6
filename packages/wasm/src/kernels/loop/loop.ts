import type { Loop } from "@tenon/plan";

export {
  calm,
  type BinaryOp,
  type BodyNode,
  type ComparisonOp,
  type Loop,
  type LoopInput,
  type UnaryOp,
} from "@tenon/plan";

/**
 * The same loop over fewer axes: those of size 1 go, and neighbours that lie one after the other
 * for every input become one. `mayMerge` says whether two neighbouring axes may (a reduced one and
 * a kept one may not).
 */
export function collapse<L extends Loop>(
  loop: L,
  mayMerge: (a: number, b: number) => boolean = () => true,
): { readonly loop: L; readonly axes: readonly number[] } {
  const { shape, inputs } = loop;
  const sizes: number[] = [];
  const first: number[] = [];
  const steps: number[][] = inputs.map(() => []);
  shape.forEach((n, axis) => {
    if (n === 1) return;
    const last = sizes.length - 1;
    const merges =
      last >= 0 &&
      mayMerge(first[last]!, axis) &&
      inputs.every(({ strides }, k) => steps[k]![last] === strides[axis]! * n);
    if (merges) sizes[last] = sizes[last]! * n;
    else {
      sizes.push(n);
      first.push(axis);
    }
    inputs.forEach(({ strides }, k) => {
      steps[k]![sizes.length - 1] = strides[axis]!;
    });
  });
  return {
    loop: {
      ...loop,
      shape: sizes,
      inputs: inputs.map(({ offset }, k) => ({ offset, strides: steps[k]! })),
    },
    axes: first,
  };
}

/** What tells one loop's code from another's. */
export function keyOf({ shape, inputs, body, outputs, checks = [] }: Loop): string {
  const nodes = body.map((node) =>
    "args" in node
      ? `${node.op}${node.dtype[0]!}(${node.args.join()})`
      : node.op === "load"
        ? `${node.dtype[0]!}${node.input}`
        : `${Object.is(node.value, -0) ? "-0" : node.value}${node.dtype[0]!}`,
  );
  return `[${shape.join()}] ${inputs.map(({ strides, offset }) => `${offset}+${strides.join(":")}`).join(" ")} ${nodes.join(" ")} → ${outputs.map((o) => o.node).join()}${checks.length > 0 ? ` finite ${checks.join()}` : ""}`;
}
