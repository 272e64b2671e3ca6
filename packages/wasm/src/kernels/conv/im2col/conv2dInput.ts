import { i32, type Local } from "@tenon/emit";
import { columnBytes, geometry, paddedBytes, pixelsPerBlock, type ConvSpec } from "../geometry.js";
import { clear, col2im, cropImage } from "./im2col.js";
import { pack, packedPanels, panelBytes } from "../../gemm/panels.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { zeros } from "../../shared/zeros.js";
import type { Kernel } from "../../kernel.js";

/**
 * What a convolution's image gets from its output's gradient: columns = g · wᵀ, each row added to
 * where its window lies. Pointers: the image's gradient, the output's gradient g, w. `spec` is the
 * convolution's own. A work item is an image; overlapping windows are added in row-major order.
 */
export function conv2dInput(spec: ConvSpec): Kernel {
  const g = geometry(spec);
  const key = `conv2dInput/${g.key}`;
  const imageFloats = g.image[0] * g.image[1] * g.c;
  if (g.images * imageFloats === 0 || g.o === 0 || g.taps === 0)
    return zeros({ key, count: g.images * imageFloats, pointers: 3 });

  const perBlock = pixelsPerBlock(g);
  const blocks = Math.ceil(g.pixels / perBlock);
  const packedBytes = 16 * Math.ceil(panelBytes(g.taps, g.og) / 16);
  return {
    key,
    pointers: 3,
    flops: g.flops,
    workItems: g.images,
    scratch: g.groups * packedBytes + paddedBytes(g) + columnBytes(g, perBlock),
    emit: (module) =>
      module.once(key, () => {
        const panels = packedPanels(g.taps, g.og, module.features);
        const product: Product = {
          panels,
          cRow: 4 * (g.pointwise ? g.c : g.taps),
          aRow: 4 * g.o,
          aStep: 4,
          rows: [g.pixels],
          packA: false,
          accumulate: false,
        };
        const add = g.pointwise ? undefined : col2im(module, g);
        return module.func(key, ["i32", "i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
          const [dx, dy, w, packed, begin, end] = params as [
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
          ];
          const padded = f.local("i32", i32.add(packed, g.groups * packedBytes));
          const columns = f.local("i32", i32.add(padded, paddedBytes(g)));
          const image = f.local("i32");
          const block = f.local("i32");
          const from = f.local("i32");
          const to = f.local("i32");
          const target = f.local("i32");
          const first = f.local("i32");
          const rows = f.local("i32");

          for (let group = 0; group < g.groups; group++)
            pack(
              module,
              f,
              panels,
              { transposed: true, stride: 4 * g.o },
              i32.add(packed, group * packedBytes),
              i32.add(w, 4 * g.og * group),
              panels.full,
              1,
            );

          f.loop(image, begin, end, 1, () => {
            f.set(to, i32.add(dx, i32.mul(image, 4 * imageFloats)));
            f.set(target, g.padded ? padded : to);
            if (add) f.call(clear(module, imageFloats), to);
            if (g.padded) f.call(clear(module, paddedBytes(g) / 4), padded);
            f.loop(block, 0, blocks, 1, () => {
              f.set(first, i32.mul(block, perBlock));
              f.set(rows, i32.sub(g.pixels, first));
              f.set(rows, i32.select(i32.ltS(rows, perBlock), rows, i32.const(perBlock)));
              f.set(from, i32.add(dy, i32.mul(i32.add(i32.mul(image, g.pixels), first), 4 * g.o)));
              for (let group = 0; group < g.groups; group++) {
                const seen = i32.add(target, 4 * g.cg * group);
                multiplyAll(module, f, product, {
                  c: add ? columns : i32.add(seen, i32.mul(first, 4 * g.c)),
                  rows,
                  a: i32.add(from, 4 * g.og * group),
                  b: i32.add(packed, group * packedBytes),
                });
                if (add) f.call(add, columns, seen, first, rows);
              }
            });
            if (g.padded) f.call(cropImage(module, g), padded, to);
          });
        });
      }),
  };
}
