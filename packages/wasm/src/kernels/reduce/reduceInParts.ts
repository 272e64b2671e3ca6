import { sizeOf } from "@tenon/tensor";
import { enoughWorkItems } from "../../machine.js";
import type { Stages } from "../kernel.js";
import { copyLoop } from "../loop/loop.js";
import { reduce, type Reduction } from "./reduce.js";

/** Fewer elements are not cut further. Chosen by `bench/elementwise`. */
const leastElements = 65_536;
const mostParts = 32;

/**
 * A reduction to few results, such as the sum of all elements, in two stages: one folded axis is
 * cut into parts that are folded separately, then the parts are folded in order. Operands: 0 the
 * result, 1, 2, … the inputs.
 */
export function reduceInParts(whole: Reduction): Stages {
  const kernel = reduce(whole);
  const operands = Array.from({ length: kernel.pointers }, (_, i) => i);
  const oneStage: Stages = { temporaries: [], stages: [{ kernel, operands }] };
  const { shape, axes } = whole;
  if (kernel.workItems >= enoughWorkItems || sizeOf(shape) < leastElements) return oneStage;
  const { axis, parts } = axes
    .map((folded) => ({ axis: folded, parts: partsOf(shape[folded]!) }))
    .reduce((best, cut) => (cut.parts > best.parts ? cut : best), { axis: -1, parts: 1 });
  if (parts === 1) return oneStage;

  const partsShape = shape.flatMap((n, k) => (k === axis ? [parts] : axes.includes(k) ? [] : [n]));
  const partsAxis = shape.slice(0, axis).filter((_, k) => !axes.includes(k)).length;
  const temporary = operands.length;
  return {
    temporaries: [4 * sizeOf(partsShape)],
    stages: [
      {
        kernel: reduce(withAxisInParts(whole, axis, parts)),
        operands: [temporary, ...operands.slice(1)],
      },
      {
        kernel: reduce(foldOfParts(whole, partsShape, partsAxis)),
        operands: [0, temporary],
      },
    ],
  };
}

/** The reduction with one folded axis as two, [parts, n / parts], of which the second is folded. */
function withAxisInParts(whole: Reduction, axis: number, parts: number): Reduction {
  const n = whole.shape[axis]!;
  const split = <T>(list: readonly T[], first: T, second: T): T[] => [
    ...list.slice(0, axis),
    first,
    second,
    ...list.slice(axis + 1),
  ];
  return {
    ...whole,
    shape: split(whole.shape, parts, n / parts),
    inputs: whole.inputs.map(({ strides, offset }) => ({
      offset,
      strides: split(strides, strides[axis]! * (n / parts), strides[axis]!),
    })),
    axes: whole.axes.map((folded) => (folded >= axis ? folded + 1 : folded)),
  };
}

/** Folds a contiguous array along the axis of its parts. */
function foldOfParts(
  { kind, foldOf, body, outputs }: Reduction,
  shape: readonly number[],
  axis: number,
): Reduction {
  return { kind, foldOf, axes: [axis], ...copyLoop({ shape, dtype: body[outputs[0]!]!.dtype }) };
}

/** The most parts of equal size. */
function partsOf(n: number): number {
  for (let parts = Math.min(n, mostParts); parts > 1; parts--) if (n % parts === 0) return parts;
  return 1;
}
