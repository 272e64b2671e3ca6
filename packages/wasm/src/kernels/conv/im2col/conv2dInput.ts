import { strided } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { columnBytes, geometry, paddedBytes, pixelsPerBlock, type Geometry } from "../geometry.js";
import { clear, col2im, cropImage } from "./im2col.js";
import { packedPanels } from "../../gemm/panels.js";
import { rowBlocks } from "../rowBlocks.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { packedKernel, packKernel, type PackedKernel } from "./packKernel.js";
import { zeros } from "../../shared/zeros.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Kernel } from "../../kernel.js";

/**
 * The gradient of a convolution with respect to its image: columns = dy · wᵀ, each row added to the
 * values under its window. Pointers: dx, dy, w. `spec` is that of the convolution. A work item is
 * an image; overlapping windows are added in row-major order.
 */
export function conv2dInput(spec: ConvSpec): Kernel {
  const g = geometry(spec);
  const key = `conv2dInput/${g.key}`;
  const count = g.images * imageFloats(g);
  if (count === 0 || g.o === 0 || g.taps === 0) return zeros({ key, count, pointers: 3 });

  const packing = packedKernel(g, true);
  return kernelOf(
    {
      key,
      pointers: 3,
      flops: g.flops,
      workItems: g.images,
      scratch: packing.bytes + paddedBytes(g) + columnBytes(g, pixelsPerBlock(g)),
    },
    conv2dInputBody(g, packing),
  );
}

const imageFloats = ({ image, c }: Geometry): number => image[0] * image[1] * c;

function conv2dInputBody(g: Geometry, packing: PackedKernel): KernelBody<3> {
  return (f, [dx, dy, w], { begin, end }, module, packed) => {
    const perBlock = pixelsPerBlock(g);
    const panels = packedPanels(g.taps, g.og, module.features);
    const product: Product = {
      panels,
      blocks: rowBlocks(panels),
      cRowStride: 4 * (g.pointwise ? g.c : g.taps),
      aRowStride: 4 * g.o,
      rows: [g.pixels],
    };
    const addColumns = g.pointwise ? undefined : col2im(module, g);
    const padded = f.let(i32.add(packed, packing.bytes));
    const columns = f.let(i32.add(padded, paddedBytes(g)));
    packKernel(module, f, packing, { g, panels, w, packed });

    f.for(begin, end, 1, (image) => {
      const to = f.let(strided(dx, image, 4 * imageFloats(g)));
      const target = f.let(g.padded ? padded : to);
      if (addColumns) f.call(clear(module, imageFloats(g)), to);
      if (g.padded) f.call(clear(module, paddedBytes(g) / 4), padded);
      f.for(0, Math.ceil(g.pixels / perBlock), 1, (block) => {
        const first = f.let(i32.mul(block, perBlock));
        const rows = f.min(i32.sub(g.pixels, first), perBlock);
        const from = f.let(strided(dy, i32.add(i32.mul(image, g.pixels), first), 4 * g.o));
        for (let group = 0; group < g.groups; group++) {
          const output = i32.add(target, 4 * g.cg * group);
          multiplyAll(module, f, product, {
            c: addColumns ? columns : strided(output, first, 4 * g.c),
            rows,
            a: i32.add(from, 4 * g.og * group),
            b: i32.add(packed, group * packing.groupBytes),
          });
          if (addColumns) f.call(addColumns, columns, output, first, rows);
        }
      });
      if (g.padded) f.call(cropImage(module, g), padded, to);
    });
  };
}
