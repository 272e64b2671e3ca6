import type { Candidate } from "@tenon/plan";
import { sizeOf, stridesOf, type ConcatAttrs, type PadAttrs } from "@tenon/tensor";
import { place } from "../kernels/index/place.js";
import type { Kernel } from "../kernels/kernel.js";
import { kernelStep } from "./steps.js";

/** Operations that write whole arrays to parts of another. */
export const placementKernels: Readonly<Record<string, readonly Candidate<Kernel>[]>> = {
  pad: [
    {
      make(lowering) {
        const { shape, dtype, inputs, attrs } = lowering.node;
        const { low, interior, value } = attrs as PadAttrs;
        const strides = stridesOf(shape);
        const part = {
          shape: inputs[0]!.shape,
          strides: strides.map((stride, axis) => stride * (interior[axis]! + 1)),
          offset: low.reduce((sum, n, axis) => sum + n * strides[axis]!, 0),
        };
        const spec = { size: sizeOf(shape), dtype, fill: value, parts: [part] };
        return kernelStep(lowering, place(spec));
      },
    },
  ],
  concat: [
    {
      make(lowering) {
        const { shape, dtype, inputs, attrs } = lowering.node;
        const { axis } = attrs as ConcatAttrs;
        const strides = stridesOf(shape);
        let start = 0;
        const parts = inputs.map((input) => {
          const part = { shape: input.shape, strides, offset: start * strides[axis]! };
          start += input.shape[axis]!;
          return part;
        });
        return kernelStep(lowering, place({ size: sizeOf(shape), dtype, parts }));
      },
    },
  ],
};
