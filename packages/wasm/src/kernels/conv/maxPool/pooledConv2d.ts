import {
  f32x4,
  i32,
  v128,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import { sameShape } from "@tenon/tensor";
import { sumVectors } from "../../../machine.js";
import { geometry, paddedBytes, windows, type ConvSpec, type Geometry } from "../geometry.js";
import { clear, padImage } from "../im2col/im2col.js";
import { areFinite } from "../../gemm/looks.js";
import { multiplyAdd } from "../../gemm/multiplyAdd.js";
import { seenBy, seenByFew } from "./seenBy.js";
import { eachWindow, poolOf, type Pool, type PoolSpec } from "../../pool/poolWindows.js";
import type { Kernel } from "../../kernel.js";
import {
  windowsAreDisjoint,
  readerOf,
  searchedByImage,
  searchOf,
  searchWindow,
  type MaxPoolOptions,
} from "../../pool/pool2d.js";

type Address = Local<"i32">;

/** The code of more products would be too long. */
const mostTaps = 32;

/** Vectors of sums that stay in registers, of 128 and of 256 bits. */
const narrowSums = sumVectors;
const wideSums = 2 * sumVectors;

/** Taps per turn, if not all of a run are few; more gains nothing. */
const unrolledTaps = 2;

/** How many vectors of outputs are made at a time of so many cells. */
function vectorsOf(cells: number, o: number, mostSums: number): number {
  const most = Math.max(1, Math.floor(mostSums / cells));
  return Math.max(
    ...Array.from({ length: most }, (_, n) => n + 1).filter((n) => o % (4 * n) === 0),
  );
}

/**
 * A product's number and weight are loaded for as many others that a tile of a matrix product is
 * not much faster; the narrow code decides, which more run.
 */
function pays(cells: number, o: number): boolean {
  const vectors = vectorsOf(cells, o, narrowSums);
  return o % 4 === 0 && 4 * (cells + vectors) <= 3 * cells * vectors;
}

/**
 * Whether the cells of a max pool's windows are so few, and what each is made of, that they are
 * best computed where they are looked at. Windows that overlap would compute some more than once.
 */
export function pooledConv2dFits(spec: ConvSpec, pooled: PoolSpec): boolean {
  const { x, w, attrs } = spec;
  const [kh, kw, c, o] = w as [number, number, number, number];
  const pool = poolOf(pooled);
  return (
    attrs.groups === 1 &&
    kh * kw * c <= mostTaps &&
    pool.straight &&
    windowsAreDisjoint(pooled) &&
    [...x, ...w].every((n) => n > 0) &&
    pays(pool.cells, o) &&
    seenByFew(geometry(spec), attrs, pool) &&
    sameShape(pooled.x, [x[0]!, ...windows(attrs.image, attrs.kernel, attrs), o])
  );
}

/**
 * The largest of each window of a convolution, the sums of a window's cells made in registers and
 * never written. They have the bits of `conv2d`. A window that saw zeros only, as in the margins of
 * images, needs no products, unless w is not finite. Pointers: those of `maxPool2d` without input
 * `at` of its expression, which the convolution makes, and then x and w. A work item is an image.
 */
export function pooledConv2d(
  spec: ConvSpec,
  pooled: PoolSpec,
  options: MaxPoolOptions,
  at: number,
): Kernel {
  const g = geometry(spec);
  const pool = poolOf(pooled);
  const search = searchOf(pooled, options);
  const { of, results } = search;
  const read = readerOf(of);
  const own = results + at;
  const given = results + of.inputs.length - 1;
  const key = `pooledConv2d/${g.key} ${pool.key} ${at}${search.key}`;
  return {
    key,
    pointers: given + 2,
    workItems: g.images,
    flops: g.flops + ((pool.images * pool.outputBytes) / 4) * pool.cells,
    images: {
      count: g.images,
      group: 1,
      firstItem: (image) => image,
      pointers: [
        ...searchedByImage(search)
          .filter((k) => k !== own)
          .map((k) => k - Number(k > own)),
        given,
      ],
    },
    scratch: paddedBytes(g) + 16,
    emit: (module) =>
      module.once(key, () => {
        const vectors = vectorsOf(
          pool.cells,
          g.o,
          module.features.vectors256 ? wideSums : narrowSums,
        );
        return module.func(key, new Array(given + 5).fill("i32"), (f, ...params) => {
          const arrays = params.slice(0, given);
          const [x, w, scratch, begin, end] = params.slice(given) as [
            Address,
            Address,
            Address,
            Address,
            Address,
          ];
          const inputs = [
            ...arrays.slice(results, own),
            scratch,
            ...arrays.slice(own),
          ] as Address[]; // nobody reads where the convolution would be
          const image = f.local("i32");
          const row = f.local("i32");
          const from = f.local("i32");
          const seen = f.local("i32");
          const channel = f.local("i32");
          const notFinite = f.local("i32");
          const live = f.local("i32");
          const padded = f.local("i32", i32.add(scratch, 16));
          const sums = Array.from({ length: pool.cells }, () =>
            Array.from({ length: vectors }, () => f.local("v128")),
          );
          f.call(areFinite(module, { runs: 1, stride: 0, step: 1 }), scratch, w, g.taps * g.o);
          f.set(notFinite, i32.load(scratch));
          if (g.padded) f.call(clear(module, paddedBytes(g) / 4), padded);
          f.loop(image, begin, end, 1, () => {
            f.set(from, i32.add(x, i32.mul(image, 4 * g.image[0] * g.image[1] * g.c)));
            if (g.padded) {
              f.call(padImage(module, g), padded, from);
              f.set(from, padded);
            }
            f.loop(row, 0, pool.rows, 1, () =>
              eachWindow(f, pool, image, row, (window) => {
                f.set(
                  seen,
                  i32.add(
                    from,
                    i32.add(
                      i32.mul(window.first.row, g.rowStep),
                      i32.mul(window.first.column, g.pixelStep),
                    ),
                  ),
                );
                f.set(live, i32.or(v128.any(seenBy(g, spec.attrs, pool, seen)), notFinite));
                f.loop(channel, 0, 4 * g.o, 16 * vectors, () => {
                  sums.flat().forEach((sum) => f.set(sum, f32x4.const(0)));
                  f.if(live, () =>
                    addProducts(
                      module,
                      f,
                      g,
                      spec,
                      pool,
                      sums,
                      seen,
                      f.local("i32", i32.add(w, channel)),
                    ),
                  );
                  const reader = read(f, inputs, channel, window.first.offset);
                  const to = arrays
                    .slice(0, results)
                    .map((array) =>
                      f.local("i32", i32.add(i32.add(array, window.output), channel)),
                    );
                  f.interleave(
                    Array.from({ length: vectors }, (_, v) => () => {
                      const load = reader(16 * v);
                      const made = searchWindow(f, search, window, (input, offset, fixed, cell) =>
                        input === at ? sums[cell]![v]! : load(input, offset, fixed),
                      );
                      made.forEach((value, array) => f.store("v128", to[array]!, value, 16 * v));
                    }),
                  );
                });
              }),
            );
          });
        });
      }),
  };
}

/**
 * Emits the sums of a window's cells: tap after tap, a number for each cell times the outputs'
 * weights.
 */
function addProducts(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { rowStep, pixelStep, c, o }: Geometry,
  {
    attrs: {
      kernel: [kh, kw],
      strides,
      dilation,
    },
  }: ConvSpec,
  {
    attrs: {
      window: [, pw],
    },
  }: Pool,
  sums: readonly (readonly Local<"v128">[])[],
  seen: Address,
  weights: Address,
): void {
  // Taps that lie side by side are one run.
  const line = rowStep / strides[0];
  const [columns, taps] = dilation[1] === 1 ? [1, kw * c] : [kw, c];
  const unroll = taps <= 4 ? taps : unrolledTaps;
  const at = f.local("i32", seen);
  const from = f.local("i32");
  const last = f.local("i32");
  const row = f.local("i32");
  const column = f.local("i32");
  const number = f.local("v128");
  const kept = sums[0]!.map(() => f.local("v128"));
  f.loop(row, 0, kh, 1, () => {
    f.loop(column, 0, columns, 1, () => {
      f.set(from, i32.add(at, i32.mul(column, 4 * c * dilation[1])));
      f.set(last, i32.add(weights, 4 * o * taps));
      f.repeat((again, exit) => {
        for (let turn = 0; turn < unroll; turn++) {
          kept.forEach((local, v) => f.set(local, v128.load(weights, 4 * o * turn + 16 * v)));
          sums.forEach((own, cell) => {
            f.set(
              number,
              v128.loadSplat(
                from,
                4 * turn + Math.floor(cell / pw) * rowStep + (cell % pw) * pixelStep,
              ),
            );
            own.forEach((sum, v) => f.set(sum, multiplyAdd(module, sum, number, kept[v]!)));
          });
          // The test also starts a new basic block, as in `emitTile`.
          if (turn < unroll - 1) f.jumpIf(i32.eq(i32.add(weights, 4 * o * (turn + 1)), last), exit);
        }
        f.bump(weights, 4 * o * unroll);
        f.bump(from, 4 * unroll);
        f.jumpIf(i32.ltU(weights, last), again);
      });
      f.set(weights, last);
    });
    f.bump(at, dilation[0] * line);
  });
}
