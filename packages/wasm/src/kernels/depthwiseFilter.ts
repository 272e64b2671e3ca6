import { f32x4, i32, type FunctionBuilder, type I32, type Index, type Local, type ModuleBuilder } from "@tenon/emit";
import { eachVectors, fetch, rowsFetched, tapsSeen } from "./internal/depthwiseCode.js";
import { axesOf, innerOf } from "./internal/depthwiseTiles.js";
import { slopesOfWindow, windowsOf } from "./internal/depthwiseWindow.js";
import { geometry, type ConvSpec } from "./internal/geometry.js";
import { storeLanes } from "./internal/span.js";
import { sumParts } from "./internal/sumParts.js";
import { zeros } from "./internal/zeros.js";
import type { Kernel, Stages } from "./kernel.js";

type Address = Local<"i32">;

/** The batch is cut into at most this many parts, each with a slope of its own, and channels into blocks, a line of the cache each. */
const mostParts = 16, blockChannels = 16;

/** Bytes of cells and slopes of one block of channels that are looked at before the sums go back to memory, so that they stay in the first cache. */
const cacheBytes = 16 * 1024;

/**
 * What the kernel of a convolution gets whose outputs look at one channel each: dw[tap, c] = Σ x[cell, c] · g[pixel, c].
 * Operands: 0 the kernel's slope, 1 the image x, 2 the output's slope g. `spec` is the convolution's own.
 *
 * Parts of the batch, of a number that depends on shapes only, are summed apart, image after image, and then added in order.
 */
export function depthwiseFilter(spec: ConvSpec): Stages {
  const { key, images, pixels, taps, c } = geometry(spec), floats = taps * c;
  if (floats === 0 || images * pixels * spec.attrs.image[0] * spec.attrs.image[1] === 0)
    return { temporaries: [], stages: [{ kernel: zeros({ key: `depthwiseFilter/${key}`, count: floats, pointers: 3 }), operands: [0, 1, 2] }] };
  const parts = Math.min(mostParts, images), kernel = partialSlopes(spec, parts);
  if (parts === 1) return { temporaries: [], stages: [{ kernel, operands: [0, 1, 2] }] };
  return { temporaries: [4 * parts * floats], stages: [{ kernel, operands: [3, 1, 2] }, { kernel: sumParts(parts, floats), operands: [0, 3] }] };
}

/** A kernel's slope for each part of the batch. A piece is one part, and one block of channels if parts are few. */
function partialSlopes(spec: ConvSpec, parts: number): Kernel {
  const { key: shapes, images, taps, c, flops } = geometry(spec), [rows, columns] = axesOf(spec);
  const key = `depthwiseFilter/${shapes}/${parts}`, cell = 4 * c;
  // The last block has those channels, too, that do not fill a vector.
  const whole = cell - (cell % 16), blockBytes = 4 * blockChannels, blocks = Math.max(1, Math.ceil(whole / blockBytes)), cut = parts < mostParts / 2 ? blocks : 1;
  const line = columns.sources * cell, outputLine = columns.outputs * cell, weightsLine = columns.taps * cell;
  const [inner, innerEnd] = innerOf(rows);
  const rowsAtOnce = Math.max(1, Math.floor(cacheBytes / (blockBytes * (rows.step * columns.sources + columns.outputs))));
  const imageBytes = rows.sources * line, slopeBytes = rows.outputs * outputLine;
  const fetched = cut === 1 && rowsFetched(imageBytes + slopeBytes, images * (imageBytes + slopeBytes));
  return {
    key, pointers: 3, scratch: 0, flops,
    pieces: parts * cut,
    ...(images % parts === 0 && { images: { count: images, step: images / parts, piece: (image) => i32.mul(i32.divU(image, images / parts), cut), pointers: [1, 2] } }),
    emit: (module) => module.once(key, () => {
      const codes = windowsOf(rows.taps, columns.taps).map((some) => some.map((window) => slopesOfWindow(module, key, columns, c, window, { x: rows.tap * line, outputs: rows.step * line })));
      return module.func(key, ["i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
        const [dw, x, dy, begin, end] = params as [Address, Address, Address, Address, Address];
        const [piece, part, image, last, row, some, to, cells, slopes, at, left, channel, channelEnd, block, first, blockEnd] = Array.from({ length: 16 }, () => f.local("i32")) as [Address, Address, Address, Address, Address, Address, Address, Address, Address, Address, Address, Address, Address, Address, Address, Address];
        const until = (block: Address | I32): void => {
          f.set(channelEnd, i32.mul(block, blockBytes));
          f.if(i32.gtS(channelEnd, whole), () => f.set(channelEnd, i32.const(whole)));
        };
        f.loop(piece, begin, end, 1, () => {
          f.set(part, i32.divU(piece, cut));
          f.set(first, cut === 1 ? 0 : i32.remU(piece, cut));
          f.set(blockEnd, cut === 1 ? blocks : i32.add(first, 1));
          f.set(to, i32.add(dw, i32.mul(part, taps * cell)));
          until(blockEnd);
          clearTaps(module, f, to, taps, c, [i32.mul(first, blockBytes), channelEnd]);
          f.set(last, i32.divU(i32.mul(i32.add(part, 1), images), parts));
          f.loop(image, i32.divU(i32.mul(part, images), parts), last, 1, () => {
            if (fetched) {
              fetch(f, i32.add(x, i32.mul(image, imageBytes)), imageBytes, i32.add(x, images * imageBytes));
              fetch(f, i32.add(dy, i32.mul(image, slopeBytes)), slopeBytes, i32.add(dy, images * slopeBytes));
            }
            f.loop(block, first, blockEnd, 1, () => {
              f.set(channel, i32.mul(block, blockBytes));
              until(i32.add(block, 1));
              f.set(row, 0);
              f.repeat((again) => {
                f.set(some, 1);
                if (innerEnd > inner) f.if(i32.and(i32.geS(row, inner), i32.ltS(row, innerEnd)), () => {
                  f.set(some, i32.sub(innerEnd, row));
                  f.if(i32.gtS(some, rowsAtOnce), () => f.set(some, i32.const(rowsAtOnce)));
                });
                const { tap, source, count } = tapsSeen(f, rows, row);
                f.set(cells, i32.add(x, i32.add(i32.mul(image, imageBytes), i32.mul(source, line))));
                f.set(slopes, i32.add(dy, i32.add(i32.mul(image, slopeBytes), i32.mul(row, outputLine))));
                f.set(at, i32.add(to, i32.mul(tap, weightsLine)));
                f.set(left, count);
                // As many rows of the kernel at a time as there are sums for, then what is left.
                for (let k = codes.length; k > 0; k--) f.repeat((again, exit) => {
                  f.jumpIf(i32.ltS(left, k), exit);
                  for (const code of codes[k - 1]!) f.call(code, at, cells, slopes, some, channel, channelEnd);
                  f.bump(at, k * weightsLine);
                  f.bump(cells, k * rows.tap * line);
                  f.bump(left, -k);
                  f.jump(again);
                });
                f.set(row, i32.add(row, some));
                f.jumpIf(i32.ltS(row, rows.outputs), again);
              });
            });
          });
        });
      });
    }),
  };
}

/** Fills the slopes of a block of channels with zeros. */
function clearTaps(module: ModuleBuilder, f: FunctionBuilder, to: Address, taps: number, channels: number, range: readonly [Index, Index]): void {
  const tap = f.local("i32"), at = f.local("i32");
  f.set(at, to);
  f.loop(tap, 0, taps, 1, () => {
    eachVectors(f, module, channels, ({ channel, lanes, all }) => all((shift) => storeLanes(f, i32.add(at, channel), f32x4.const(0), lanes, shift)), range);
    f.bump(at, 4 * channels);
  });
}
