import {
  strided,
  type Address,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import type { PoolSpec, ConvSpec } from "@tenon/plan";
import {
  addScaledRows,
  appendSelected,
  nonzeroBytes,
  turnSize,
  nonzeroMask,
  maxSums,
} from "../../gemm/nonzeroLists.js";
import type { Kernel, Stages } from "../../kernel.js";
import { elementwiseInTiles } from "../../loop/transposed.js";
import { copyLoop } from "../../loop/loop.js";
import { imageItems } from "../../shared/imageItems.js";
import { kernelOf } from "../../shared/kernelOf.js";
import { storeLanes } from "../../shared/segment.js";
import { clear } from "../im2col/im2col.js";
import { unpooledConvOf, type UnpooledConv } from "./unpooledConv.js";

/**
 * The gradient with respect to a convolution's image, given the upstream gradient g of a max pool
 * behind it and that pool's argmax indices:
 *
 *     dx[cell, c] = Σ over windows and outputs o whose argmax has the cell in its patch,
 *                   of g[window, o] · w[tap, c, o]
 *
 * Zero elements of g, as dropout and ReLU make them, are left out, also where they would be
 * multiplied with infinity or NaN. `spec` is the convolution's own, `pooled` the pool's. Operands:
 * 0 dx, 1 g, 2 the indices (int32), 3 w.
 */
export function unpoolConv2dInput(spec: ConvSpec, pooled: PoolSpec): Stages {
  const unpooled = unpooledConvOf(spec, pooled);
  const [kh, kw, channels, outputs] = spec.w as [number, number, number, number];
  const rowFloats = kw * channels;
  // [kh, kw, channels, outputs] becomes [kh, outputs, kw, channels]: the weights between an output
  // and a row of its patch are contiguous.
  const transpose = elementwiseInTiles({
    ...copyLoop({ shape: [kh, outputs, rowFloats], dtype: "float32" }),
    inputs: [{ strides: [rowFloats * outputs, 1, outputs], offset: 0 }],
  });
  return {
    temporaries: [4 * kh * outputs * rowFloats],
    stages: [
      { kernel: transpose, operands: [4, 3] },
      { kernel: gradientOfImages(unpooled), operands: [0, 1, 2, 4] },
    ],
  };
}

/** Pointers: dx, g, indices, w [kh, outputs, kw, channels]. A work item is an image. */
function gradientOfImages(unpooled: UnpooledConv): Kernel {
  const { conv, pool, windows } = unpooled;
  const key = `unpoolConv2dInput/${unpooled.key}`;
  const outputRows = pool.attrs.image[0];
  const listBytes = 16 * Math.ceil((windows * conv.o * nonzeroBytes) / 16);
  const imageFloats = conv.image[0] * conv.image[1] * conv.c;
  return kernelOf(
    {
      key,
      pointers: 4,
      workItems: conv.images,
      flops: unpooled.flops,
      ...imageItems(conv.images, 1, [0, 1, 2]),
      scratch: listBytes + 4 * outputRows * (conv.columns + 1),
    },
    (f, [dx, grads, indices, weights], { begin, end }, module, lists) => {
      const list = listByPixel(module, unpooled);
      const blocks = channelBlocks(module, conv.c).map((block) => ({
        ...block,
        sums: sumsOfChannels(module, key, unpooled, block.channels),
      }));
      const listStarts = f.let(i32.add(lists!, listBytes));
      f.for(begin, end, 1, (image) => {
        const windowOffset = f.let(i32.mul(image, pool.outputBytes));
        const dxOfImage = f.let(strided(dx, image, 4 * imageFloats));
        f.call(
          list,
          i32.add(grads, windowOffset),
          i32.add(indices, windowOffset),
          lists!,
          listStarts,
        );
        f.call(clear(module, imageFloats), dxOfImage);
        for (const { sums, first, count, bytes } of blocks)
          f.for(first, first + count * bytes, bytes, (block) =>
            f.call(sums, i32.add(dxOfImage, block), i32.add(weights, block), listStarts),
          );
      });
    },
  );
}

/**
 * Channels in blocks whose sums stay in registers, and a last block of those that are left: how
 * many channels, the first block's offset in bytes, how many blocks, and bytes of each.
 */
function channelBlocks(
  module: ModuleBuilder,
  channels: number,
): { channels: number; first: number; count: number; bytes: number }[] {
  const perBlock = 4 * turnSize(Math.ceil(channels / 4), maxSums(module));
  const blocks = Math.floor(channels / perBlock);
  const remaining = channels - perBlock * blocks;
  return [
    { channels: perBlock, first: 0, count: blocks, bytes: 4 * perBlock },
    { channels: remaining, first: 4 * perBlock * blocks, count: 1, bytes: 4 * remaining },
  ].filter((block) => block.count * block.channels > 0);
}

/**
 * (dx of an image, weights, starts of the lists) → (), for some channels: dx[cell] += Σ g · weights
 * over the lists of the outputs whose patch has the cell. One kernel row after the other, so that
 * its weights stay in L1.
 */
function sumsOfChannels(
  module: ModuleBuilder,
  key: string,
  { conv, attrs, pool }: UnpooledConv,
  channels: number,
): FunctionIndex {
  const [h, w] = conv.image;
  const [kh, kw] = attrs.kernel;
  const [rowStride] = attrs.strides;
  const cellBytes = 4 * conv.c;
  const parameters = { dx: "address", weights: "address", listStarts: "address" } as const;
  return module.func(`${key}/${channels}`, parameters, (f, { dx, weights, listStarts }) => {
    const sums = f.locals("v128", Math.ceil(channels / 4));
    const offsets = sums.map((_, k) => 16 * k);
    f.for(0, kh, 1, (tap) =>
      f.for(0, pool.attrs.image[0], 1, (outputRow) => {
        const y = f.let(i32.sub(i32.add(i32.mul(outputRow, rowStride), tap), conv.before[0]));
        f.if(i32.ltU(y, h), () => {
          const to = f.let(strided(dx, y, w * cellBytes));
          const starts = f.let(strided(listStarts, outputRow, 4 * (conv.columns + 1)));
          const base = f.let(
            i32.add(strided(weights, tap, conv.o * kw * cellBytes), conv.before[1] * cellBytes),
          );
          f.for(0, w, 1, (x) => {
            const { entry, until } = listsOfCell(f, { conv, attrs }, starts, x);
            f.if(i32.ltU(entry, until), () => {
              sums.forEach((sum, k) => f.set(sum, v128.load(to, offsets[k])));
              addScaledRows(module, f, { sums, offsets, entry, end: until, base });
              sums.forEach((sum, k) =>
                storeLanes(f, to, sum, Math.min(4, channels - 4 * k), offsets[k]),
              );
            });
            f.bump(to, cellBytes);
            f.bump(base, cellBytes);
          });
        });
      }),
    );
  });
}

/**
 * Emits code that finds the entries of all outputs in a row whose patch has column `x`: their lists
 * follow each other. `starts`: where the starts of the row's lists are stored.
 */
function listsOfCell(
  f: FunctionBuilder,
  { conv, attrs }: Pick<UnpooledConv, "conv" | "attrs">,
  starts: Address,
  x: I32,
): { readonly entry: Local<"address">; readonly until: Local<"address"> } {
  const kw = attrs.kernel[1];
  const stride = attrs.strides[1];
  const before = conv.before[1];
  const listStart = (output: Index): I32 => i32.load(i32.add(starts, i32.shl(output, 2)));
  const output = f.let(i32.add(x, before + 1 - kw));
  const entry = f.local("address");
  const until = f.local("address");
  f.set(
    output,
    i32.select(i32.gtS(output, 0), i32.divU(i32.add(output, stride - 1), stride), i32.const(0)),
  );
  f.set(output, i32.min(output, conv.columns));
  f.set(entry, listStart(output));
  f.set(output, i32.add(i32.divU(i32.add(x, before), stride), 1));
  f.set(output, i32.min(output, conv.columns));
  f.set(until, listStart(output));
  return { entry, until };
}

/**
 * (g of an image, indices, lists, starts) → (): for each pixel of the convolution's output in
 * row-major order a list of its elements of unpool(g) that are not zero, each with the offset of
 * its output's weights. `starts` gets where the lists of each row's pixels begin, and where the
 * last one ends.
 */
function listByPixel(
  module: ModuleBuilder,
  { key, conv, attrs, pool }: UnpooledConv,
): FunctionIndex {
  const { c, o, columns: outputColumns } = conv;
  const stride = attrs.strides[1];
  const { rows, columns } = pool;
  const [windowRows, windowColumns] = pool.attrs.window;
  const outputRows = pool.attrs.image[0];
  const rowBytes = 4 * attrs.kernel[1] * c;
  const parameters = {
    grads: "address",
    indices: "address",
    list: "address",
    starts: "address",
  } as const;
  return module.func(
    `unpoolConv2dInput/${key}/list`,
    parameters,
    (f, { grads, indices, list, starts }) => {
      const beginList = (): void => {
        f.store("i32", starts, list);
        f.bump(starts, 4);
      };
      /** Appends those of `count` outputs, up to 32, whose argmax is the pixel. */
      const append = (count: number, window: I32, weightOffset: I32, pixel: Local<"v128">): void =>
        appendSelected(f, {
          list,
          count,
          values: i32.add(grads, window),
          firstRow: weightOffset,
          rowStride: rowBytes,
          selected: (k) =>
            v128.and(
              i32x4.eq(v128.load(i32.add(indices, window), 4 * k), pixel),
              nonzeroMask(v128.load(i32.add(grads, window), 4 * k)),
            ),
        });
      const listPixel = (windowRow: I32, row: I32, windowColumn: I32, column: I32): void => {
        beginList();
        const pixel = f.let(i32x4.splat(i32.add(i32.mul(row, outputColumns), column)));
        const window = f.let(i32.mul(i32.add(i32.mul(windowRow, columns), windowColumn), 4 * o));
        // Relative to the weights of the tap in the kernel's column 0 that is above image column 0.
        const weightOffset = f.let(i32.mul(column, -4 * stride * c));
        f.for(0, Math.floor(o / 32), 1, () => {
          append(32, window, weightOffset, pixel);
          f.bump(window, 4 * 32);
          f.bump(weightOffset, 32 * rowBytes);
        });
        if (o % 32 > 0) append(o % 32, window, weightOffset, pixel);
      };
      /** Runs over the rows, or columns, of a window. */
      const within = (window: I32, size: number, body: (i: Local<"i32">) => void): void =>
        f.for(i32.mul(window, size), i32.mul(i32.add(window, 1), size), 1, body);
      f.for(0, rows, 1, (windowRow) =>
        within(windowRow, windowRows, (row) => {
          f.for(0, columns, 1, (windowColumn) =>
            within(windowColumn, windowColumns, (column) =>
              listPixel(windowRow, row, windowColumn, column),
            ),
          );
          f.for(columns * windowColumns, outputColumns + 1, 1, beginList);
        }),
      );
      f.for(0, (outputRows - rows * windowRows) * (outputColumns + 1), 1, beginList);
    },
  );
}
