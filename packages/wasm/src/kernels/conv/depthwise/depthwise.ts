import {
  strided,
  type FunctionBuilder,
  type FunctionIndex,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import type { ConvSpec } from "@tenon/plan";
import { l1Bytes } from "../../../machine.js";
import {
  axesOf,
  bySource,
  layoutOf,
  stepsOf,
  tapsOf,
  tilesAlong,
  transposedAxis,
  type Axis,
  type Layout,
  type TapAccess,
  type TileGroup,
} from "./axisTiles.js";
import { channelBlocks } from "./channelBlocks.js";
import { prefetcher } from "./prefetch.js";
import { eachVectors } from "../../shared/vectors.js";
import { geometry } from "../geometry.js";
import { multiplyAdd } from "../../gemm/multiplyAdd.js";
import { turnSize } from "../../gemm/nonzeroLists.js";
import { storeLanes } from "../../shared/segment.js";
import { imageItems } from "../../shared/imageItems.js";
import { zeros } from "../../shared/zeros.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Kernel } from "../../kernel.js";

/**
 * Outputs of a tile, and taps whose weights are resident: with a cell and a product they fill the
 * 15 registers that V8 allocates (`bench/conv`).
 */
const maxOutputs = 8;
const maxTaps = 5;

/**
 * Bytes of the cells and outputs of one row, for a block of channels, that are in use at a time:
 * they stay in L1 (`bench/conv`).
 */
const rowBytesInL1 = 0.75 * l1Bytes;

/** Products that a kernel's code may consist of: it is compiled when a step is. */
const maxProducts = 4096;

/**
 * Whether each output of a convolution reads one channel, its own, and the code, which has no loops
 * over columns, is small.
 */
export function depthwiseFits(spec: ConvSpec): boolean {
  const { x, w, attrs } = spec;
  const [, columns] = axesOf(spec);
  const products = (axis: Axis): number =>
    tilesAlong(axis, maxOutputs).reduce((sum, { accesses }) => sum + accesses.length, 0);
  return (
    attrs.groups > 1 &&
    attrs.groups === x[3] &&
    w[2] === 1 &&
    w[3] === attrs.groups &&
    products(columns) <= maxProducts &&
    products(transposedAxis(columns)) <= maxProducts
  );
}

/**
 * A convolution of which each output reads one channel: y[pixel, c] = Σ x[cell, c] · w[tap, c].
 * Pointers: y, x, w. A work item is a row of an image's outputs. Each sum is added up kernel row by
 * kernel row.
 */
export function depthwise(spec: ConvSpec): Kernel {
  return weightedSums("depthwise", spec, axesOf(spec));
}

/**
 * Its gradient with respect to the image: dx[cell, c] = Σ dy[pixel, c] · w[tap, c]. Pointers: dx,
 * dy, w. `spec` is that of the convolution. A work item is a row of an image.
 */
export function depthwiseInput(spec: ConvSpec): Kernel {
  const [rows, columns] = axesOf(spec);
  return weightedSums("depthwiseInput", spec, [transposedAxis(rows), transposedAxis(columns)]);
}

/** The sources that outputs read, each times a weight. */
function weightedSums(name: string, spec: ConvSpec, axes: readonly [Axis, Axis]): Kernel {
  const g = geometry(spec);
  const key = `${name}/${g.key}`;
  const layout = layoutOf(g, axes);
  const { images, rows, bytes, sourceBytes } = layout;
  if (bytes * sourceBytes === 0) return zeros({ key, count: bytes / 4, pointers: 3 });
  return kernelOf(
    {
      key,
      pointers: 3,
      flops: g.flops,
      workItems: images * rows.outputs,
      ...imageItems(images, rows.outputs, [0, 1]),
    },
    weightedSumsBody(key, layout),
  );
}

function weightedSumsBody(key: string, layout: Layout): KernelBody<3> {
  return (f, [y, x, w], { begin, end }, module) => {
    const { rows, columns, channels, cellBytes, rowBytes, sourceRowBytes } = layout;
    const steps = stepsOf(rows);
    const bytesPerColumn = 64 * (rows.taps * columns.sources + columns.outputs);
    // Whole cache lines: a multiple of sixteen channels.
    const perBlock = Math.max(16, 16 * Math.floor(rowBytesInL1 / bytesPerColumn));
    const blocks = channelBlocks(channels, perBlock);
    const segments = tilesAlong(columns, maxOutputs).map((tiles) => ({
      ...tiles,
      code: rowSegment(module, key, tiles, {
        channels,
        sourceStride: steps.sources * sourceRowBytes,
        weightStride: steps.taps * columns.taps * cellBytes,
      }),
    }));
    const ahead = prefetcher(layout);
    f.for(begin, end, 1, (item) => {
      const image = f.let(i32.divU(item, rows.outputs));
      const row = f.let(i32.remU(item, rows.outputs));
      const to = f.let(strided(y, item, rowBytes));
      const { tap, source, count } = tapsOf(f, rows, row);
      const sourceRow = i32.add(i32.mul(image, rows.sources), source);
      const from = f.let(strided(x, sourceRow, sourceRowBytes));
      if (ahead) f.if(i32.eqz(i32.remU(row, ahead.count)), () => ahead.emit(f, { from, to, x, y }));
      const weights = f.let(strided(w, tap, columns.taps * cellBytes));
      f.for(0, blocks.count, 1, (block) => {
        for (const { output, source, code } of segments)
          f.call(
            code,
            i32.add(to, output * cellBytes),
            i32.add(from, source * cellBytes),
            weights,
            count,
            blocks.from(block),
            blocks.until(block),
          );
      });
    });
  };
}

interface Strides {
  readonly channels: number;
  /** From one row of the kernel to the next: bytes of sources, and of weights. */
  readonly sourceStride: number;
  readonly weightStride: number;
}

/**
 * A function for adjacent tiles of one row: (outputs, sources, weights, rows of the kernel,
 * channels from and until in bytes) → ().
 */
function rowSegment(
  module: ModuleBuilder,
  name: string,
  { count, width, advance, accesses, output, source }: TileGroup,
  { channels, sourceStride, weightStride }: Strides,
): FunctionIndex {
  const cellBytes = 4 * channels;
  const params = {
    y: "address",
    x: "address",
    w: "address",
    rows: "i32",
    first: "i32",
    until: "i32",
  } as const;
  return module.func(`${name}/${output}/${source}`, params, (f, args) => {
    const { y, x, w, rows, first, until } = args;
    f.for(0, count, 1, () => {
      eachVectors(
        f,
        module,
        channels,
        ({ channel, lanes, all }) => {
          const sums = all(() => f.locals("v128", width));
          const cells = f.let(i32.add(x, channel));
          const weights = f.let(i32.add(w, channel));
          all((_, k) => sums[k]!.forEach((sum) => f.set(sum, f32x4.const(0))));
          if (accesses.length > 0)
            f.for(0, rows, 1, () => {
              all((shift, k) =>
                addKernelRow(module, f, {
                  accesses,
                  cellBytes,
                  cells,
                  weights,
                  shift,
                  sums: sums[k]!,
                }),
              );
              f.bump(cells, sourceStride);
              f.bump(weights, weightStride);
            });
          const to = f.let(i32.add(y, channel));
          all((shift, k) =>
            sums[k]!.forEach((sum, t) => storeLanes(f, to, sum, lanes, t * cellBytes + shift)),
          );
        },
        { range: [first, until] },
      );
      f.bump(y, width * cellBytes);
      f.bump(x, advance * cellBytes);
    });
  });
}

interface KernelRow {
  readonly accesses: readonly TapAccess[];
  readonly cellBytes: number;
  readonly cells: Local<"address">;
  readonly weights: Local<"address">;
  /** Bytes from the first channel of `cells` and `weights`. */
  readonly shift: number;
  readonly sums: readonly Local<"v128">[];
}

/**
 * Emits the products of one row of the kernel. The weights of a few taps are resident at a time,
 * and each cell is loaded once for them.
 */
function addKernelRow(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { accesses, cellBytes, cells, weights, shift, sums }: KernelRow,
): void {
  const taps = [...new Set(accesses.map(({ tap }) => tap))].sort((a, b) => a - b);
  const perTurn = turnSize(taps.length, maxTaps);
  const cell = f.local("v128");
  for (let first = 0; first < taps.length; first += perTurn) {
    const resident = new Map(
      taps
        .slice(first, first + perTurn)
        .map((tap) => [tap, f.let(v128.load(weights, tap * cellBytes + shift))]),
    );
    for (const [source, readers] of bySource(accesses.filter(({ tap }) => resident.has(tap)))) {
      f.set(cell, v128.load(cells, source * cellBytes + shift));
      for (const { output, tap } of readers)
        f.set(sums[output]!, multiplyAdd(module, sums[output]!, cell, resident.get(tap)!));
    }
  }
}
