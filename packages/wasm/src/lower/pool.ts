import {
  access,
  argmaxOf,
  isNonOverlapping,
  operationCount,
  poolSpecOf,
  type Candidate,
  type Lowering,
  type Node,
  type Step,
} from "@tenon/plan";
import type { Pool2dAttrs } from "@tenon/tensor";
import { pooledConv2d, pooledConv2dFits } from "../kernels/conv/maxPool/pooledConv2d.js";
import { scatterAlong, takeAlong, type GatherSpec } from "../kernels/index/gather.js";
import type { Kernel } from "../kernels/kernel.js";
import { maxPool2d, type MaxPoolOptions } from "../kernels/pool/maxPool2d.js";
import { sumPool2d, sumPool2dInput } from "../kernels/pool/sumPool2d.js";
import { unpool2d } from "../kernels/pool/unpool2d.js";
import { kernelStep, stagedSteps } from "./steps.js";

/** Pools and their gradients. */
export const poolKernels: Readonly<Record<string, readonly Candidate<Kernel>[]>> = {
  argMaxPool2d: [{ make: maxPoolSteps }],
  gatherPool2d: [
    {
      make(lowering) {
        const { node } = lowering;
        const spec = cellsOf(node.inputs[0]!, node);
        return kernelStep(lowering, takeAlong(spec, "gatherPool2d"));
      },
    },
  ],
  unpool2d: [
    { fits: ({ unit }) => unit.producer !== undefined, make: unpoolEpilogueSteps },
    {
      fits: ({ node }) => isNonOverlappingUnpool(node),
      make: (lowering) => kernelStep(lowering, unpool2d(poolSpecOf(argmaxOf(lowering.node)!))),
    },
    {
      make(lowering) {
        const { node } = lowering;
        const spec = cellsOf(node, node.inputs[0]!);
        // Few windows overlap at one cell.
        const few = argmaxOf(node) !== undefined || undefined;
        return stagedSteps(lowering, scatterAlong(spec, few, "unpool2d"));
      },
    },
  ],
  sumPool2d: [
    {
      make(lowering) {
        const { inputs, attrs } = lowering.node;
        const spec = { x: inputs[0]!.shape, attrs: attrs as Pool2dAttrs };
        return kernelStep(lowering, sumPool2d(spec));
      },
    },
  ],
  sumPool2dInput: [
    {
      make(lowering) {
        const { shape, attrs } = lowering.node;
        return kernelStep(lowering, sumPool2dInput({ x: shape, attrs: attrs as Pool2dAttrs }));
      },
    },
  ],
};

function isNonOverlappingUnpool(node: Node): boolean {
  const argmax = argmaxOf(node);
  return argmax !== undefined && isNonOverlapping(poolSpecOf(argmax));
}

/** An image and its windows' values as [images, cells, channels] and [images, windows, channels]. */
const cellsOf = (
  { shape: [n, h, w, c] }: Node,
  { shape: [, rows, columns] }: Node,
): GatherSpec => ({
  outer: n!,
  n: h! * w!,
  m: rows! * columns!,
  inner: c!,
});

/**
 * The largest value of each window of an image, or of an expression that is not stored, its index,
 * and the values there of other images.
 */
function maxPoolSteps(lowering: Lowering): Step<Kernel>[] {
  const { node: argmax, unit, loopOf } = lowering;
  const [image] = argmax.inputs as [Node];
  const gathered = unit.results.slice(1);
  const imageOf = (x: Node): Node => access(x.inputs[0]!).base;
  const largest = gathered.find((x) => imageOf(x) === access(image).base);
  const others = gathered.filter((x) => x !== largest);
  const { loop, inputs } = loopOf(image.shape, [], [image, ...others.map(imageOf)]);
  const storesIndices = !largest || unit.stores.includes(argmax);
  const results = [...(largest ? [largest] : []), ...others, ...(storesIndices ? [argmax] : [])];
  const spec = poolSpecOf(argmax);
  const options: MaxPoolOptions = {
    prologue: loop,
    values: largest !== undefined,
    indices: storesIndices,
  };
  const fuseProducer: Kernel["fuseProducer"] = ({ conv }, pointer) =>
    conv && pointer >= results.length && pooledConv2dFits(conv, spec)
      ? pooledConv2d(conv, spec, options, pointer - results.length)
      : undefined;
  const kernel = { ...maxPool2d(spec, options), fuseProducer };
  return kernelStep(lowering, kernel, {
    results,
    inputs,
    fused: results.length + operationCount(loop),
  });
}

/** A loop that reads the gradient of a max pool's image as that is unpooled. */
function unpoolEpilogueSteps(lowering: Lowering): Step<Kernel>[] {
  const { node, unit, loopOf } = lowering;
  const unpool = unit.producer!;
  const { loop, inputs } = loopOf(node.shape, [node], unit.stores);
  const position = inputs.indexOf(unpool);
  const [values, indices] = unpool.inputs as [Node, Node];
  const kernel = unpool2d(poolSpecOf(argmaxOf(unpool)!), { loop, input: position });
  return kernelStep(lowering, kernel, {
    inputs: [values, indices, ...inputs.filter((_, i) => i !== position)],
    label: `${unpool.op} ${node.op}`,
    fused: 1 + operationCount(loop),
  });
}
