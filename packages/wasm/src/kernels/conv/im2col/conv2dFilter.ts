import {
  strided,
  type Address,
  type FunctionBuilder,
  type I32,
  type Local,
  type ModuleBuilder,
  type TargetFeatures,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { partialSumsBytes } from "../../../machine.js";
import { imageItems } from "../../shared/imageItems.js";
import { columnBytes, geometry, paddedBytes, pixelsPerBlock, type Geometry } from "../geometry.js";
import { rowBlocks } from "../rowBlocks.js";
import { im2col, imagesOf } from "./im2col.js";
import {
  groupsOf,
  pack,
  packedGroupBytes,
  packedPanels,
  panelsInPlace,
  tileWidth,
  type Panels,
} from "../../gemm/panels.js";
import { longestSegment } from "../../shared/sumOrder.js";
import { multiplyGroup, packedRowsBytes, panelGroup, type Product } from "../../gemm/product.js";
import { inParts } from "../../reduce/sumParts.js";
import type { Accumulate } from "../../gemm/registerTile.js";
import { zeros } from "../../shared/zeros.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Kernel, Stages } from "../../kernel.js";

/** The least taps and outputs for which packing gradients and columns is faster (`bench/conv`). */
const fewTaps = 16;
const manyOutputs = 24;

/** The batch is cut into at most this many parts, each with a gradient of its own. */
const maxParts = 16;

/**
 * The gradient of a convolution with respect to its kernel: Σ over images of columns(x)ᵀ · dy.
 * Operands: 0 dw, 1 x, 2 dy. `spec` is that of the convolution.
 *
 * Parts of the batch, whose number depends on shapes only, are summed separately, image after
 * image, and then added in order.
 */
export function conv2dFilter(spec: ConvSpec): Stages {
  const g = geometry(spec);
  const floats = g.taps * g.o;
  if (floats === 0 || g.images === 0 || g.pixels === 0)
    return inParts(zeros({ key: `conv2dFilter/${g.key}`, count: floats, pointers: 3 }), 1, floats);
  const parts = Math.max(
    1,
    Math.min(maxParts, g.images, Math.floor(partialSumsBytes / (4 * floats))),
  );
  return inParts(partialGradients(g, parts), parts, floats);
}

/** How the gradients of parts of the batch are computed. Sizes in bytes. */
interface Strategy {
  readonly g: Geometry;
  readonly parts: number;
  /** Windows of a block, and of the last one of an image. */
  readonly perBlock: number;
  readonly lastBlock: number;
  /** Whether dy is read where it is. */
  readonly inPlace: boolean;
  /** Whether columns are packed. */
  readonly packA: boolean;
  /** Groups of outputs, and into how many work items they are divided: one for each, or one. */
  readonly groups: number;
  readonly itemsPerPart: number;
  /** What blocks after the first do with the sums of those before. */
  readonly accumulate: Accumulate;
  readonly packedBytes: number;
  readonly packedRowsBytes: number;
}

function strategyOf(g: Geometry, parts: number): Strategy {
  const perBlock = pixelsPerBlock(g);
  const inPlace = g.taps <= fewTaps;
  const groups = groupsOf(g.og, perBlock);
  const packA = g.og >= manyOutputs && !inPlace;
  return {
    g,
    parts,
    perBlock,
    lastBlock: g.pixels % perBlock || perBlock,
    inPlace,
    packA,
    groups,
    // Each work item copies the columns again, so a part is divided only if there are few.
    itemsPerPart: parts < maxParts / 2 ? groups : 1,
    // Blocks of a long sum are summed separately, so that rounding does not grow with its length.
    accumulate: Math.ceil(g.images / parts) * g.pixels > longestSegment ? "add" : "continue",
    packedBytes: inPlace ? 0 : 16 * Math.ceil(packedGroupBytes(g.og, perBlock) / 16),
    packedRowsBytes: packA ? packedRowsBytes(perBlock) : 0,
  };
}

/** dw for each part of the batch: [parts, taps, outputs]. Pointers: that, x, dy. */
function partialGradients(g: Geometry, parts: number): Kernel {
  const strategy = strategyOf(g, parts);
  const { itemsPerPart, packedBytes, packedRowsBytes, perBlock } = strategy;
  const key = `conv2dFilter/${g.key}/${parts}`;
  return kernelOf(
    {
      key,
      pointers: 3,
      flops: g.flops,
      workItems: parts * itemsPerPart,
      ...imageItems(g.images, itemsPerPart, [1, 2], parts),
      scratch: Math.max(
        16,
        packedBytes + packedRowsBytes + paddedBytes(g) + columnBytes(g, perBlock),
      ),
    },
    partialGradientsBody(strategy),
  );
}

function partialGradientsBody(strategy: Strategy): KernelBody<3> {
  return (f, [dw, x, dy], { begin, end }, module, packed) => {
    const { g, parts, perBlock, lastBlock, itemsPerPart } = strategy;
    const toColumns = g.pointwise ? undefined : im2col(module, g);
    const blocks = Math.ceil(g.pixels / perBlock);
    const padded = f.let(i32.add(packed, strategy.packedBytes + strategy.packedRowsBytes));
    const columns = f.let(
      i32.add(packed, strategy.packedBytes + strategy.packedRowsBytes + paddedBytes(g)),
    );
    const isFirst = f.local("i32");
    const imageAt = imagesOf(module, f, g, x, padded);

    /** Adds columns(x)ᵀ · dy of one block of an image, in all of its groups. */
    const addBlock = ({ item, image, block, input, to }: BlockOfImage): void => {
      const first = f.let(i32.mul(block, perBlock));
      const rows = f.let(i32.select(i32.eq(block, blocks - 1), lastBlock, perBlock));
      for (let q = 0; q < g.groups; q++) {
        const from = f.let(i32.add(input, 4 * g.cg * q));
        const grads = f.let(
          i32.add(strided(dy, i32.add(i32.mul(image, g.pixels), first), 4 * g.o), 4 * g.og * q),
        );
        if (toColumns) f.call(toColumns, columns, from, first, rows);
        else f.set(columns, strided(from, first, 4 * g.c));
        eachGroup(f, strategy, item, (group) =>
          multiplyBlock(module, f, strategy, {
            c: i32.add(to, 4 * g.og * q),
            columns,
            grads,
            packed,
            group,
            rows,
            isFirst,
          }),
        );
      }
      f.set(isFirst, 0);
    };
    const firstImage = (part: I32): I32 => i32.divU(i32.mul(part, g.images), parts);
    f.for(begin, end, 1, (item) => {
      const part = f.let(i32.divU(item, itemsPerPart));
      const to = f.let(strided(dw, part, 4 * g.taps * g.o));
      const last = f.let(firstImage(i32.add(part, 1)));
      f.set(isFirst, 1);
      f.for(firstImage(part), last, 1, (image) => {
        const input = imageAt(image);
        f.for(0, blocks, 1, (block) => addBlock({ item, image, block, input, to }));
      });
    });
  };
}

interface BlockOfImage {
  readonly item: Local<"i32">;
  readonly image: Local<"i32">;
  readonly block: Local<"i32">;
  /** The image, or its padded copy. */
  readonly input: Address;
  /** The gradient of the part. */
  readonly to: Address;
}

/** Runs over the groups of outputs of a work item. */
function eachGroup(
  f: FunctionBuilder,
  { groups, itemsPerPart }: Strategy,
  item: Local<"i32">,
  body: (group: Local<"i32">) => void,
): void {
  const first = f.let(itemsPerPart === 1 ? i32.const(0) : i32.remU(item, itemsPerPart));
  const end = f.let(itemsPerPart === 1 ? i32.const(groups) : i32.add(first, 1));
  f.for(first, end, 1, body);
}

interface Block {
  /** dw [taps, outputs]. */
  readonly c: Address;
  /** The column matrix [rows, taps]. */
  readonly columns: Address;
  /** dy [rows, outputs]. */
  readonly grads: Address;
  /** Scratch for panels of dy, and packed columns. */
  readonly packed: Address;
  /** A group of outputs. */
  readonly group: Local<"i32">;
  readonly rows: Local<"i32">;
  /** Whether the block is the first of its part, with no sums before. */
  readonly isFirst: Local<"i32">;
}

/** Emits dw = columnsᵀ · dy for one block, stored or added to what is there. */
function multiplyBlock(
  module: ModuleBuilder,
  f: FunctionBuilder,
  strategy: Strategy,
  block: Block,
): void {
  const { perBlock, lastBlock, accumulate } = strategy;
  const multiply = (pixels: number, how: Accumulate): void =>
    multiplyPixels(module, f, strategy, block, { pixels, accumulate: how });
  const multiplyFull = (): void =>
    f.if(
      block.isFirst,
      () => multiply(perBlock, "overwrite"),
      () => multiply(perBlock, accumulate),
    );
  if (lastBlock === perBlock) multiplyFull();
  else f.if(i32.eq(block.rows, perBlock), multiplyFull, () => multiply(lastBlock, accumulate));
}

/** The same for a block of a known number of windows. */
function multiplyPixels(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { g, perBlock, inPlace, packA, packedBytes }: Strategy,
  { c, columns, grads, packed, group }: Block,
  { pixels, accumulate }: { readonly pixels: number; readonly accumulate: Accumulate },
): void {
  const panelsOf = (k: number, features: TargetFeatures): Panels =>
    inPlace
      ? panelsInPlace(g.og, k, tileWidth(features), 4 * g.o)
      : packedPanels(g.og, k, features);
  // The last block is smaller, but its outputs are in the same groups.
  const { groups, panelsPerGroup } = panelsOf(perBlock, module.features);
  const panels: Panels = { ...panelsOf(pixels, module.features), groups, panelsPerGroup };
  const panelsOfGroup = panelGroup(f, panels, group);
  const { firstPanel, count, withTail } = panelsOfGroup;
  const from = f.let(strided(grads, firstPanel, 4 * panels.width));
  if (!inPlace)
    pack(module, f, panels, {
      layout: { transposed: false, stride: 4 * g.o },
      to: packed,
      from,
      count,
      withTail,
    });
  const spec: Product = {
    panels,
    blocks: rowBlocks(panels),
    aRowStride: 4,
    aStride: 4 * (g.pointwise ? g.c : g.taps),
    cRowStride: 4 * g.o,
    rows: [g.taps],
    packA,
    accumulate,
  };
  multiplyGroup(module, f, spec, panelsOfGroup, {
    c,
    a: columns,
    b: inPlace ? from : packed,
    rows: g.taps,
    ...(packA && { scratch: i32.add(packed, packedBytes) }),
  });
}
