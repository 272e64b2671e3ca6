import type { Node } from "@tenon/plan";
import { sizeOf, type ArgAttrs } from "@tenon/tensor";
import { gather } from "../kernels/index/gather.js";
import type { GatherSpec } from "../kernels/index/gatherSpec.js";
import { scatterAdd } from "../kernels/index/scatterAdd.js";
import { scatterAlong } from "../kernels/index/scatterAlong.js";
import { takeAlong } from "../kernels/index/takeAlong.js";
import { argReduce, type ArgReduceSpec } from "../kernels/reduce/argReduce.js";
import { by, type KernelTable } from "./candidate.js";

/** What is read at indices: x [outer, n, inner] and the result [outer, m, inner]. */
function gathered({ shape, inputs: [x] }: Node): GatherSpec {
  const [outer, n, inner] = x!.shape as [number, number, number];
  return { outer, n, m: shape[1]!, inner };
}

/** What is added at indices: y [outer, m, inner] and the result [outer, n, inner]. */
function scattered({ shape, inputs: [y] }: Node): GatherSpec {
  const [outer, n, inner] = shape as [number, number, number];
  return { outer, n, m: y!.shape[1]!, inner };
}

function argReduction({ op, inputs: [x], attrs }: Node): ArgReduceSpec {
  const { shape, dtype } = x!;
  const { axis } = attrs as ArgAttrs;
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  return { outer, n: shape[axis]!, inner, kind: op as ArgReduceSpec["kind"], dtype };
}

/** Operations that read or write at indices, or find them. */
export const indexKernels: KernelTable = {
  argMax: [by(argReduction, argReduce)],
  argMin: [by(argReduction, argReduce)],
  gather: [by(gathered, gather)],
  scatterAdd: [by(scattered, scatterAdd)],
  takeAlong: [by(gathered, (spec) => takeAlong(spec))],
  scatterAlong: [by(scattered, (spec) => scatterAlong(spec))],
};
