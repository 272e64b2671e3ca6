import {
  i32,
  i32x4,
  v128,
  type FunctionIndex,
  type I32,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import { elementwise } from "../../loop/elementwise.js";
import {
  addRows,
  appendWanted,
  entryBytes,
  evenly,
  notZero,
  sumsAtOnce,
} from "../../gemm/entries.js";
import type { ConvSpec } from "../geometry.js";
import { clear } from "../im2col/im2col.js";
import type { PoolSpec } from "../../pool/poolWindows.js";
import { routesOf, type Routes } from "./routes.js";
import { storeLanes } from "../../shared/segment.js";
import type { Kernel, Stages } from "../../kernel.js";

type Address = Local<"i32">;

/**
 * What a convolution's image gets if its output's gradient comes from a max pool: for each cell, Σ
 * number · w over the windows whose largest saw it. Zeros among the numbers, as dropout and ReLU
 * leave them, are left out, also where they would meet what is not finite. Operands: 0 the image's
 * gradient, 1 the pool's numbers, 2 their positions (int32), 3 w. `spec` is the convolution's own,
 * `pool` the pool's.
 */
export function unpoolConv2dInput(spec: ConvSpec, pool: PoolSpec): Stages {
  const r = routesOf(spec, pool);
  const [kh, kw, c, o] = spec.w as [number, number, number, number];
  const run = kw * c;
  // [row, output, column, channel]: what an output saw of a row of cells is a row here.
  const turned = elementwise({
    shape: [kh, o, run],
    inputs: [{ strides: [run * o, 1, o], offset: 0 }],
    body: [{ op: "load", input: 0, dtype: "float32" }],
    outputs: [{ node: 0 }],
  });
  return {
    temporaries: [4 * kh * o * run],
    stages: [
      { kernel: turned, operands: [4, 3] },
      { kernel: sumsOfCells(r), operands: [0, 1, 2, 4] },
    ],
  };
}

/** Pointers: the image's gradient, numbers, positions, the turned w. A work item is an image. */
function sumsOfCells(r: Routes): Kernel {
  const {
    conv: {
      images,
      image: [h, w],
      c,
      o,
      before,
      columns: outputColumns,
    },
    attrs: {
      kernel: [kh, kw],
      strides: [sy, sx],
    },
    pool,
    windows,
  } = r;
  const key = `unpoolConv2dInput/${r.key}`;
  const outputRows = pool.attrs.image[0];
  const starts = outputColumns + 1;
  const listBytes = 16 * Math.ceil((windows * o * entryBytes) / 16);
  const cell = 4 * c;
  const tapsBytes = kw * cell;
  return {
    key,
    pointers: 4,
    workItems: images,
    flops: r.flops,
    images: { count: images, group: 1, firstItem: (image) => image, pointers: [0, 1, 2] },
    scratch: listBytes + 4 * outputRows * starts,
    emit: (module) =>
      module.once(key, () => {
        const list = listByPixel(module, r);
        const cells = sumsOfVectors(module);
        return module.func(key, new Array(7).fill("i32"), (f, ...params) => {
          const [dx, numbers, positions, rows, lists, begin, end] = params as [
            Address,
            Address,
            Address,
            Address,
            Address,
            Address,
            Address,
          ];
          const index = f.local("i32", i32.add(lists, listBytes));
          const image = f.local("i32");
          const at = f.local("i32");
          const to = f.local("i32");
          const block = f.local("i32");
          f.loop(image, begin, end, 1, () => {
            f.set(at, i32.mul(image, pool.outputBytes));
            f.set(to, i32.add(dx, i32.mul(image, h * w * cell)));
            f.call(list, i32.add(numbers, at), i32.add(positions, at), lists, index);
            f.call(clear(module, h * w * c), to);
            cells.forEach(({ of, first, count, bytes }) =>
              f.loop(block, first, first + count * bytes, bytes, () =>
                f.call(of, i32.add(to, block), i32.add(rows, block), index),
              ),
            );
          });
        });
      }),
  };

  /** Functions for so many channels each, and which blocks of channels they do, in bytes. */
  function sumsOfVectors(
    module: ModuleBuilder,
  ): { of: FunctionIndex; first: number; count: number; bytes: number }[] {
    const vectors = Math.ceil(c / 4);
    const atOnce = evenly(vectors, sumsAtOnce(module));
    const blocks = Math.floor(c / (4 * atOnce));
    const left = c - 4 * atOnce * blocks;
    return [[0, blocks, 4 * atOnce] as const, [blocks, 1, left] as const]
      .filter(([, count, channels]) => count * channels > 0)
      .map(([first, count, channels]) => ({
        of: sumsOfSome(module, channels),
        first: 16 * atOnce * first,
        count,
        bytes: 4 * channels,
      }));
  }

  /**
   * (image's gradient, turned w, index) → (), for some channels. One row of the kernel after the
   * other, so that what outputs saw through it stays in the first cache.
   */
  function sumsOfSome(module: ModuleBuilder, channels: number): FunctionIndex {
    return module.func(`${key}/${channels}`, ["i32", "i32", "i32"], (f, ...params) => {
      const [dx, rows, index] = params as [Address, Address, Address];
      const tap = f.local("i32");
      const row = f.local("i32");
      const x = f.local("i32");
      const y = f.local("i32");
      const to = f.local("i32");
      const at = f.local("i32");
      const base = f.local("i32");
      const seen = f.local("i32");
      const entry = f.local("i32");
      const until = f.local("i32");
      const sums = Array.from({ length: Math.ceil(channels / 4) }, () => f.local("v128"));
      const places = sums.map((_, k) => 16 * k);
      const atMost = (most: number): void => f.if(i32.gtS(seen, most), () => f.set(seen, most));
      /** Where the list of one of a row's outputs begins. */
      const listOf = (output: Index): I32 => i32.load(i32.add(at, i32.shl(output, 2)));
      f.loop(tap, 0, kh, 1, () =>
        f.loop(row, 0, outputRows, 1, () => {
          f.set(y, i32.sub(i32.add(i32.mul(row, sy), tap), before[0]));
          f.if(i32.ltU(y, h), () => {
            f.set(to, i32.add(dx, i32.mul(y, w * cell)));
            f.set(at, i32.add(index, i32.mul(row, 4 * starts)));
            f.set(base, i32.add(i32.add(rows, i32.mul(tap, o * tapsBytes)), before[1] * cell));
            f.loop(x, 0, w, 1, () => {
              // The outputs that see the cell: their lists follow each other.
              f.set(seen, i32.add(x, before[1] + 1 - kw));
              f.set(
                seen,
                i32.select(i32.gtS(seen, 0), i32.divU(i32.add(seen, sx - 1), sx), i32.const(0)),
              );
              atMost(outputColumns);
              f.set(entry, listOf(seen));
              f.set(seen, i32.add(i32.divU(i32.add(x, before[1]), sx), 1));
              atMost(outputColumns);
              f.set(until, listOf(seen));
              f.if(i32.ltU(entry, until), () => {
                sums.forEach((sum, k) => f.set(sum, v128.load(to, places[k])));
                addRows(module, f, sums, places, entry, until, base);
                sums.forEach((sum, k) =>
                  storeLanes(f, to, sum, Math.min(4, channels - 4 * k), places[k]),
                );
              });
              f.bump(to, cell);
              f.bump(base, cell);
            });
          });
        }),
      );
    });
  }
}

/**
 * (numbers of an image, positions, lists, index) → (): for each output pixel in row-major order,
 * the numbers that were routed to it and are not zero, each with the row of its output. The index
 * holds where the lists of each row's pixels begin, and where the last ends.
 */
function listByPixel(
  module: ModuleBuilder,
  {
    key,
    conv: { c, o, columns: outputColumns },
    attrs: {
      kernel: [, kw],
      strides: [, sx],
    },
    pool,
  }: Routes,
): FunctionIndex {
  const {
    rows,
    columns,
    attrs: {
      window: [ph, pw],
      image: [outputRows],
    },
  } = pool;
  const tapsBytes = 4 * kw * c;
  return module.func(
    `unpoolConv2dInput/${key}/list`,
    ["i32", "i32", "i32", "i32"],
    (f, ...params) => {
      const [numbers, positions, list, index] = params as [Address, Address, Address, Address];
      const i = f.local("i32");
      const j = f.local("i32");
      const row = f.local("i32");
      const column = f.local("i32");
      const window = f.local("i32");
      const rowOf = f.local("i32");
      const wanted = f.local("v128");
      const q = f.local("i32");
      const begin = (): void => {
        f.store("i32", index, list);
        f.bump(index, 4);
      };
      /** Of up to 32 outputs, those whose number was routed to the wanted cell. */
      const some = (many: number): void =>
        appendWanted(f, list, many, i32.add(numbers, window), rowOf, tapsBytes, (k) =>
          v128.and(
            i32x4.eq(v128.load(i32.add(positions, window), 4 * k), wanted),
            notZero(v128.load(i32.add(numbers, window), 4 * k)),
          ),
        );
      f.loop(i, 0, rows, 1, () =>
        f.loop(row, i32.mul(i, ph), i32.mul(i32.add(i, 1), ph), 1, () => {
          f.loop(j, 0, columns, 1, () =>
            f.loop(column, i32.mul(j, pw), i32.mul(i32.add(j, 1), pw), 1, () => {
              begin();
              f.set(wanted, i32x4.splat(i32.add(i32.mul(row, outputColumns), column)));
              f.set(window, i32.mul(i32.add(i32.mul(i, columns), j), 4 * o));
              // What the output saw through the column of the kernel that is above the cell at 0.
              f.set(rowOf, i32.mul(column, -4 * sx * c));
              f.loop(q, 0, Math.floor(o / 32), 1, () => {
                some(32);
                f.bump(window, 4 * 32);
                f.bump(rowOf, 32 * tapsBytes);
              });
              if (o % 32 > 0) some(o % 32);
            }),
          );
          f.loop(column, columns * pw, outputColumns + 1, 1, begin);
        }),
      );
      f.loop(q, 0, (outputRows - rows * ph) * (outputColumns + 1), 1, begin);
    },
  );
}
