import {
  f32x4,
  i32,
  strided,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import { l1Bytes } from "../../../machine.js";
import { axesOf, innerOutputs, tapsOf, type Axis } from "./axisTiles.js";
import { byParts } from "../../reduce/byParts.js";
import { channelBlocks, type ChannelBlocks } from "./channelBlocks.js";
import { prefetch, rowsPrefetched } from "./prefetch.js";
import { eachVectors } from "../../shared/vectors.js";
import { longestSegment } from "../../shared/sumOrder.js";
import { tapBlockGradient, tapBlocks } from "./tapBlock.js";
import { geometry, type ConvSpec } from "../geometry.js";
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

/** The arrays of a gradient. Sizes in bytes. */
interface Layout {
  readonly name: string;
  readonly images: number;
  readonly taps: number;
  readonly channels: number;
  readonly rows: Axis;
  readonly columns: Axis;
  readonly cellBytes: number;
  /** Of a row of cells, of outputs, and of taps. */
  readonly rowBytes: number;
  readonly outputRowBytes: number;
  readonly tapRowBytes: number;
  readonly imageBytes: number;
  readonly gradientBytes: number;
}

function layoutOf(spec: ConvSpec, name: string): Layout {
  const { images, taps, c } = geometry(spec);
  const [rows, columns] = axesOf(spec);
  const cellBytes = 4 * c;
  const rowBytes = columns.sources * cellBytes;
  const outputRowBytes = columns.outputs * cellBytes;
  return {
    name,
    images,
    taps,
    channels: c,
    rows,
    columns,
    cellBytes,
    rowBytes,
    outputRowBytes,
    tapRowBytes: columns.taps * cellBytes,
    imageBytes: rows.sources * rowBytes,
    gradientBytes: rows.outputs * outputRowBytes,
  };
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
  const { key: shapes, images, c, flops } = geometry(spec);
  const key = `depthwiseFilter/${shapes}/${parts}`;
  const blocks = channelBlocks(c, blockChannels);
  const itemsPerPart = parts < maxParts / 2 ? blocks.count : 1;
  const layout = layoutOf(spec, key);
  const items = { parts, blocks, itemsPerPart };
  return kernelOf(
    {
      key,
      pointers: 3,
      flops,
      workItems: parts * itemsPerPart,
      ...byParts(images, parts, itemsPerPart, [1, 2]),
    },
    partialGradientsBody(layout, items),
  );
}

function partialGradientsBody(
  layout: Layout,
  { parts, blocks, itemsPerPart }: Items,
): KernelBody<3> {
  return (f, [dw, x, dy], { begin, end }, module) => {
    const { images, taps, cellBytes, rows, rowBytes, outputRowBytes } = layout;
    const allBytes = images * (layout.imageBytes + layout.gradientBytes);
    const prefetched =
      itemsPerPart === 1
        ? rowsPrefetched(rows.step * rowBytes + outputRowBytes, allBytes)
        : undefined;
    const perBand = Math.min(prefetched ?? rows.outputs, rows.outputs);
    const addBand = bandGradient(module, layout);
    const prefetchBand = (cells: Local<"address">, grads: Local<"address">, row: I32): void => {
      const cellsOfBand = strided(cells, row, rows.step * rowBytes);
      const gradsOfBand = strided(grads, row, outputRowBytes);
      const xEnd = i32.add(x, images * layout.imageBytes);
      prefetch(f, cellsOfBand, perBand * rows.step * rowBytes, xEnd);
      const dyEnd = i32.add(dy, images * layout.gradientBytes);
      prefetch(f, gradsOfBand, perBand * outputRowBytes, dyEnd);
    };
    const firstImage = (part: I32): I32 => i32.divU(i32.mul(part, images), parts);
    f.for(begin, end, 1, (item) => {
      const part = f.let(i32.divU(item, itemsPerPart));
      const whole = itemsPerPart === 1;
      const firstBlock = f.let(whole ? i32.const(0) : i32.remU(item, itemsPerPart));
      const blockEnd = f.let(whole ? i32.const(blocks.count) : i32.add(firstBlock, 1));
      const to = f.let(strided(dw, part, taps * cellBytes));
      clearTaps(module, f, layout, to, [
        blocks.from(firstBlock),
        blocks.until(i32.sub(blockEnd, 1)),
      ]);
      const last = f.let(firstImage(i32.add(part, 1)));
      f.for(firstImage(part), last, 1, (image) => {
        const cells = f.let(strided(x, image, layout.imageBytes));
        const grads = f.let(strided(dy, image, layout.gradientBytes));
        f.for(0, rows.outputs, perBand, (row) => {
          const rowEnd = f.min(i32.add(row, perBand), rows.outputs);
          if (prefetched) prefetchBand(cells, grads, row);
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
function bandGradient(module: ModuleBuilder, layout: Layout): FunctionIndex {
  const { name, rows, columns, channels, rowBytes, outputRowBytes, tapRowBytes } = layout;
  const [inner, innerEnd] = innerOutputs(rows);
  const bytesPerRow = 4 * blockChannels * (rows.step * columns.sources + columns.outputs);
  const rowsAtOnce = Math.max(1, Math.floor(bandBytes / bytesPerRow));
  const spec = {
    name,
    columns,
    channels,
    tapStride: rows.tap * rowBytes,
    outputStride: rows.step * rowBytes,
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
      const cells = f.let(strided(image, source, rowBytes));
      const from = f.let(strided(grads, row, outputRowBytes));
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
  { taps, channels, cellBytes }: Layout,
  dw: Local<"address">,
  range: readonly [Index, Index],
): void {
  const tapAddress = f.let(dw);
  f.for(0, taps, 1, () => {
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
