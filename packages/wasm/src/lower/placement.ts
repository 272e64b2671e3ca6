import type { Node } from "@tenon/plan";
import { sizeOf, stridesOf, type ConcatAttrs, type PadAttrs } from "@tenon/tensor";
import { place, type PlaceSpec } from "../kernels/index/place.js";
import { by, type KernelTable } from "./candidate.js";

function padded({ shape, dtype, inputs: [x], attrs }: Node): PlaceSpec {
  const { low, interior, value } = attrs as PadAttrs;
  const strides = stridesOf(shape);
  const part = {
    shape: x!.shape,
    strides: strides.map((stride, axis) => stride * (interior[axis]! + 1)),
    offset: low.reduce((sum, n, axis) => sum + n * strides[axis]!, 0),
  };
  return { size: sizeOf(shape), dtype, fill: value, parts: [part] };
}

function concatenated({ shape, dtype, inputs, attrs }: Node): PlaceSpec {
  const { axis } = attrs as ConcatAttrs;
  const strides = stridesOf(shape);
  let start = 0;
  const parts = inputs.map((input) => {
    const part = { shape: input.shape, strides, offset: start * strides[axis]! };
    start += input.shape[axis]!;
    return part;
  });
  return { size: sizeOf(shape), dtype, parts };
}

/** Operations that write whole arrays to parts of another. */
export const placementKernels: KernelTable = {
  pad: [by(padded, place)],
  concat: [by(concatenated, place)],
};
