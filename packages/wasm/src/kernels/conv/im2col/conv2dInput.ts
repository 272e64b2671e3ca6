import { i32, type FunctionIndex, type ModuleBuilder } from "@tenon/emit";
import {
  columnBytes,
  geometry,
  paddedBytes,
  pixelsPerBlock,
  type ConvSpec,
  type Geometry,
} from "../geometry.js";
import { clear, col2im, cropImage } from "./im2col.js";
import { packedPanels } from "../../gemm/panels.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { packedKernel, packKernel, type PackedKernel } from "./packKernel.js";
import { zeros } from "../../shared/zeros.js";
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
  return {
    key,
    pointers: 3,
    flops: g.flops,
    workItems: g.images,
    scratch: packing.bytes + paddedBytes(g) + columnBytes(g, pixelsPerBlock(g)),
    emit: (module) => module.once(key, () => emitConv2dInput(module, key, g, packing)),
  };
}

const imageFloats = ({ image, c }: Geometry): number => image[0] * image[1] * c;

function emitConv2dInput(
  module: ModuleBuilder,
  key: string,
  g: Geometry,
  packing: PackedKernel,
): FunctionIndex {
  const perBlock = pixelsPerBlock(g);
  const panels = packedPanels(g.taps, g.og, module.features);
  const product: Product = {
    panels,
    cRowStride: 4 * (g.pointwise ? g.c : g.taps),
    aRowStride: 4 * g.o,
    aStride: 4,
    rows: [g.pixels],
    packA: false,
    accumulate: "overwrite",
  };
  const addColumns = g.pointwise ? undefined : col2im(module, g);
  const params = {
    dx: "address",
    dy: "address",
    w: "address",
    packed: "address",
    begin: "i32",
    end: "i32",
  } as const;
  return module.func(key, params, (f, { dx, dy, w, packed, begin, end }) => {
    const padded = f.let(i32.add(packed, packing.bytes));
    const columns = f.let(i32.add(padded, paddedBytes(g)));
    packKernel(module, f, packing, { g, panels, w, packed });

    f.for(begin, end, 1, (image) => {
      const to = f.let(i32.add(dx, i32.mul(image, 4 * imageFloats(g))));
      const target = f.let(g.padded ? padded : to);
      if (addColumns) f.call(clear(module, imageFloats(g)), to);
      if (g.padded) f.call(clear(module, paddedBytes(g) / 4), padded);
      f.for(0, Math.ceil(g.pixels / perBlock), 1, (block) => {
        const first = f.let(i32.mul(block, perBlock));
        const rows = f.let(i32.sub(g.pixels, first));
        f.set(rows, i32.min(rows, perBlock));
        const from = f.let(i32.add(dy, i32.mul(i32.add(i32.mul(image, g.pixels), first), 4 * g.o)));
        for (let group = 0; group < g.groups; group++) {
          const output = i32.add(target, 4 * g.cg * group);
          multiplyAll(module, f, product, {
            c: addColumns ? columns : i32.add(output, i32.mul(first, 4 * g.c)),
            rows,
            a: i32.add(from, 4 * g.og * group),
            b: i32.add(packed, group * packing.groupBytes),
          });
          if (addColumns) f.call(addColumns, columns, output, first, rows);
        }
      });
      if (g.padded) f.call(cropImage(module, g), padded, to);
    });
  });
}
