import {
  i32,
  index,
  type TargetFeatures,
  type FunctionBuilder,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import { byParts } from "../../reduce/byParts.js";
import {
  columnBytes,
  geometry,
  paddedBytes,
  pixelsPerBlock,
  type ConvSpec,
  type Geometry,
} from "../geometry.js";
import { clear, im2col, padImage } from "./im2col.js";
import {
  groupBytesOf,
  groupsOf,
  pack,
  packedPanels,
  panelsInGroup,
  panelsInPlace,
  tileWidth,
  type Panels,
} from "../../gemm/panels.js";
import { longestRun } from "../../shared/longestRun.js";
import { packedRowsBytes, product } from "../../gemm/product.js";
import { sumParts } from "../../reduce/sumParts.js";
import type { Accumulate } from "../../gemm/tile.js";
import { zeros } from "../../shared/zeros.js";
import type { Kernel, Stages } from "../../kernel.js";

const fewTaps = 16;

/**
 * The batch is cut into at most this many parts, each with a filter's gradient of its own, as long
 * as those take no more than so much memory.
 */
const mostParts = 16;
const partsBytes = 8 * 1024 * 1024;

/**
 * What a convolution's kernel gets from its output's gradient: Σ over images of columns(x)ᵀ · g.
 * Operands: 0 the kernel's gradient, 1 the image x, 2 the output's gradient g. `spec` is the
 * convolution's own.
 *
 * Parts of the batch, of a number that depends on shapes only, are summed apart, image after image,
 * and then added in order.
 */
export function conv2dFilter(spec: ConvSpec): Stages {
  const g = geometry(spec);
  const floats = g.taps * g.o;
  if (floats === 0 || g.images === 0 || g.pixels === 0)
    return {
      temporaries: [],
      stages: [
        {
          kernel: zeros({ key: `conv2dFilter/${g.key}`, count: floats, pointers: 3 }),
          operands: [0, 1, 2],
        },
      ],
    };
  const parts = Math.max(1, Math.min(mostParts, g.images, Math.floor(partsBytes / (4 * floats))));
  const kernel = partialGradients(g, parts);
  if (parts === 1) return { temporaries: [], stages: [{ kernel, operands: [0, 1, 2] }] };
  return {
    temporaries: [4 * parts * floats],
    stages: [
      { kernel, operands: [3, 1, 2] },
      { kernel: sumParts(parts, floats), operands: [0, 3] },
    ],
  };
}

interface Operands {
  readonly c: Index;
  readonly a: Index;
  readonly b: Index;
  readonly packed: Index;
  /** Which group of panels. */
  readonly group: Index;
}

/**
 * A filter's gradient for each part of the batch. A work item is one part, and one group of the
 * filter's columns if parts are few.
 */
function partialGradients(g: Geometry, parts: number): Kernel {
  const key = `conv2dFilter/${g.key}/${parts}`;
  const floats = g.taps * g.o;
  const perBlock = pixelsPerBlock(g);
  const lastBlock = g.pixels % perBlock || perBlock;
  const blocks = Math.ceil(g.pixels / perBlock);
  // Few taps do not repay the packing of gradients.
  const inPlace = g.taps <= fewTaps;
  const panelsOf = (pixels: number, features: TargetFeatures): Panels =>
    inPlace
      ? panelsInPlace(g.og, pixels, tileWidth(features), 4 * g.o)
      : packedPanels(g.og, pixels, features);
  const columnGroups = groupsOf(g.og, perBlock);
  // Each work item lays out the columns anew, so a cut by columns must be worth it.
  const cut = parts < mostParts / 2 ? columnGroups : 1;
  const packA = g.og >= 24 && g.taps > fewTaps;
  const packedBytes = inPlace ? 0 : 16 * Math.ceil(groupBytesOf(g.og, perBlock) / 16);
  const rowsBytes = packA ? packedRowsBytes(perBlock) : 0;
  const columnsAt = packedBytes + rowsBytes + paddedBytes(g);

  // Blocks of a long sum are summed apart, so that rounding does not grow with its length.
  const more: Accumulate = Math.ceil(g.images / parts) * g.pixels > longestRun ? "apart" : true;
  /**
   * For one block of an image: the gradient of the kernel in one group of its columns, stored or
   * added to what is there.
   */
  const block = (
    module: ModuleBuilder,
    f: FunctionBuilder,
    pixels: number,
    accumulate: Accumulate,
    { c, a, b, packed, group }: Operands,
  ): void => {
    // The last block is smaller, but its columns are cut as those of the others are.
    const { groups, perGroup } = panelsOf(perBlock, module.features);
    const these: Panels = { ...panelsOf(pixels, module.features), groups, perGroup };
    const at = f.local("i32", index(group));
    const first = f.local("i32", i32.mul(at, perGroup));
    const count = f.local("i32", panelsInGroup(these, at));
    const tail = f.local("i32", i32.eq(at, groups - 1));
    const grads = f.local("i32", i32.add(b, i32.mul(first, 4 * these.width)));
    const from = inPlace ? grads : packed;
    if (!inPlace)
      pack(module, f, these, { transposed: false, stride: 4 * g.o }, packed, grads, count, tail);
    const multiply = product(module, {
      panels: these,
      aRow: 4,
      aStep: 4 * (g.pointwise ? g.c : g.taps),
      cRow: 4 * g.o,
      rows: [g.taps],
      packA,
      accumulate,
    });
    f.call(
      multiply,
      i32.add(c, i32.mul(first, 4 * these.width)),
      a,
      from,
      g.taps,
      i32.add(from, i32.mul(count, these.next)),
      tail,
      ...(packA ? [i32.add(packed, packedBytes)] : []),
    );
  };
  /** The same for a block of whichever size; the first of a part finds nothing to add to. */
  const anyBlock = (
    module: ModuleBuilder,
    f: FunctionBuilder,
    starts: Index,
    rows: Index,
    operands: Operands,
  ): void => {
    const add = (pixels: number): void =>
      f.if(
        starts,
        () => block(module, f, pixels, false, operands),
        () => block(module, f, pixels, more, operands),
      );
    if (lastBlock === perBlock) add(perBlock);
    else
      f.if(
        i32.eq(rows, perBlock),
        () => add(perBlock),
        () => block(module, f, lastBlock, more, operands),
      );
  };

  return {
    key,
    pointers: 3,
    flops: g.flops,
    workItems: parts * cut,
    ...byParts(g.images, parts, cut, [1, 2]),
    scratch: Math.max(16, columnsAt + columnBytes(g, perBlock)),
    emit: (module) =>
      module.once(key, () => {
        const lay = g.pointwise ? undefined : im2col(module, g);
        return module.func(key, ["i32", "i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
          const [dw, x, dy, packed, begin, end] = params as [
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
          ];
          const padded = f.local("i32", i32.add(packed, packedBytes + rowsBytes));
          const columns = f.local("i32", i32.add(packed, columnsAt));
          const item = f.local("i32");
          const part = f.local("i32");
          const image = f.local("i32");
          const last = f.local("i32");
          const at = f.local("i32");
          const starts = f.local("i32");
          const group = f.local("i32");
          const to = f.local("i32");
          const seen = f.local("i32");
          const grad = f.local("i32");
          const first = f.local("i32");
          const rows = f.local("i32");
          const groupsEnd = f.local("i32");
          const from = f.local("i32");
          if (g.padded) f.call(clear(module, paddedBytes(g) / 4), padded);

          f.loop(item, begin, end, 1, () => {
            f.set(part, i32.divU(item, cut));
            f.set(to, i32.add(dw, i32.mul(part, 4 * floats)));
            f.set(last, i32.divU(i32.mul(i32.add(part, 1), g.images), parts));
            f.set(starts, i32.const(1));
            f.loop(image, i32.divU(i32.mul(part, g.images), parts), last, 1, () => {
              f.set(from, i32.add(x, i32.mul(image, 4 * g.image[0] * g.image[1] * g.c)));
              if (g.padded) {
                f.call(padImage(module, g), padded, from);
                f.set(from, padded);
              }
              f.loop(at, 0, blocks, 1, () => {
                f.set(first, i32.mul(at, perBlock));
                f.set(
                  rows,
                  i32.select(i32.eq(at, blocks - 1), i32.const(lastBlock), i32.const(perBlock)),
                );
                for (let q = 0; q < g.groups; q++) {
                  f.set(seen, i32.add(from, 4 * g.cg * q));
                  f.set(
                    grad,
                    i32.add(
                      i32.add(dy, i32.mul(i32.add(i32.mul(image, g.pixels), first), 4 * g.o)),
                      4 * g.og * q,
                    ),
                  );
                  if (lay) f.call(lay, columns, seen, first, rows);
                  else f.set(columns, i32.add(seen, i32.mul(first, 4 * g.c)));
                  f.set(group, cut === 1 ? 0 : i32.remU(item, cut));
                  f.set(groupsEnd, cut === 1 ? columnGroups : i32.add(group, 1));
                  f.loop(group, group, groupsEnd, 1, () => {
                    anyBlock(module, f, starts, rows, {
                      c: i32.add(to, 4 * g.og * q),
                      a: columns,
                      b: grad,
                      packed,
                      group,
                    });
                  });
                }
                f.set(starts, i32.const(0));
              });
            });
          });
        });
      }),
  };
}
