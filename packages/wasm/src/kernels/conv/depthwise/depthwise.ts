import {
  f32x4,
  i32,
  v128,
  type FunctionBuilder,
  type FunctionIndex,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import {
  axesOf,
  stepsOf,
  tilesAlong,
  transposedAxis,
  type Axis,
  type Tiles,
} from "./depthwiseTiles.js";
import { bySource, channelBlocks, fetch, rowsFetched, tapsSeen } from "./depthwiseCode.js";
import { eachVectors } from "../../shared/vectors.js";
import { geometry, type ConvSpec } from "../geometry.js";
import { multiplyAdd } from "../../gemm/multiplyAdd.js";
import { storeLanes } from "../../shared/segment.js";
import { zeros } from "../../shared/zeros.js";
import type { Kernel } from "../../kernel.js";

type Address = Local<"i32">;

/**
 * Outputs side by side, and taps whose weights are kept: with a cell and a product they fill the 15
 * registers that V8 gives out.
 */
const mostOutputs = 8;
const mostTaps = 5;

/**
 * Bytes of cells and outputs of one row that are worked on at a time, some channels of all: they
 * stay in the first cache.
 */
const cacheBytes = 24 * 1024;

/** Products that a kernel's code may consist of: it is compiled when a step is. */
const mostProducts = 4096;

/**
 * Whether each output of a convolution looks at one channel, its own, and all is as small as code
 * without loops over columns must be.
 */
export function depthwiseFits(spec: ConvSpec): boolean {
  const {
    x,
    w,
    attrs: { groups },
  } = spec;
  const [, columns] = axesOf(spec);
  const products = (axis: Axis): number =>
    tilesAlong(axis, mostOutputs).reduce((sum, { looks }) => sum + looks.length, 0);
  return (
    groups > 1 &&
    groups === x[3] &&
    w[2] === 1 &&
    w[3] === groups &&
    products(columns) <= mostProducts &&
    products(transposedAxis(columns)) <= mostProducts
  );
}

/**
 * A convolution of which each output looks at one channel: y[pixel, c] = Σ x[cell, c] · w[tap, c].
 * Pointers: y, x, w. A work item is a row of an image's outputs. Each sum is added up kernel row by
 * kernel row.
 */
export function depthwise(spec: ConvSpec): Kernel {
  return looking("depthwise", spec, axesOf(spec));
}

/**
 * What its image gets from its output's gradient: dx[cell, c] = Σ g[pixel, c] · w[tap, c].
 * Pointers: the image's gradient, the output's gradient g, w. `spec` is the convolution's own. A
 * work item is a row of an image.
 */
export function depthwiseInput(spec: ConvSpec): Kernel {
  const [rows, columns] = axesOf(spec);
  return looking("depthwiseInput", spec, [transposedAxis(rows), transposedAxis(columns)]);
}

/** Sums of what outputs see, each times a weight. */
function looking(name: string, spec: ConvSpec, [rows, columns]: readonly [Axis, Axis]): Kernel {
  const { key: shapes, images, c, flops } = geometry(spec);
  const key = `${name}/${shapes}`;
  const count = images * rows.outputs * columns.outputs * c;
  if (count === 0 || rows.sources * columns.sources === 0)
    return zeros({ key, count, pointers: 3 });
  const cell = 4 * c;
  const line = columns.outputs * cell;
  const sourceLine = columns.sources * cell;
  const steps = stepsOf(rows);
  const bytes = images * rows.outputs * line;
  const sourceBytes = images * rows.sources * sourceLine;
  const perRow = Math.ceil(line + (rows.step * sourceLine) / rows.divisor);
  const fetched = rowsFetched(perRow, bytes + sourceBytes);
  // Whole lines of the cache: sixteen channels, or some times as many.
  const perBlock = Math.max(
    16,
    16 * Math.floor(cacheBytes / (64 * (rows.taps * columns.sources + columns.outputs))),
  );
  const blocks = channelBlocks(c, perBlock);
  return {
    key,
    pointers: 3,
    scratch: 0,
    flops,
    workItems: images * rows.outputs,
    images: {
      count: images,
      group: 1,
      firstItem: (image) => i32.mul(image, rows.outputs),
      pointers: [0, 1],
    },
    emit: (module) =>
      module.once(key, () => {
        const lines = tilesAlong(columns, mostOutputs).map((tiles) => ({
          ...tiles,
          code: lineOf(module, key, tiles, c, {
            x: steps.sources * sourceLine,
            w: steps.taps * columns.taps * cell,
          }),
        }));
        return module.func(key, ["i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
          const [y, x, w, begin, end] = params as [Address, Address, Address, Address, Address];
          const item = f.local("i32");
          const image = f.local("i32");
          const row = f.local("i32");
          const block = f.local("i32");
          const to = f.local("i32");
          const from = f.local("i32");
          const weights = f.local("i32");
          f.loop(item, begin, end, 1, () => {
            f.set(image, i32.divU(item, rows.outputs));
            f.set(row, i32.remU(item, rows.outputs));
            f.set(to, i32.add(y, i32.mul(item, line)));
            const { tap, source, count } = tapsSeen(f, rows, row);
            f.set(
              from,
              i32.add(x, i32.mul(i32.add(i32.mul(image, rows.sources), source), sourceLine)),
            );
            if (fetched)
              f.if(i32.eqz(i32.remU(row, fetched)), () => {
                fetch(
                  f,
                  from,
                  Math.ceil(
                    (Math.min(fetched, rows.outputs) * rows.step * sourceLine) / rows.divisor,
                  ),
                  i32.add(x, sourceBytes),
                );
                fetch(f, to, Math.min(fetched, rows.outputs) * line, i32.add(y, bytes));
              });
            f.set(weights, i32.add(w, i32.mul(tap, columns.taps * cell)));
            f.loop(block, 0, blocks.count, 1, () => {
              for (const { output, source, code } of lines)
                f.call(
                  code,
                  i32.add(to, output * cell),
                  i32.add(from, source * cell),
                  weights,
                  count,
                  blocks.from(block),
                  blocks.until(block),
                );
            });
          });
        });
      }),
  };
}

/**
 * Tiles side by side of one row: (outputs, sources, weights, how many rows of the kernel, channels
 * from and until in bytes) → (). `steps`: bytes from one row of the kernel to the next.
 */
function lineOf(
  module: ModuleBuilder,
  name: string,
  { count, width, advance, looks, output, source }: Tiles,
  channels: number,
  steps: { readonly x: number; readonly w: number },
): FunctionIndex {
  const cell = 4 * channels;
  return module.func(`${name}/${output}/${source}`, new Array(6).fill("i32"), (f, ...params) => {
    const [y, x, w, rows, first, until] = params as [
      Address,
      Address,
      Address,
      Address,
      Address,
      Address,
    ];
    const tile = f.local("i32");
    const row = f.local("i32");
    const cells = f.local("i32");
    const weights = f.local("i32");
    f.loop(tile, 0, count, 1, () => {
      eachVectors(
        f,
        module,
        channels,
        ({ channel, lanes, all }) => {
          const sums = all(() => Array.from({ length: width }, () => f.local("v128")));
          f.set(cells, i32.add(x, channel));
          f.set(weights, i32.add(w, channel));
          all((_, k) => sums[k]!.forEach((sum) => f.set(sum, f32x4.const(0))));
          if (looks.length > 0)
            f.loop(row, 0, rows, 1, () => {
              all((shift, k) =>
                kernelRow(module, f, { looks, cell, cells, weights, shift, sums: sums[k]! }),
              );
              f.bump(cells, steps.x);
              f.bump(weights, steps.w);
            });
          const to = f.local("i32", i32.add(y, channel));
          all((shift, k) =>
            sums[k]!.forEach((sum, t) => storeLanes(f, to, sum, lanes, t * cell + shift)),
          );
        },
        { range: [first, until] },
      );
      f.bump(y, width * cell);
      f.bump(x, advance * cell);
    });
  });
}

interface KernelRow {
  readonly looks: Tiles["looks"];
  readonly cell: number;
  readonly cells: Address;
  readonly weights: Address;
  readonly shift: number;
  readonly sums: readonly Local<"v128">[];
}

/**
 * Adds what a tile sees through one row of the kernel. Some taps' weights at a time are kept, and
 * each cell is loaded once for them.
 */
function kernelRow(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { looks, cell, cells, weights, shift, sums }: KernelRow,
): void {
  const taps = [...new Set(looks.map(({ tap }) => tap))].sort((a, b) => a - b);
  const turns = Math.ceil(taps.length / mostTaps);
  const perTurn = Math.ceil(taps.length / turns);
  const seen = f.local("v128");
  for (let turn = 0; turn < turns; turn++) {
    const these = taps.slice(turn * perTurn, (turn + 1) * perTurn);
    const kept = new Map(
      these.map((tap) => [tap, f.local("v128", v128.load(weights, tap * cell + shift))]),
    );
    for (const [source, some] of bySource(looks.filter(({ tap }) => kept.has(tap)))) {
      f.set(seen, v128.load(cells, source * cell + shift));
      for (const { output, tap } of some)
        f.set(sums[output]!, multiplyAdd(module, sums[output]!, seen, kept.get(tap)!));
    }
  }
}
