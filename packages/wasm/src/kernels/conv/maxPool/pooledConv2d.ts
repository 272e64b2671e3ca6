import {
  strided,
  type FunctionBuilder,
  type I32,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { isNonOverlapping, type ConvSpec, type MaxPoolOptions, type PoolSpec } from "@tenon/plan";
import { sameShape, windows } from "@tenon/tensor";
import { sumVectors } from "../../../machine.js";
import { anyNonFinite } from "../../gemm/sparsityScan.js";
import { multiplyAdd } from "../../gemm/multiplyAdd.js";
import type { Kernel } from "../../kernel.js";
import {
  imagePointersOf,
  reduceWindow,
  resultsOf,
  type MaxPoolResults,
} from "../../pool/argmax.js";
import { inputReader } from "../../pool/fusedInputs.js";
import { eachWindow, poolOf, type Pool, type Window } from "../../pool/poolWindows.js";
import { imageItems } from "../../shared/imageItems.js";
import { kernelOf } from "../../shared/kernelOf.js";
import { geometry, paddedBytes, type Geometry } from "../geometry.js";
import { imagesOf } from "../im2col/im2col.js";
import { patchBits, patchIsSmall } from "./inputPatch.js";

/** With more products for each output the code would be too long. */
const mostTaps = 32;

/** A contiguous run of up to so many taps is one iteration; of a longer one some are. */
const shortRun = 8;
const unrolledTaps = 2;

/** Vectors of outputs that are computed at a time, given how many cells they are computed of. */
function outputVectors(cells: number, outputs: number, mostSums: number): number {
  let vectors = Math.max(1, Math.floor(mostSums / cells));
  while (vectors > 1 && outputs % (4 * vectors) > 0) vectors--;
  return vectors;
}

/**
 * Whether each load of a cell or of a weight is used by enough products that a tile of a matrix
 * product is not much faster. The code for 128 bits decides, which has fewer sums. Chosen by
 * `bench/zeros`.
 */
function reusesLoads(cells: number, outputs: number): boolean {
  const vectors = outputVectors(cells, outputs, sumVectors);
  return outputs % 4 === 0 && 4 * (cells + vectors) <= 3 * cells * vectors;
}

/**
 * Whether `pooledConv2d` is faster than the convolution and the pool: windows of few cells, each
 * the sum of few products. Windows that overlap would compute some cells more than once.
 */
export function pooledConv2dFits(spec: ConvSpec, pooled: PoolSpec): boolean {
  const { x, w, attrs } = spec;
  const [kh, kw, channels, outputs] = w as [number, number, number, number];
  const pool = poolOf(pooled);
  return (
    attrs.groups === 1 &&
    kh * kw * channels <= mostTaps &&
    pool.unrolled &&
    isNonOverlapping(pooled) &&
    [...x, ...w].every((n) => n > 0) &&
    reusesLoads(pool.cells, outputs) &&
    patchIsSmall(geometry(spec), attrs, pool) &&
    sameShape(pooled.x, [x[0]!, ...windows(attrs.image, attrs.kernel, attrs), outputs])
  );
}

/** What the code of a pooled convolution is made from. */
interface PooledConv {
  readonly spec: ConvSpec;
  readonly conv: Geometry;
  readonly pool: Pool;
  readonly results: MaxPoolResults;
  /** Which input of the prologue is the convolution's output. */
  readonly convInput: number;
}

/**
 * A convolution fused into the max pool behind it: the outputs of a window's cells are summed in
 * registers, with the bits of `conv2d`, and never stored. A window whose input patch is zero, as in
 * the margins of images, needs no products, unless w is not finite. `options` are those of
 * `maxPool2d`, whose prologue has the convolution as input `convInput`. Pointers: those of
 * `maxPool2d` without that input, then the convolution's image x and its kernel w. A work item is
 * an image.
 */
export function pooledConv2d(
  spec: ConvSpec,
  pooled: PoolSpec,
  options: MaxPoolOptions,
  convInput: number,
): Kernel {
  const conv = geometry(spec);
  const pool = poolOf(pooled);
  const results = resultsOf(pooled, options);
  const fused: PooledConv = { spec, conv, pool, results, convInput };
  const removed = results.count + convInput;
  const x = results.count + results.prologue.inputs.length - 1;
  const key = `pooledConv2d/${conv.key} ${pool.key} ${convInput}${results.key}`;
  return kernelOf(
    {
      key,
      pointers: x + 2,
      workItems: conv.images,
      flops: conv.flops + ((pool.images * pool.outputBytes) / 4) * pool.cells,
      ...imageItems(conv.images, 1, [
        ...imagePointersOf(results)
          .filter((k) => k !== removed)
          .map((k) => k - Number(k > removed)),
        x,
      ]),
      scratch: paddedBytes(conv) + 16,
    },
    (f, pointers, { begin, end }, module, scratch) => {
      const w = pointers[x + 1]!;
      // The convolution's output has no memory: scratch is in its place, and is not read.
      const arrays = [...pointers.slice(0, removed), scratch!, ...pointers.slice(removed, x)];
      const padded = f.let(i32.add(scratch!, 16));
      f.call(
        anyNonFinite(module, { count: 1, stride: 0, sampling: 1 }),
        scratch!,
        w,
        conv.taps * conv.o,
      );
      const notFinite = f.let(i32.load(scratch!));
      const imageAt = imagesOf(module, f, conv, pointers[x]!, padded);
      const outputs = arrays.slice(0, results.count);
      const inputs = arrays.slice(results.count);
      f.for(begin, end, 1, (image) => {
        const source = imageAt(image);
        f.for(0, pool.rows, 1, (row) =>
          eachWindow(
            f,
            pool,
            image,
            row,
            (...windows) =>
              emitWindows({ module, f, outputs, inputs, source, w, notFinite }, fused, windows),
            windowsAtOnce(module, fused),
          ),
        );
      });
    },
  );
}

interface WindowCode {
  readonly module: ModuleBuilder;
  readonly f: FunctionBuilder;
  readonly outputs: readonly Local<"address">[];
  readonly inputs: readonly Local<"address">[];
  /** The image that the convolution reads, padded. */
  readonly source: Local<"address">;
  readonly w: Local<"address">;
  /** Whether w is not finite. */
  readonly notFinite: I32;
}

/** As many sums as stay in registers. */
const mostSums = ({ features }: ModuleBuilder): number =>
  features.vectors256 ? 2 * sumVectors : sumVectors;

/** Two windows of a row where those of one have so few sums that each would wait for itself. */
function windowsAtOnce(module: ModuleBuilder, { conv, pool }: PooledConv): number {
  const sums = pool.cells * outputVectors(pool.cells, conv.o, mostSums(module));
  return 2 * sums <= mostSums(module) && pool.columns % 2 === 0 ? 2 : 1;
}

/** Emits some windows of a row: some outputs of all their cells at a time, and the maxima. */
function emitWindows(
  { module, f, outputs, inputs, source, w, notFinite }: WindowCode,
  fused: PooledConv,
  windows: readonly Window[],
): void {
  const { spec, conv, pool, results, convInput } = fused;
  const vectors = outputVectors(pool.cells, conv.o, mostSums(module));
  const sums = windows.map(() =>
    Array.from({ length: pool.cells }, () => f.locals("v128", vectors)),
  );
  const { row, column } = windows[0]!.first;
  const patch = f.let(
    i32.add(source, strided(i32.mul(row, conv.rowStride), column, conv.pixelStride)),
  );
  const patches = windows.map((_, k) => i32.add(patch, k * windowStride(fused)));
  const bits = patches.map((address) => patchBits(conv, spec.attrs, pool, address));
  const live = f.let(i32.or(v128.any(bits.reduce(v128.or)), notFinite));
  f.for(0, 4 * conv.o, 16 * vectors, (channel) => {
    sums.flat(2).forEach((sum) => f.set(sum, f32x4.const(0)));
    f.if(live, () =>
      addProducts(module, f, fused, { sums, patch, weights: f.let(i32.add(w, channel)) }),
    );
    windows.forEach((window, k) => {
      const { base } = window.first;
      const reader = inputReader(f, results.prologue, { arrays: inputs, channel, firstBase: base });
      const to = outputs.map((array) => f.let(i32.add(i32.add(array, window.output), channel)));
      f.interleave(
        Array.from({ length: vectors }, (_, v) => () => {
          const load = reader(16 * v);
          reduceWindow(f, results, window, (input, cell, ordinal) =>
            input === convInput ? sums[k]![ordinal]![v]! : load(input, cell),
          ).forEach((value, output) => f.store("v128", to[output]!, value, 16 * v));
        }),
      );
    });
  });
}

/** Bytes from the patch of a window to that of the next in its row. */
const windowStride = ({ conv, pool }: PooledConv): number =>
  pool.attrs.strides[1] * conv.pixelStride;

interface Products {
  /** Of each window, of each of its cells, vectors of outputs. */
  readonly sums: readonly (readonly (readonly Local<"v128">[])[])[];
  /** The input patch of the first window's first cell. */
  readonly patch: Local<"address">;
  /** The weights of the first tap for these outputs; it is changed. */
  readonly weights: Local<"address">;
}

/**
 * Emits the convolution's sums for all cells of some windows, tap after tap: each element of a
 * patch times the weights of the outputs.
 */
function addProducts(
  module: ModuleBuilder,
  f: FunctionBuilder,
  fused: PooledConv,
  { sums, patch, weights }: Products,
): void {
  const { conv, pool } = fused;
  const { attrs } = fused.spec;
  const { kernel, strides, dilation } = attrs;
  const tapBytes = 4 * conv.o;
  // Taps that are contiguous in a row of the patch are one run.
  const contiguous = dilation[1] === 1;
  const runs = contiguous ? 1 : kernel[1];
  const tapsPerRun = contiguous ? kernel[1] * conv.c : conv.c;
  const unroll = tapsPerRun <= shortRun ? tapsPerRun : unrolledTaps;
  // A test that is never true starts a new basic block, as in `addScaledRows`.
  const tests = unroll < tapsPerRun || !module.features.vectors256;
  const windowColumns = pool.attrs.window[1];
  const cells = sums.flatMap((sumsOfWindow, window) =>
    sumsOfWindow.map((vectors, cell) => ({
      vectors,
      offset:
        window * windowStride(fused) +
        Math.floor(cell / windowColumns) * conv.rowStride +
        (cell % windowColumns) * conv.pixelStride,
    })),
  );
  const patchRow = f.local("address", patch);
  const element = f.local("v128");
  const loaded = sums[0]![0]!.map(() => f.local("v128"));
  f.for(0, kernel[0], 1, () => {
    f.for(0, runs, 1, (run) => {
      const tap = f.let(strided(patchRow, run, 4 * conv.c * dilation[1]));
      const end = f.let(i32.add(weights, tapBytes * tapsPerRun));
      f.repeat((again, exit) => {
        for (let k = 0; k < unroll; k++) {
          loaded.forEach((local, v) => f.set(local, v128.load(weights, tapBytes * k + 16 * v)));
          cells.forEach(({ vectors, offset }) => {
            f.set(element, v128.loadSplat(tap, 4 * k + offset));
            vectors.forEach((sum, v) => f.set(sum, multiplyAdd(module, sum, element, loaded[v]!)));
          });
          if (k < unroll - 1 && tests)
            f.jumpIf(i32.eq(i32.add(weights, tapBytes * (k + 1)), end), exit);
        }
        f.bump(weights, tapBytes * unroll);
        f.bump(tap, 4 * unroll);
        f.jumpIf(i32.ltU(weights, end), again);
      });
      f.set(weights, end);
    });
    f.bump(patchRow, (dilation[0] * conv.rowStride) / strides[0]);
  });
}
