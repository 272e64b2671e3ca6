import {
  f32x4,
  i32,
  type FunctionBuilder,
  type FunctionIndex,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import { byParts } from "../../reduce/byParts.js";
import { channelBlocks, fetch, rowsFetched, tapsSeen } from "./depthwiseCode.js";
import { eachVectors } from "../../shared/vectors.js";
import { longestSegment } from "../../shared/sumOrder.js";
import { axesOf, innerOf } from "./depthwiseTiles.js";
import { gradientsOfWindow, windowsOf } from "./depthwiseWindow.js";
import { geometry, type ConvSpec } from "../geometry.js";
import { storeLanes } from "../../shared/segment.js";
import { sumParts } from "../../reduce/sumParts.js";
import { zeros } from "../../shared/zeros.js";
import type { Kernel, Stages } from "../../kernel.js";

type Address = Local<"i32">;

/**
 * The batch is cut into at most this many parts, more only where sums would be too long, each with
 * a gradient of its own, and channels into blocks, a line of the cache each.
 */
const mostParts = 16;
const blockChannels = 16;

/** Of longer sums about so many pixels are summed apart. */
const pixelsApart = 2048;

/**
 * Bytes of cells and gradients of one block of channels that are looked at before the sums go back
 * to memory, so that they stay in the first cache.
 */
const cacheBytes = 16 * 1024;

/**
 * What the kernel of a convolution gets whose outputs look at one channel each: dw[tap, c] = Σ
 * x[cell, c] · g[pixel, c]. Operands: 0 the kernel's gradient, 1 the image x, 2 the output's
 * gradient g. `spec` is the convolution's own.
 *
 * Parts of the batch, of a number that depends on shapes only, are summed apart, image after image,
 * and then added in order.
 */
export function depthwiseFilter(spec: ConvSpec): Stages {
  const { key, images, pixels, taps, c } = geometry(spec);
  const floats = taps * c;
  if (floats === 0 || images * pixels * spec.attrs.image[0] * spec.attrs.image[1] === 0)
    return {
      temporaries: [],
      stages: [
        {
          kernel: zeros({ key: `depthwiseFilter/${key}`, count: floats, pointers: 3 }),
          operands: [0, 1, 2],
        },
      ],
    };
  const total = images * pixels;
  const parts = Math.min(
    images,
    total > mostParts * longestSegment ? Math.ceil(total / pixelsApart) : mostParts,
  );
  const kernel = partialGradients(spec, parts);
  if (parts === 1) return { temporaries: [], stages: [{ kernel, operands: [0, 1, 2] }] };
  return {
    temporaries: [4 * parts * floats],
    stages: [
      { kernel, operands: [3, 1, 2] },
      { kernel: sumParts(parts, floats), operands: [0, 3] },
    ],
  };
}

/**
 * A kernel's gradient for each part of the batch. A work item is one part, and one block of
 * channels if parts are few.
 */
function partialGradients(spec: ConvSpec, parts: number): Kernel {
  const { key: shapes, images, taps, c, flops } = geometry(spec);
  const [rows, columns] = axesOf(spec);
  const key = `depthwiseFilter/${shapes}/${parts}`;
  const cell = 4 * c;
  const line = columns.sources * cell;
  const outputLine = columns.outputs * cell;
  const blocks = channelBlocks(c, blockChannels);
  const cut = parts < mostParts / 2 ? blocks.count : 1;
  const imageBytes = rows.sources * line;
  const gradientBytes = rows.outputs * outputLine;
  const fetched =
    cut === 1
      ? rowsFetched(rows.step * line + outputLine, images * (imageBytes + gradientBytes))
      : undefined;
  const perBand = Math.min(fetched ?? rows.outputs, rows.outputs);
  return {
    key,
    pointers: 3,
    scratch: 0,
    flops,
    workItems: parts * cut,
    ...byParts(images, parts, cut, [1, 2]),
    emit: (module) =>
      module.once(key, () => {
        const band = gradientsOfBand(module, key, spec);
        return module.func(key, ["i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
          const [dw, x, dy, begin, end] = params as [Address, Address, Address, Address, Address];
          const item = f.local("i32");
          const part = f.local("i32");
          const image = f.local("i32");
          const last = f.local("i32");
          const row = f.local("i32");
          const to = f.local("i32");
          const cells = f.local("i32");
          const grads = f.local("i32");
          const block = f.local("i32");
          const first = f.local("i32");
          const blockEnd = f.local("i32");
          const rowEnd = f.local("i32");
          f.loop(item, begin, end, 1, () => {
            f.set(part, i32.divU(item, cut));
            f.set(first, cut === 1 ? 0 : i32.remU(item, cut));
            f.set(blockEnd, cut === 1 ? blocks.count : i32.add(first, 1));
            f.set(to, i32.add(dw, i32.mul(part, taps * cell)));
            clearTaps(module, f, to, taps, c, [
              blocks.from(first),
              blocks.until(i32.sub(blockEnd, 1)),
            ]);
            f.set(last, i32.divU(i32.mul(i32.add(part, 1), images), parts));
            f.loop(image, i32.divU(i32.mul(part, images), parts), last, 1, () => {
              f.set(cells, i32.add(x, i32.mul(image, imageBytes)));
              f.set(grads, i32.add(dy, i32.mul(image, gradientBytes)));
              f.loop(row, 0, rows.outputs, perBand, () => {
                f.set(rowEnd, i32.add(row, perBand));
                f.if(i32.gtS(rowEnd, rows.outputs), () => f.set(rowEnd, i32.const(rows.outputs)));
                if (fetched) {
                  fetch(
                    f,
                    i32.add(cells, i32.mul(row, rows.step * line)),
                    perBand * rows.step * line,
                    i32.add(x, images * imageBytes),
                  );
                  fetch(
                    f,
                    i32.add(grads, i32.mul(row, outputLine)),
                    perBand * outputLine,
                    i32.add(dy, images * gradientBytes),
                  );
                }
                f.loop(block, first, blockEnd, 1, () =>
                  f.call(
                    band,
                    to,
                    cells,
                    grads,
                    row,
                    rowEnd,
                    blocks.from(block),
                    blocks.until(block),
                  ),
                );
              });
            });
          });
        });
      }),
  };
}

/**
 * Adds what some rows of an image's outputs give to the gradient of the kernel: (the gradient, the
 * image, its outputs' gradient, rows from and until, channels from and until in bytes) → ().
 */
function gradientsOfBand(module: ModuleBuilder, name: string, spec: ConvSpec): FunctionIndex {
  const { c } = geometry(spec);
  const [rows, columns] = axesOf(spec);
  const cell = 4 * c;
  const line = columns.sources * cell;
  const outputLine = columns.outputs * cell;
  const weightsLine = columns.taps * cell;
  const [inner, innerEnd] = innerOf(rows);
  const rowsAtOnce = Math.max(
    1,
    Math.floor(cacheBytes / (4 * blockChannels * (rows.step * columns.sources + columns.outputs))),
  );
  const windows = windowsOf(rows.taps, columns.taps).map((some) =>
    some.map((window) =>
      gradientsOfWindow(module, name, columns, c, window, {
        x: rows.tap * line,
        outputs: rows.step * line,
      }),
    ),
  );
  return module.func(`${name}/band`, new Array(7).fill("i32"), (f, ...params) => {
    const [dw, image, grads, row, until, channel, channelEnd] = params as [
      Address,
      Address,
      Address,
      Address,
      Address,
      Address,
      Address,
    ];
    const some = f.local("i32");
    const to = f.local("i32");
    const cells = f.local("i32");
    const from = f.local("i32");
    const left = f.local("i32");
    const atMost = (limit: Index): void => f.if(i32.gtS(some, limit), () => f.set(some, limit));
    f.repeat((next) => {
      // Rows that see through all taps are alike.
      f.set(some, 1);
      f.if(i32.and(i32.geS(row, inner), i32.ltS(row, innerEnd)), () => {
        f.set(some, i32.sub(innerEnd, row));
        atMost(i32.sub(until, row));
        atMost(rowsAtOnce);
      });
      const { tap, source, count } = tapsSeen(f, rows, row);
      f.set(to, i32.add(dw, i32.mul(tap, weightsLine)));
      f.set(cells, i32.add(image, i32.mul(source, line)));
      f.set(from, i32.add(grads, i32.mul(row, outputLine)));
      f.set(left, count);
      // As many rows of the kernel at a time as there are sums for, then what is left.
      for (let k = windows.length; k > 0; k--)
        f.repeat((again, exit) => {
          f.jumpIf(i32.ltS(left, k), exit);
          for (const window of windows[k - 1]!)
            f.call(window, to, cells, from, some, channel, channelEnd);
          f.bump(to, k * weightsLine);
          f.bump(cells, k * rows.tap * line);
          f.bump(left, -k);
          f.jump(again);
        });
      f.set(row, i32.add(row, some));
      f.jumpIf(i32.ltS(row, until), next);
    });
  });
}

/** Fills the gradients of a block of channels with zeros. */
function clearTaps(
  module: ModuleBuilder,
  f: FunctionBuilder,
  to: Address,
  taps: number,
  channels: number,
  range: readonly [Index, Index],
): void {
  const tap = f.local("i32");
  const at = f.local("i32");
  f.set(at, to);
  f.loop(tap, 0, taps, 1, () => {
    eachVectors(
      f,
      module,
      channels,
      ({ channel, lanes, all }) =>
        all((shift) => storeLanes(f, i32.add(at, channel), f32x4.const(0), lanes, shift)),
      { range },
    );
    f.bump(at, 4 * channels);
  });
}
