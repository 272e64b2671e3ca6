import {
  strided,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { l1Bytes } from "../../../machine.js";
import { axesOf, innerOutputs, layoutOf, tapsOf, type Layout } from "./axisTiles.js";
import { imageItems } from "../../shared/imageItems.js";
import { channelBlocks, type ChannelBlocks } from "./channelBlocks.js";
import { prefetcher } from "./prefetch.js";
import { eachVectors } from "../../shared/vectors.js";
import { longestSegment } from "../../shared/sumOrder.js";
import { tapBlockGradient, tapBlocks } from "./tapBlock.js";
import { geometry } from "../geometry.js";
import { storeLanes } from "../../shared/segment.js";
import { inParts } from "../../reduce/sumParts.js";
import { zeros } from "../../shared/zeros.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Kernel, Stages } from "../../kernel.js";

/**
 * The batch is cut into at most this many parts, more only where sums would be too long, each with
 * a gradient of its own, and channels into blocks of one cache line.
 */
const maxParts = 16;
const blockChannels = 16;

/** Longer sums are cut into parts of about this many pixels. */
const pixelsPerPart = 2048;

/**
 * Bytes of the cells and gradients of one block of channels that are read before the sums go back
 * to memory: they stay in L1 (`bench/conv`).
 */
const bandBytes = l1Bytes / 2;

/**
 * The gradient with respect to the kernel of a convolution whose outputs read one channel each:
 * dw[tap, c] = Σ x[cell, c] · dy[pixel, c]. Operands: 0 dw, 1 x, 2 dy. `spec` is that of the
 * convolution.
 *
 * Parts of the batch, whose number depends on shapes only, are summed separately, image after
 * image, and then added in order.
 */
export function depthwiseFilter(spec: ConvSpec): Stages {
  const { key, images, pixels, taps, c } = geometry(spec);
  const floats = taps * c;
  if (floats === 0 || images * pixels * spec.attrs.image[0] * spec.attrs.image[1] === 0)
    return inParts(zeros({ key: `depthwiseFilter/${key}`, count: floats, pointers: 3 }), 1, floats);
  const total = images * pixels;
  const parts = Math.min(
    images,
    total > maxParts * longestSegment ? Math.ceil(total / pixelsPerPart) : maxParts,
  );
  return inParts(partialGradients(spec, parts), parts, floats);
}

/** The work items of a gradient. */
interface Items {
  readonly parts: number;
  readonly blocks: ChannelBlocks;
  /** A part is one work item, or one for each block of channels if parts are few. */
  readonly itemsPerPart: number;
}

/** dw for each part of the batch: [parts, taps, channels]. Pointers: that, x, dy. */
function partialGradients(spec: ConvSpec, parts: number): Kernel {
  const g = geometry(spec);
  const key = `depthwiseFilter/${g.key}/${parts}`;
  const blocks = channelBlocks(g.c, blockChannels);
  const itemsPerPart = parts < maxParts / 2 ? blocks.count : 1;
  const layout = layoutOf(g, axesOf(spec));
  const items = { parts, blocks, itemsPerPart };
  return kernelOf(
    {
      key,
      pointers: 3,
      flops: g.flops,
      workItems: parts * itemsPerPart,
      ...imageItems(g.images, itemsPerPart, [1, 2], parts),
    },
    partialGradientsBody(key, layout, items),
  );
}

function partialGradientsBody(
  key: string,
  layout: Layout,
  { parts, blocks, itemsPerPart }: Items,
): KernelBody<3> {
  return (f, [dw, x, dy], { begin, end }, module) => {
    const { images, cellBytes, rows, columns, rowBytes, sourceRowBytes } = layout;
    const ahead = itemsPerPart === 1 ? prefetcher(layout) : undefined;
    const perBand = Math.min(ahead?.count ?? rows.outputs, rows.outputs);
    const addBand = bandGradient(module, key, layout);
    const firstImage = (part: I32): I32 => i32.divU(i32.mul(part, images), parts);
    f.for(begin, end, 1, (item) => {
      const part = f.let(i32.divU(item, itemsPerPart));
      const whole = itemsPerPart === 1;
      const firstBlock = f.let(whole ? i32.const(0) : i32.remU(item, itemsPerPart));
      const blockEnd = f.let(whole ? i32.const(blocks.count) : i32.add(firstBlock, 1));
      const to = f.let(strided(dw, part, rows.taps * columns.taps * cellBytes));
      clearTaps(module, f, layout, to, [
        blocks.from(firstBlock),
        blocks.until(i32.sub(blockEnd, 1)),
      ]);
      const last = f.let(firstImage(i32.add(part, 1)));
      f.for(firstImage(part), last, 1, (image) => {
        const cells = f.let(strided(x, image, rows.sources * sourceRowBytes));
        const grads = f.let(strided(dy, image, rows.outputs * rowBytes));
        f.for(0, rows.outputs, perBand, (row) => {
          const rowEnd = f.min(i32.add(row, perBand), rows.outputs);
          ahead?.emit(f, {
            from: strided(cells, row, rows.step * sourceRowBytes),
            to: strided(grads, row, rowBytes),
            x,
            y: dy,
          });
          f.for(firstBlock, blockEnd, 1, (block) => {
            const [from, until] = [blocks.from(block), blocks.until(block)];
            f.call(addBand, to, cells, grads, row, rowEnd, from, until);
          });
        });
      });
    });
  };
}

/**
 * Adds the products of some rows of an image's outputs to dw: (dw, image, dy of the image, rows
 * from and until, channels from and until in bytes) → ().
 */
function bandGradient(module: ModuleBuilder, name: string, layout: Layout): FunctionIndex {
  const { rows, columns, channels, cellBytes, rowBytes, sourceRowBytes } = layout;
  const tapRowBytes = columns.taps * cellBytes;
  const [inner, innerEnd] = innerOutputs(rows);
  const bytesPerRow = 4 * blockChannels * (rows.step * columns.sources + columns.outputs);
  const rowsAtOnce = Math.max(1, Math.floor(bandBytes / bytesPerRow));
  const spec = {
    name,
    columns,
    channels,
    tapStride: rows.tap * sourceRowBytes,
    outputStride: rows.step * sourceRowBytes,
  };
  const blocks = tapBlocks(rows.taps, columns.taps).map((ofRows) =>
    ofRows.map((block) => tapBlockGradient(module, spec, block)),
  );
  const params = {
    dw: "address",
    image: "address",
    grads: "address",
    row: "i32",
    until: "i32",
    channel: "i32",
    channelEnd: "i32",
  } as const;
  return module.func(`${name}/band`, params, (f, args) => {
    const { dw, image, grads, row, until, channel, channelEnd } = args;
    f.repeat((next) => {
      // Rows whose taps all read existing cells have equal accesses, so they are one call.
      const count = f.let(1);
      f.if(i32.and(i32.geS(row, inner), i32.ltS(row, innerEnd)), () => {
        f.set(count, i32.sub(innerEnd, row));
        f.set(count, i32.min(count, i32.sub(until, row)));
        f.set(count, i32.min(count, rowsAtOnce));
      });
      const { tap, source, count: tapRows } = tapsOf(f, rows, row);
      const to = f.let(strided(dw, tap, tapRowBytes));
      const cells = f.let(strided(image, source, sourceRowBytes));
      const from = f.let(strided(grads, row, rowBytes));
      const remaining = f.let(tapRows);
      // As many rows of the kernel at a time as there are registers for, then the remaining ones.
      for (let k = blocks.length; k > 0; k--)
        f.until(i32.ltS(remaining, k), () => {
          for (const block of blocks[k - 1]!)
            f.call(block, to, cells, from, count, channel, channelEnd);
          f.bump(to, k * tapRowBytes);
          f.bump(cells, k * spec.tapStride);
          f.bump(remaining, -k);
        });
      f.set(row, i32.add(row, count));
      f.jumpIf(i32.ltS(row, until), next);
    });
  });
}

/** Fills dw of a block of channels with zeros. */
function clearTaps(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { rows, columns, channels, cellBytes }: Layout,
  dw: Local<"address">,
  range: readonly [Index, Index],
): void {
  const tapAddress = f.let(dw);
  f.for(0, rows.taps * columns.taps, 1, () => {
    eachVectors(
      f,
      module,
      channels,
      ({ channel, lanes, all }) =>
        all((shift) => storeLanes(f, i32.add(tapAddress, channel), f32x4.const(0), lanes, shift)),
      { range },
    );
    f.bump(tapAddress, cellBytes);
  });
}
