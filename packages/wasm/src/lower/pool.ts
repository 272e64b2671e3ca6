import type { Shape } from "@tenon/contracts";
import {
  access,
  argmaxOf,
  isNonOverlapping,
  operationCount,
  poolSpecOf,
  type Candidate,
  type Node,
  type PoolSpec,
} from "@tenon/plan";
import type { Pool2dAttrs } from "@tenon/tensor";
import type { GatherSpec } from "../kernels/index/gatherSpec.js";
import { scatterAlong } from "../kernels/index/scatterAlong.js";
import { takeAlong } from "../kernels/index/takeAlong.js";
import type { Kernel } from "../kernels/kernel.js";
import { maxPool2d, type MaxPoolOptions } from "../kernels/pool/maxPool2d.js";
import { sumPool2d, sumPool2dInput } from "../kernels/pool/sumPool2d.js";
import { unpool2d } from "../kernels/pool/unpool2d.js";
import { by, type KernelTable } from "./candidate.js";

/**
 * An image and its windows' values as [images, cells, channels] and [images, windows, channels].
 */
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
const maxPool: Candidate<Kernel> = {
  make(argmax, { unit, loopOf }) {
    const [image] = argmax.inputs as [Node];
    const gathered = unit.results.slice(1);
    const imageOf = (x: Node): Node => access(x.inputs[0]!).base;
    const largest = gathered.filter((x) => imageOf(x) === access(image).base).slice(0, 1);
    const others = gathered.filter((x) => !largest.includes(x));
    const { loop, inputs } = loopOf(image.shape, [], [image, ...others.map(imageOf)]);
    const values = largest.length > 0;
    const indices = !values || unit.stores.includes(argmax);
    const results = [...largest, ...others, ...(indices ? [argmax] : [])];
    const spec = poolSpecOf(argmax);
    const options: MaxPoolOptions = { prologue: loop, values, indices };
    return {
      kernel: maxPool2d(spec, options),
      results,
      inputs,
      fused: results.length + operationCount(loop),
    };
  },
};

/** A loop that reads the gradient of a max pool's image as that is unpooled. */
const unpoolEpilogue: Candidate<Kernel> = {
  fits: (_, { producer }) => producer !== undefined,
  make(x, { unit, loopOf }) {
    const unpool = unit.producer!;
    const { loop, inputs } = loopOf(x.shape, [x], unit.stores);
    const input = inputs.indexOf(unpool);
    return {
      kernel: unpool2d(poolSpecOf(argmaxOf(unpool)!), { loop, input }),
      inputs: [...unpool.inputs, ...inputs.filter((_, i) => i !== input)],
      label: `${unpool.op} ${x.op}`,
      fused: 1 + operationCount(loop),
    };
  },
};

const sumPoolSpec = (x: Shape, attrs: unknown): PoolSpec => ({ x, attrs: attrs as Pool2dAttrs });

/** Pools and their gradients. */
export const poolKernels: KernelTable = {
  argMaxPool2d: [maxPool],
  gatherPool2d: [
    /* @__PURE__ */ by(
      (x) => cellsOf(x.inputs[0]!, x),
      (spec) => takeAlong(spec, "gatherPool2d"),
    ),
  ],
  unpool2d: [
    unpoolEpilogue,
    /* @__PURE__ */ by(
      argmaxOf,
      (argmax) => unpool2d(poolSpecOf(argmax!)),
      (argmax) => argmax !== undefined && isNonOverlapping(poolSpecOf(argmax)),
    ),
    // Few windows of a max pool overlap at one cell; other indices may all be equal.
    /* @__PURE__ */ by(
      (x) => ({ spec: cellsOf(x, x.inputs[0]!), few: argmaxOf(x) ? true : undefined }),
      ({ spec, few }) => scatterAlong(spec, { few, name: "unpool2d" }),
    ),
  ],
  sumPool2d: [
    /* @__PURE__ */ by(({ inputs: [x], attrs }) => sumPoolSpec(x!.shape, attrs), sumPool2d),
  ],
  sumPool2dInput: [
    /* @__PURE__ */ by(({ shape, attrs }) => sumPoolSpec(shape, attrs), sumPool2dInput),
  ],
};
