import { elementwise } from "../../kernels/loop/elementwise.js";
import type { BinaryOp, UnaryOp } from "../../kernels/loop/loop.js";
import { kernelRun } from "../../testing/runKernel.js";

/** For tests: an elementwise function of one or two arrays, as a loop computes it. */
export function apply(
  op: UnaryOp | BinaryOp,
  ...operands: readonly ArrayLike<number>[]
): Float32Array {
  const { length } = operands[0]!;
  const { run, arrays } = kernelRun(
    elementwise({
      shape: [length],
      inputs: operands.map(() => ({ strides: [1], offset: 0 })),
      outputs: [operands.length],
      body: [
        ...operands.map((_, input) => ({ op: "load", input, dtype: "float32" }) as const),
        { op, args: operands.map((_, i) => i), dtype: "float32" },
      ],
    }),
    [new Float32Array(length), ...operands.map((x) => Float32Array.from(x))],
  );
  run();
  return arrays[0] as Float32Array;
}

/**
 * The error of a result in units of the last place of the float32 nearest to the true value; 0 if
 * it is that float32.
 */
export function ulps(got: number, truth: number): number {
  const near = Math.fround(truth);
  if (got === near || (Number.isNaN(got) && Number.isNaN(near))) return 0;
  return Math.abs(got - truth) / 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(truth))) - 23);
}

/** Every `stride`-th float32 by bits: also denormals, infinities and NaN. */
export function everyFloat(stride: number): Float32Array {
  const bits = Uint32Array.from({ length: Math.floor(2 ** 32 / stride) }, (_, i) => i * stride);
  return new Float32Array(bits.buffer);
}

/** The largest error of the results, and the argument that has it. */
export function worst(
  op: UnaryOp,
  truth: (x: number) => number,
  xs: Float32Array,
): { readonly off: number; readonly at: number } {
  const got = apply(op, xs);
  let off = 0;
  let at = 0;
  xs.forEach((x, i) => {
    const here = ulps(got[i]!, truth(x));
    if (here > off || Number.isNaN(here)) [off, at] = [here, x];
  });
  return { off, at };
}
