import {
  checksFirst,
  argmaxOf,
  argReduction,
  by,
  cellsOf,
  concatenated,
  convolution,
  epilogueBy,
  filterGradient,
  finitePrologue,
  foldedBy,
  gathered,
  inputGradient,
  loopsBehind,
  maskUnpooled,
  padsAsConcat,
  maxPoolBy,
  maxPoolGroup,
  scanGroup,
  padded,
  poolSpecOf,
  productOf,
  reducedBy,
  reducedEpilogueBy,
  reductionPrologue,
  scattered,
  selectionOf,
  sumOverWindows,
  uniformSpec,
  unpoolEpilogue,
  writtenOutScans,
  type Backend,
  type Candidate,
  type Epilogue,
  type LoopEpilogue,
  type Node,
  type Prologue,
  type Stages,
} from "@tenon/plan";
import type { ReduceAttrs } from "@tenon/tensor";
import { argReduce } from "../kernels/argReduce.js";
import {
  convolutionProduct,
  filterGradientProduct,
  inputGradientProduct,
  matrixProduct,
} from "../kernels/factors.js";
import { gather, takeAlong } from "../kernels/gather.js";
import type { Kernel } from "../kernels/kernel.js";
import { loop } from "../kernels/loop.js";
import { placeParts } from "../kernels/placeParts.js";
import { maxPool, poolSpec, sumPool, sumPoolInput, unpool } from "../kernels/pool.js";
import { product, type ProductSpec } from "../kernels/product.js";
import { cutOf } from "../kernels/tiles.js";
import { reduce } from "../kernels/reduce.js";
import { scatterAdd, scatterAlong } from "../kernels/scatter.js";
import { isThin, thinProduct } from "../kernels/thin.js";
import { summary } from "../kernels/summary.js";
import { uniform } from "../kernels/uniform.js";

/** A loop that alone reads what an operation computes becomes part of it. */
const epilogueOf = (op: string, fits: (x: Node) => boolean = () => true): Epilogue => ({
  op,
  fits,
  reads: () => true,
});

/** An expression is computed as it is read, wherever its operands are. */
const prologueOf = (...ops: string[]): Prologue => ({ ops });

const reduction = [
  reducedEpilogueBy<Kernel>((loop, x, epilogue) => reduce({ loop, ...foldedBy(x), epilogue })),
  reducedBy<Kernel>((loop, x) => reduce({ loop, ...foldedBy(x) })),
];

/** Sums of products, alone and with the loop that reads them. */
const products = (
  made: (x: Node, epilogue?: LoopEpilogue) => Kernel | Stages<Kernel>,
): readonly Candidate<Kernel>[] => [epilogueBy(made), by((x) => x, made)];

/**
 * The description of this engine for the planner.
 *
 * @param tileBytes of a workgroup's memory that tiles may take
 */
// eslint-disable-next-line own/max-lines -- a table
export const backendOf = (tileBytes: number): Backend<Kernel> => {
  const tiled = (spec: ProductSpec, epilogue?: LoopEpilogue): Kernel | Stages<Kernel> =>
    product(spec, cutOf(spec, tileBytes), epilogue);
  return {
    name: "webgpu",
    selection: selectionOf,
    checksInEpilogues: true,
    // Registers hold more than a processor's; every operand is a part of one buffer.
    limits: { maxNodes: 128, maxOperands: 32, cheap: 6 },
    memory: { alignment: 16, padding: 0, reserved: 0 },
    scans: writtenOutScans,
    checksFirst,
    rules: [padsAsConcat, maskUnpooled, sumOverWindows],
    siblings: [scanGroup, maxPoolGroup],
    prologues: [
      reductionPrologue,
      prologueOf("summary"),
      finitePrologue,
      prologueOf("argMaxPool2d"),
    ],
    behind: loopsBehind([
      ...["sum", "max", "min", "prod", "matmul", "conv2d", "conv2dInput", "conv2dFilter"].map(
        (op) => epilogueOf(op),
      ),
      epilogueOf("unpool2d", unpoolEpilogue.fits),
    ]),
    kernels: {
      sum: reduction,
      max: reduction,
      min: reduction,
      prod: reduction,
      summary: [reducedBy((loop, { attrs }) => summary(loop, attrs as ReduceAttrs))],
      matmul: products((x, epilogue) => {
        const spec = productOf(x);
        return isThin(spec) ? thinProduct(spec, epilogue) : tiled(matrixProduct(spec), epilogue);
      }),
      conv2d: products((x, epilogue) => tiled(convolutionProduct(convolution(x)), epilogue)),
      conv2dInput: products((x, epilogue) =>
        tiled(inputGradientProduct(inputGradient(x)), epilogue),
      ),
      conv2dFilter: products((x, epilogue) =>
        tiled(filterGradientProduct(filterGradient(x)), epilogue),
      ),
      argMaxPool2d: [maxPoolBy(maxPool)],
      gatherPool2d: [
        by(
          (x) => ({ spec: cellsOf(x.inputs[0]!, x, x.op), dtype: x.dtype }),
          ({ spec, dtype }) => takeAlong(spec, dtype),
        ),
      ],
      unpool2d: [
        epilogueBy((x, epilogue) => unpool(poolSpecOf(argmaxOf(x)!), epilogue)),
        by(
          argmaxOf,
          (argmax) => unpool(poolSpecOf(argmax!)),
          (argmax) => argmax !== undefined,
        ),
        by(
          (x) => cellsOf(x, x.inputs[0]!, x.op),
          (spec) => scatterAlong(spec),
        ),
      ],
      sumPool2d: [by(({ inputs: [x], attrs }) => poolSpec(x!.shape, attrs), sumPool)],
      sumPool2dInput: [by(({ shape, attrs }) => poolSpec(shape, attrs), sumPoolInput)],
      argMax: [by(argReduction, argReduce)],
      argMin: [by(argReduction, argReduce)],
      gather: [
        by(
          (x) => ({ spec: gathered(x), dtype: x.dtype }),
          ({ spec, dtype }) => gather(spec, dtype),
        ),
      ],
      takeAlong: [
        by(
          (x) => ({ spec: gathered(x), dtype: x.dtype }),
          ({ spec, dtype }) => takeAlong(spec, dtype),
        ),
      ],
      scatterAdd: [by(scattered, (spec) => scatterAdd(spec))],
      scatterAlong: [by(scattered, (spec) => scatterAlong(spec))],
      pad: [by(padded, placeParts)],
      concat: [by(concatenated, placeParts)],
      uniform: [by(uniformSpec, uniform)],
    },
    loop,
  };
};
