import { enoughWorkItems } from "../../machine.js";
import type { Stages } from "../kernel.js";
import { reduce, type Reduction } from "./reduce.js";

/** Fewer elements are not cut further. Chosen by `bench/elementwise`. */
const few = 65_536;
const mostParts = 32;

const product = (sizes: readonly number[]): number => sizes.reduce((size, n) => size * n, 1);

/**
 * A reduction to few numbers, such as the sum of all: one axis is cut into parts that are folded
 * side by side, then the parts are folded in order. Operands: 0 the result, 1, 2, … the inputs.
 */
export function reduceInParts(whole: Reduction): Stages {
  const kernel = reduce(whole);
  const operands = Array.from({ length: kernel.pointers }, (_, i) => i);
  const once: Stages = { temporaries: [], stages: [{ kernel, operands }] };
  const { shape, axes, inputs, kind, body, outputs } = whole;
  if (kernel.workItems >= enoughWorkItems || product(shape) < few) return once;
  const { axis, parts } = axes
    .map((at) => ({ axis: at, parts: partsOf(shape[at]!) }))
    .reduce((best, one) => (one.parts > best.parts ? one : best), { axis: -1, parts: 1 });
  if (parts === 1) return once;

  // The axis becomes two, of which only the second is folded.
  const n = shape[axis]!;
  const split = <T>(of: readonly T[], first: T, second: T): T[] => [
    ...of.slice(0, axis),
    first,
    second,
    ...of.slice(axis + 1),
  ];
  const first = reduce({
    ...whole,
    shape: split(shape, parts, n / parts),
    inputs: inputs.map(({ strides, offset }) => ({
      offset,
      strides: split(strides, strides[axis]! * (n / parts), strides[axis]!),
    })),
    axes: axes.map((at) => (at >= axis ? at + 1 : at)),
  });
  const kept = shape.flatMap((size, at) =>
    at === axis ? [parts] : axes.includes(at) ? [] : [size],
  );
  const at = shape.slice(0, axis).filter((_, before) => !axes.includes(before)).length;
  const last = reduce({
    kind,
    shape: kept,
    axes: [at],
    inputs: [{ offset: 0, strides: kept.map((_, i) => product(kept.slice(i + 1))) }],
    body: [{ op: "load", input: 0, dtype: body[outputs[0]!.node]!.dtype }],
    outputs: [{ node: 0 }],
  });
  const parted = operands.length;
  return {
    temporaries: [4 * product(kept)],
    stages: [
      { kernel: first, operands: [parted, ...operands.slice(1)] },
      { kernel: last, operands: [0, parted] },
    ],
  };
}

/** The most parts of equal size. */
function partsOf(n: number): number {
  for (let parts = Math.min(n, mostParts); parts > 1; parts--) if (n % parts === 0) return parts;
  return 1;
}
