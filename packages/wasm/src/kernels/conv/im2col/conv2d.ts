import { strided } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { enoughWorkItems } from "../../../machine.js";
import { columnBytes, geometry, paddedBytes, pixelsPerBlock, type Geometry } from "../geometry.js";
import { im2col, imagesOf } from "./im2col.js";
import { packedPanels } from "../../gemm/panels.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { packedKernel, packKernel, type PackedKernel } from "./packKernel.js";
import { imageItems } from "../../shared/imageItems.js";
import { rowBlocks } from "../rowBlocks.js";
import { zeros } from "../../shared/zeros.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Kernel } from "../../kernel.js";

/** The least windows of a work item: with fewer, packing the weights costs too much. */
const leastPixels = 32;

/**
 * Convolution: y[pixel, o] = Σ columns(x)[pixel, tap] · w[tap, o]. Pointers: y, x, w.
 *
 * The values under the windows of one image become the rows of a matrix, block by block so that a
 * block stays in L2, and are multiplied by the kernel, which is packed once per call. Each sum is
 * added up in the order of taps. Chellapilla, Puri & Simard (2006), High performance convolutional
 * neural networks for document processing.
 */
export function conv2d(spec: ConvSpec): Kernel {
  const g = geometry(spec);
  const key = `conv2d/${g.key}`;
  const count = g.images * g.pixels * g.o;
  if (count === 0 || g.taps === 0) return zeros({ key, count, pointers: 3 });

  const wanted = Math.min(Math.ceil(enoughWorkItems / g.images), Math.ceil(g.pixels / leastPixels));
  const perBlock = Math.min(
    pixelsPerBlock(g),
    wanted > 1 ? 4 * Math.ceil(g.pixels / (4 * wanted)) : g.pixels,
  );
  const blocks = Math.ceil(g.pixels / perBlock);
  const packing = packedKernel(g, false);
  return kernelOf(
    {
      key,
      pointers: 3,
      flops: g.flops,
      conv: spec,
      workItems: g.images * blocks,
      ...imageItems(g.images, blocks, [0, 1]),
      scratch: packing.bytes + paddedBytes(g) + columnBytes(g, perBlock),
    },
    conv2dBody({ g, packing, blocks, perBlock }),
  );
}

interface Plan {
  readonly g: Geometry;
  readonly packing: PackedKernel;
  /** Blocks of an image, and windows of a block. */
  readonly blocks: number;
  readonly perBlock: number;
}

function conv2dBody({ g, packing, blocks, perBlock }: Plan): KernelBody<3> {
  return (f, [y, x, w], { begin, end }, module, packed) => {
    const panels = packedPanels(g.og, g.taps, module.features);
    const product: Product = {
      panels,
      blocks: rowBlocks(panels),
      cRowStride: 4 * g.o,
      aRowStride: 4 * (g.pointwise ? g.c : g.taps),
      rows: [g.pixels],
    };
    const toColumns = g.pointwise ? undefined : im2col(module, g);
    const padded = f.let(i32.add(packed, packing.bytes));
    const columns = f.let(i32.add(padded, paddedBytes(g)));
    packKernel(module, f, packing, { g, panels, w, packed });
    const imageAt = imagesOf(module, f, g, x, padded);
    f.for(begin, end, 1, (item) => {
      const image = f.let(i32.divU(item, blocks));
      const first = f.let(i32.mul(i32.remU(item, blocks), perBlock));
      const rows = f.min(i32.sub(g.pixels, first), perBlock);
      const from = imageAt(image);
      const to = f.let(strided(y, i32.add(i32.mul(image, g.pixels), first), 4 * g.o));
      for (let group = 0; group < g.groups; group++) {
        const input = i32.add(from, 4 * g.cg * group);
        if (toColumns) f.call(toColumns, columns, input, first, rows);
        multiplyAll(module, f, product, {
          c: i32.add(to, 4 * g.og * group),
          rows,
          a: toColumns ? columns : strided(input, first, 4 * g.c),
          b: i32.add(packed, group * packing.groupBytes),
        });
      }
    });
  };
}
