import {
  strided,
  type FunctionBuilder,
  type FunctionIndex,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import type { PoolSpec, ConvSpec } from "@tenon/plan";
import { partialSumsBytes } from "../../../machine.js";
import {
  addScaledRows,
  appendEach,
  maxSums,
  nonzeroBytes,
  turnSize,
} from "../../gemm/nonzeroLists.js";
import { exceedsDensity } from "../../gemm/sparsityScan.js";
import type { Kernel, Stages } from "../../kernel.js";
import { elementwiseInTiles } from "../../loop/transposed.js";
import { copyLoop } from "../../loop/loop.js";
import { imageItems } from "../../shared/imageItems.js";
import { addedParts } from "../../reduce/sumParts.js";
import { kernelOf } from "../../shared/kernelOf.js";
import { loadFrom, storeTo } from "../../shared/lanes.js";
import { paddedBytes } from "../geometry.js";
import { imagesOf } from "../im2col/im2col.js";
import {
  bandArguments,
  bandParameters,
  eachBandWindow,
  eachFourOutputs,
  windowLoader,
  patchOf,
  rowsPerBand,
  type Band,
} from "./band.js";
import { patchIsSmall } from "./inputPatch.js";
import { patchVectors } from "./patchVectors.js";
import { outputsPerTurn, pairsBand, pairsBytes } from "./pairsBand.js";
import { unpooledConvOf, type UnpooledConv } from "./unpooledConv.js";

/**
 * The batch is cut into at most this many parts, each with gradients of its own, as long as those
 * fit into `partialSumsBytes`; outputs are cut into work items if parts are fewer.
 */
const mostParts = 8;

/** With so few vectors pairs are faster than lists for any g. Chosen by `bench/zeros`. */
const fewPatchVectors = 3;

/**
 * With fewer nonzero elements of g lists of these are faster than pairs of all. Of so many vectors
 * of g one is looked at; an odd number, so that all outputs are. Chosen by `bench/zeros`.
 */
const leastDensity = 0.6;
const vectorsPerSample = 5;

/**
 * The gradient with respect to a convolution's kernel, given the upstream gradient g of a max pool
 * behind it and that pool's argmax indices:
 *
 *     dw[kh, kw, c, o] = Σ over windows of g[window, o] · patch(argmax[window, o])[kh, kw, c]
 *
 * Zero elements of g, as dropout and ReLU make them, are left out, also where they would be
 * multiplied with infinity or NaN; where patches are small, windows whose patch is zero may be left
 * out instead. `spec` is the convolution's own, `pooled` the pool's. Operands: 0 dw, 1 the image x,
 * 2 g, 3 the indices (int32).
 *
 * Parts of the batch, of a number that depends on shapes only, are summed separately, image after
 * image, and then added in order.
 */
export function unpoolConv2dFilter(spec: ConvSpec, pooled: PoolSpec): Stages {
  const unpooled = unpooledConvOf(spec, pooled);
  const [kh, kw, channels, outputs] = spec.w as [number, number, number, number];
  const { vectorsPerRow, bytes } = patchOf(unpooled);
  const floats = (outputs * bytes) / 4;
  const partsThatFit = Math.floor(partialSumsBytes / (4 * floats));
  const parts = Math.max(1, Math.min(mostParts, unpooled.conv.images, partsThatFit));
  // [outputs, kh, vectors of kw · channels] becomes [kh, kw, channels, outputs].
  const transpose = elementwiseInTiles({
    ...copyLoop({ shape: [kh, kw * channels, outputs], dtype: "float32" }),
    inputs: [{ strides: [4 * vectorsPerRow, 1, bytes / 4], offset: 0 }],
  });
  return {
    temporaries: [4 * parts * floats, 4 * floats],
    stages: [
      { kernel: partialGradients(unpooled, parts), operands: [4, 1, 2, 3] },
      ...addedParts(parts, floats, 5, 4),
      { kernel: transpose, operands: [0, parts > 1 ? 5 : 4] },
    ],
  };
}

/**
 * The gradients of each part of the batch. Pointers: dw [parts, outputs, kh, vectors of kw ·
 * channels], x, g, indices. A work item is a part, or a block of its outputs if parts are few.
 */
function partialGradients(unpooled: UnpooledConv, parts: number): Kernel {
  const { conv, pool } = unpooled;
  const key = `unpoolConv2dFilter/${unpooled.key}/${parts}`;
  const { bytes } = patchOf(unpooled);
  const windows = rowsPerBand(unpooled) * pool.columns;
  const blocksWanted = parts > mostParts / 2 ? 1 : Math.ceil(mostParts / parts);
  const outputsPerBlock = outputsPerTurn * Math.ceil(conv.o / (outputsPerTurn * blocksWanted));
  const blocks = Math.ceil(conv.o / outputsPerBlock);
  const { addBand, scratch } = bandOf(unpooled, windows);
  const listsBytes = 16 * Math.ceil(scratch / 16);
  return kernelOf(
    {
      key,
      pointers: 4,
      workItems: parts * blocks,
      flops: unpooled.flops,
      ...imageItems(conv.images, blocks, [1, 2, 3], parts),
      scratch: listsBytes + paddedBytes(conv) + 16,
    },
    (f, [dw, x, grads, indices], { begin, end }, module, lists) => {
      const add = addBand(module);
      const padded = f.let(i32.add(lists!, listsBytes));
      const imageAt = imagesOf(module, f, conv, x, padded);
      f.for(begin, end, 1, (item) => {
        const part = f.let(i32.divU(item, blocks));
        const firstOutput = f.let(i32.mul(i32.remU(item, blocks), 4 * outputsPerBlock));
        const untilOutput = f.min(i32.add(firstOutput, 4 * outputsPerBlock), 4 * conv.o);
        const dwOfPart = f.let(strided(dw, part, conv.o * bytes));
        f.for(i32.mul(firstOutput, bytes / 4), i32.mul(untilOutput, bytes / 4), 16, (offset) =>
          f.store("v128", i32.add(dwOfPart, offset), f32x4.const(0)),
        );
        const lastImage = f.let(i32.divU(i32.mul(i32.add(part, 1), conv.images), parts));
        f.for(i32.divU(i32.mul(part, conv.images), parts), lastImage, 1, (image) =>
          addImage(f, unpooled, add, image, {
            dw: dwOfPart,
            x: imageAt(image),
            grads,
            indices,
            lists: lists!,
            firstOutput,
            untilOutput,
          }),
        );
      });
    },
  );
}

/** How the products of a band of so many windows are added, and bytes of memory for that. */
function bandOf(
  unpooled: UnpooledConv,
  windows: number,
): { readonly addBand: (module: ModuleBuilder) => FunctionIndex; readonly scratch: number } {
  const { conv, pool, attrs } = unpooled;
  const isSmall = patchIsSmall(conv, attrs, pool);
  if (isSmall && attrs.kernel[0] * patchOf(unpooled).vectorsPerRow <= fewPatchVectors)
    return {
      addBand: (module) => pairsBand(module, unpooled),
      scratch: windows * pairsBytes(unpooled),
    };
  return {
    addBand(module) {
      const { vectors } = patchVectors(module, unpooled);
      const listed = listedBand(module, unpooled, windows);
      return isSmall && vectors.length <= maxSums(module)
        ? pairedOrListedBand(module, unpooled, listed)
        : listed;
    },
    scratch: Math.max(windows * pairsBytes(unpooled), conv.o * (windows * nonzeroBytes + 4)),
  };
}

/** Adds the products of a band by pairs if most elements of g are not zero, else by lists. */
function pairedOrListedBand(
  module: ModuleBuilder,
  unpooled: UnpooledConv,
  listed: FunctionIndex,
): FunctionIndex {
  const { conv, pool, key } = unpooled;
  const paired = pairsBand(module, unpooled);
  const isDense = exceedsDensity(
    module,
    { count: 1, stride: 0, sampling: vectorsPerSample },
    leastDensity,
  );
  return module.func(`unpoolConv2dFilter/${key}/pairsOrLists`, bandParameters, (f, band) => {
    const { lists, grads, firstRow, untilRow } = band;
    const rowFloats = pool.columns * conv.o;
    const from = strided(grads, firstRow, 4 * rowFloats);
    f.call(isDense, lists, from, i32.mul(i32.sub(untilRow, firstRow), rowFloats));
    f.if(
      i32.load(lists),
      () => f.call(paired, ...bandArguments(band)),
      () => f.call(listed, ...bandArguments(band)),
    );
  });
}

/** Emits code that adds the products of one image `batch.x`, band after band. */
function addImage(
  f: FunctionBuilder,
  unpooled: UnpooledConv,
  addBand: FunctionIndex,
  image: Local<"i32">,
  batch: Omit<Band, "firstRow" | "untilRow">,
): void {
  const { pool } = unpooled;
  const band = rowsPerBand(unpooled);
  const windowOffset = f.let(i32.mul(image, pool.outputBytes));
  const grads = f.let(i32.add(batch.grads, windowOffset));
  const indices = f.let(i32.add(batch.indices, windowOffset));
  f.for(0, pool.rows, band, (firstRow) => {
    const untilRow = f.min(i32.add(firstRow, band), pool.rows);
    f.call(addBand, ...bandArguments({ ...batch, grads, indices, firstRow, untilRow }));
  });
}

/**
 * Adds the products of a band to the gradients of some outputs: makes a list for each output, and
 * from it sums as many vectors at a time as stay in registers.
 */
function listedBand(module: ModuleBuilder, unpooled: UnpooledConv, windows: number): FunctionIndex {
  const { conv, key } = unpooled;
  const list = listByOutput(module, unpooled, windows);
  const { bytes } = patchOf(unpooled);
  const listBytes = windows * nonzeroBytes;
  const { vectors, blockBytes, blocks } = patchVectors(module, unpooled);
  const sumsPerPass = turnSize(vectors.length, maxSums(module));
  return module.func(`unpoolConv2dFilter/${key}/band`, bandParameters, (f, band) => {
    const { dw, lists, firstOutput, untilOutput } = band;
    const ends = f.let(i32.add(lists, conv.o * listBytes));
    const allSums = f.locals("v128", sumsPerPass);
    f.call(list, ...bandArguments(band), ends);
    f.for(0, blockBytes * blocks, blockBytes, (block) => {
      const to = f.let(strided(i32.add(dw, block), firstOutput, bytes / 4));
      const listOfOutput = f.let(strided(lists, firstOutput, listBytes / 4));
      f.for(firstOutput, untilOutput, 4, (output) => {
        const listEnd = f.let(i32.load(i32.add(ends, output)));
        const entry = f.local("address");
        // The same list in each pass, so that the processor predicts where it ends.
        for (let k = 0; k < vectors.length; k += sumsPerPass) {
          const summed = vectors.slice(k, k + sumsPerPass);
          const sums = allSums.slice(0, summed.length);
          sums.forEach((sum, v) => f.set(sum, loadFrom(to, summed[v]!.gradient)));
          f.set(entry, listOfOutput);
          addScaledRows(module, f, {
            sums,
            offsets: summed.map(({ patch }) => patch),
            entry,
            end: listEnd,
            base: block,
          });
          sums.forEach((sum, v) => storeTo(f, to, sum, summed[v]!.gradient));
        }
        f.bump(listOfOutput, listBytes);
        f.bump(to, bytes);
      });
    });
  });
}

/**
 * (a band, ends) → (): for each output a list of its elements of g that are not zero, each with the
 * address of its argmax's patch. `ends` gets the end of each list.
 */
function listByOutput(
  module: ModuleBuilder,
  unpooled: UnpooledConv,
  windows: number,
): FunctionIndex {
  const { conv } = unpooled;
  const listBytes = windows * nonzeroBytes;
  const parameters = { ...bandParameters, ends: "address" } as const;
  return module.func(
    `unpoolConv2dFilter/${unpooled.key}/list`,
    parameters,
    (f, { ends, ...band }) => {
      const unpooledLanes = { grads: f.local("v128"), patches: f.local("v128") };
      const { grads, patches } = unpooledLanes;
      eachFourOutputs(f, conv.o, band, (output, lanes) => {
        const first = f.let(strided(band.lists, output, listBytes / 4));
        const lists = Array.from({ length: lanes }, (_, lane) =>
          f.let(i32.add(first, lane * listBytes)),
        );
        eachBandWindow(f, unpooled, band, (window) => {
          windowLoader(f, unpooled, band, window)(output, unpooledLanes);
          appendEach(f, lists, grads, (list, lane) => f.storeLane(list, lane, patches, 4));
        });
        lists.forEach((list, lane) => f.store("i32", i32.add(ends, output), list, 4 * lane));
      });
    },
  );
}
