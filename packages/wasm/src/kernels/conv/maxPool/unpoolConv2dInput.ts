import {
  strided,
  type Address,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Local,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import type { PoolSpec, ConvSpec } from "@tenon/plan";
import {
  addScaledRows,
  appendCompacted,
  compactionBytes,
  compactionTable,
  nonzeroBytes,
  turnSize,
  maxSums,
} from "../../gemm/nonzeroLists.js";
import type { Kernel, Stages } from "../../kernel.js";
import { elementwiseInTiles } from "../../loop/transposed.js";
import { copyLoop } from "../../loop/loop.js";
import { imageItems } from "../../shared/imageItems.js";
import { kernelOf } from "../../shared/kernelOf.js";
import { storeLanes } from "../../shared/segment.js";
import { paddedBytes } from "../geometry.js";
import { clear, cropImage } from "../im2col/im2col.js";
import { patchOf } from "./band.js";
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
  // Four entries more, since as many are written at a time.
  const listBytes = 16 * Math.ceil(((windows * conv.o + 4) * nonzeroBytes) / 16);
  const startBytes = 16 * Math.ceil((4 * outputRows * (conv.columns + 1)) / 16);
  const imageFloats = conv.image[0] * conv.image[1] * conv.c;
  return kernelOf(
    {
      key,
      pointers: 4,
      workItems: conv.images,
      flops: unpooled.flops,
      ...imageItems(conv.images, 1, [0, 1, 2]),
      scratch: listBytes + startBytes + compactionBytes + paddedBytes(conv) + 16,
    },
    (f, [dx, grads, indices, weights], { begin, end }, module, lists) => {
      const list = listByPixel(module, unpooled);
      const addImage = addLists(module, key, unpooled);
      const starts = f.let(i32.add(lists!, listBytes));
      const table = f.let(i32.add(starts, startBytes));
      const padded = f.let(i32.add(table, compactionBytes));
      f.call(compactionTable(module), table);
      f.for(begin, end, 1, (image) => {
        const windowOffset = f.let(i32.mul(image, pool.outputBytes));
        const to = f.let(strided(dx, image, 4 * imageFloats));
        const [gradsOfImage, indicesOfImage] = [grads, indices].map((p) =>
          i32.add(p, windowOffset),
        );
        f.call(list, gradsOfImage!, indicesOfImage!, lists!, starts, table);
        f.call(clear(module, imageFloats), to);
        if (conv.padded) f.call(clear(module, paddedBytes(conv) / 4), padded);
        addImage(f, conv.padded ? padded : to, weights, starts);
        if (conv.padded) f.call(cropImage(module, conv), padded, to);
      });
    },
  );
}

/** How the elements of lists are added to the rows of an image. */
interface Turns {
  /** Floats of sums that stay in registers. */
  readonly floats: number;
  /** Whether they are of a row of an output's patch, to which its list is added, or of a cell. */
  readonly byOutput: boolean;
}

/**
 * A function that emits dx += Σ g · weights over the lists of an image (or padded copy of it): for
 * each cell over those of all outputs whose patch has it, or, where the sums of a cell are so few
 * that each would wait for itself, for each output to a row of cells. Either way an element gets
 * its products in the same order.
 */
function addLists(
  module: ModuleBuilder,
  key: string,
  unpooled: UnpooledConv,
): (f: FunctionBuilder, dx: Address, weights: Address, starts: Address) => void {
  const { conv, attrs } = unpooled;
  const sumsOf = (floats: number): number => turnSize(Math.ceil(floats / 4), maxSums(module));
  const [kh, kw] = attrs.kernel;
  const rowFloats = kw * conv.c;
  const byOutput = sumsOf(rowFloats) > sumsOf(conv.c);
  const all = byOutput ? rowFloats : conv.c;
  const floats = 4 * sumsOf(all);
  const count = Math.floor(all / floats);
  return (f, dx, weights, starts) =>
    // One kernel row after the other, so that its weights stay in L1.
    f.for(0, kh, 1, (tap) => {
      const to = f.let(strided(dx, tap, patchOf(unpooled).imageRowBytes));
      const weightsOfRow = f.let(strided(weights, tap, 4 * conv.o * rowFloats));
      const add = (offset: I32 | number, size: number): void =>
        f.call(
          addToRows(module, key, unpooled, { floats: size, byOutput }),
          i32.add(to, offset),
          i32.add(weightsOfRow, offset),
          starts,
        );
      // From the end of a row on: patches of earlier outputs are added to a cell first.
      if (all % floats > 0) add(4 * floats * count, all % floats);
      f.for(0, count, 1, (turn) =>
        add(f.let(i32.mul(i32.sub(count - 1, turn), 4 * floats)), floats),
      );
    });
}

/** (dx, weights, starts of the lists) → (), for one kernel row and some floats of cells or rows. */
function addToRows(
  module: ModuleBuilder,
  key: string,
  unpooled: UnpooledConv,
  { floats, byOutput }: Turns,
): FunctionIndex {
  const { conv, pool } = unpooled;
  const step = byOutput ? conv.pixelStride : 4 * conv.c;
  const parameters = { dx: "address", weights: "address", listStarts: "address" } as const;
  return module.func(`${key}/${floats}`, parameters, (f, { dx, weights, listStarts }) => {
    const sums = f.locals("v128", Math.ceil(floats / 4));
    const offsets = sums.map((_, k) => 16 * k);
    f.for(0, pool.attrs.image[0], 1, (outputRow) => {
      const to = f.let(strided(dx, outputRow, conv.rowStride));
      const starts = f.let(strided(listStarts, outputRow, 4 * (conv.columns + 1)));
      const base = f.let(weights);
      f.for(0, byOutput ? conv.columns : conv.reach[1], 1, (x) => {
        const [first, end] = byOutput ? [x, i32.add(x, 1)] : outputsOfCell(f, unpooled, x);
        const startOf = (output: I32): I32 => i32.load(i32.add(starts, i32.shl(output, 2)));
        const entry = f.local("address", startOf(first));
        const until = f.local("address", startOf(end));
        f.if(i32.ltU(entry, until), () => {
          sums.forEach((sum, k) => f.set(sum, v128.load(to, offsets[k])));
          addScaledRows(module, f, { sums, offsets, entry, end: until, base });
          // As in a register tile, from the last on.
          for (let k = sums.length; k-- > 0;)
            storeLanes(f, to, sums[k]!, Math.min(4, floats - 4 * k), offsets[k]);
        });
        f.bump(to, step);
        f.bump(base, step);
      });
    });
  });
}

/** The outputs of a row whose patch has column `x` of the padded image, [first, end). */
function outputsOfCell(
  f: FunctionBuilder,
  { conv, attrs }: Pick<UnpooledConv, "conv" | "attrs">,
  x: I32,
): readonly [I32, I32] {
  const stride = attrs.strides[1];
  const beyond = f.let(i32.sub(x, attrs.kernel[1] - stride));
  const first = f.local("i32", i32.select(i32.gtS(beyond, 0), i32.divU(beyond, stride), 0));
  return [
    f.let(i32.min(first, conv.columns)),
    f.let(i32.min(f.let(i32.add(i32.divU(x, stride), 1)), conv.columns)),
  ];
}

/** A mask of the first lanes. */
const firstLanes = (count: number): V128 =>
  i32x4.lanes(-1, count > 1 ? -1 : 0, count > 2 ? -1 : 0, 0);

/**
 * (g of an image, indices, lists, starts, table) → (): for each pixel of the convolution's output,
 * in row-major order, a list of its elements of unpool(g) that are not zero, each with the offset
 * of its output's weights. `starts` gets where the lists of each row's pixels begin, and where the
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
    table: "address",
  } as const;
  return module.func(
    `unpoolConv2dInput/${key}/list`,
    parameters,
    (f, { grads, indices, list, starts, table }) => {
      const beginList = (): void => {
        f.store("i32", starts, list);
        f.bump(starts, 4);
      };
      const listPixel = (windowRow: I32, row: I32, windowColumn: I32, column: I32): void => {
        beginList();
        const pixel = f.let(i32x4.splat(i32.add(i32.mul(row, outputColumns), column)));
        const window = f.let(i32.mul(i32.add(i32.mul(windowRow, columns), windowColumn), 4 * o));
        // Relative to the weights of the tap in the kernel's column 0 that is above column 0.
        const firstOutput = i32x4.splat(i32.mul(column, -4 * stride * c));
        const weights = f.let(
          i32x4.add(firstOutput, i32x4.lanes(0, rowBytes, 2 * rowBytes, 3 * rowBytes)),
        );
        /** Appends those of the next outputs whose argmax is the pixel. */
        const append = (count: number): void => {
          for (let k = 0; k < count; k += 4) {
            const isArgmax = i32x4.eq(v128.load(i32.add(indices, window), 4 * k), pixel);
            const value = v128.and(v128.load(i32.add(grads, window), 4 * k), isArgmax);
            const values = count - k < 4 ? v128.and(value, firstLanes(count - k)) : value;
            const rows = i32x4.add(weights, i32x4.const(k * rowBytes));
            appendCompacted(f, { list, table, values, rows });
          }
        };
        f.for(0, Math.floor(o / 16), 1, () => {
          append(16);
          f.bump(window, 4 * 16);
          f.set(weights, i32x4.add(weights, i32x4.const(16 * rowBytes)));
        });
        append(o % 16);
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
