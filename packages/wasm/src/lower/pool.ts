import type { Shape } from "@tenon/contracts";
import {
  argmaxOf,
  by,
  cellsOf,
  epilogueBy,
  isNonOverlapping,
  maxPoolBy,
  poolSpecOf,
  type GatherSpec,
  type Node,
  type PoolSpec,
} from "@tenon/plan";
import type { Pool2dAttrs } from "@tenon/tensor";
import { scatterAlong } from "../kernels/index/scatterAlong.js";
import { scatterFew } from "../kernels/index/scatterFew.js";
import { takeAlong } from "../kernels/index/takeAlong.js";
import type { Kernel } from "../kernels/kernel.js";
import { maxPool2d } from "../kernels/pool/maxPool2d.js";
import { sumPool2d, sumPool2dInput } from "../kernels/pool/sumPool2d.js";
import { unpool2d } from "../kernels/pool/unpool2d.js";
import type { KernelTable } from "./candidate.js";

/** A loop that reads the gradient of a max pool's image as that is unpooled. */
const unpoolEpilogue = /* @__PURE__ */ epilogueBy<Kernel>((unpool, epilogue) =>
  unpool2d(poolSpecOf(argmaxOf(unpool)!), epilogue),
);

const sumPoolSpec = (x: Shape, attrs: unknown): PoolSpec => ({ x, attrs: attrs as Pool2dAttrs });

const unpooledCells = (x: Node): GatherSpec => cellsOf(x, x.inputs[0]!, x.op);

/** Pools and their gradients. */
export const poolKernels: KernelTable = {
  argMaxPool2d: [/* @__PURE__ */ maxPoolBy(maxPool2d)],
  gatherPool2d: [/* @__PURE__ */ by((x) => cellsOf(x.inputs[0]!, x, x.op), takeAlong)],
  unpool2d: [
    unpoolEpilogue,
    /* @__PURE__ */ by(
      argmaxOf,
      (argmax) => unpool2d(poolSpecOf(argmax!)),
      (argmax) => argmax !== undefined && isNonOverlapping(poolSpecOf(argmax)),
    ),
    // Few windows of a max pool overlap at one cell; other indices may all be equal.
    /* @__PURE__ */ by(
      unpooledCells,
      scatterFew,
      ({ m }, x) => m <= 1 || argmaxOf(x) !== undefined,
    ),
    /* @__PURE__ */ by(unpooledCells, scatterAlong),
  ],
  sumPool2d: [
    /* @__PURE__ */ by(({ inputs: [x], attrs }) => sumPoolSpec(x!.shape, attrs), sumPool2d),
  ],
  sumPool2dInput: [
    /* @__PURE__ */ by(({ shape, attrs }) => sumPoolSpec(shape, attrs), sumPool2dInput),
  ],
};
