import type { DType } from "@tenon/contracts";

export type UnaryOp =
  | "neg"
  | "abs"
  | "sign"
  | "square"
  | "sqrt"
  | "reciprocal"
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "log2"
  | "sin"
  | "cos"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "erfc"
  | "normalCdf"
  | "floor"
  | "ceil"
  | "round"
  | "relu"
  | "cast";
export type ComparisonOp = "equal" | "notEqual" | "less" | "lessEqual" | "greater" | "greaterEqual";
export type BinaryOp =
  "add" | "sub" | "mul" | "div" | "pow" | "maximum" | "minimum" | "remainder" | ComparisonOp;

/** One value of a loop's body. Arguments are positions in the list; `dtype` is the result's. */
export type BodyNode =
  | { readonly op: "load"; readonly input: number; readonly dtype: DType }
  | { readonly op: "constant"; readonly value: number; readonly dtype: DType }
  | {
      readonly op: UnaryOp | BinaryOp | "where";
      readonly args: readonly number[];
      readonly dtype: DType;
    };

/** How an input is read: element (i, j, …) lies at `offset + i·strides[0] + j·strides[1] + …`. */
export interface LoopInput {
  readonly strides: readonly number[];
  readonly offset: number;
}

/** An expression computed for every element of a shape. */
export interface Loop {
  readonly shape: readonly number[];
  readonly inputs: readonly LoopInput[];
  readonly body: readonly BodyNode[];
  /** Positions in the body of what is written (dense, row-major) or reduced. */
  readonly outputs: readonly { readonly node: number }[];
  /**
   * Positions in the body of numbers that are looked at: 0 is written to two int32 at the last of
   * the pointers, to the first where one is not finite, to the second where one is not `calm`.
   */
  readonly checks?: readonly number[];
}

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

/** Numbers up to this size: products and quotients of a few of them are finite. */
export const calm: number = 2 ** 24;

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
