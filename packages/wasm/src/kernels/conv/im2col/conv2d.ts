import { i32, type Local } from "@tenon/emit";
import { columnBytes, geometry, paddedBytes, pixelsPerBlock, type ConvSpec } from "../geometry.js";
import { clear, im2col, padImage } from "./im2col.js";
import { pack, packedPanels, panelBytes } from "../../gemm/panels.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { zeros } from "../../shared/zeros.js";
import type { Kernel } from "../../kernel.js";

/** Enough work items for many threads, if they do not become too small. */
const enoughWorkItems = 16;
const leastPixels = 32;

/**
 * Convolution: y[pixel, o] = Σ columns(x)[pixel, tap] · w[tap, o]. Pointers: y, x, w.
 *
 * What the windows of one image see is laid into the rows of a matrix, part by part so that it
 * stays in the cache, and multiplied by the kernel, which is packed once per call. Each sum is
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
  const packedBytes = 16 * Math.ceil(panelBytes(g.og, g.taps) / 16);
  return {
    key,
    pointers: 3,
    flops: g.flops,
    conv: spec,
    workItems: g.images * blocks,
    images: {
      count: g.images,
      group: 1,
      firstItem: (image) => i32.mul(image, blocks),
      pointers: [0, 1],
    },
    scratch: g.groups * packedBytes + paddedBytes(g) + columnBytes(g, perBlock),
    emit: (module) =>
      module.once(key, () => {
        const panels = packedPanels(g.og, g.taps, module.features);
        const product: Product = {
          panels,
          cRow: 4 * g.o,
          aStep: 4,
          aRow: 4 * (g.pointwise ? g.c : g.taps),
          rows: [g.pixels],
          packA: false,
          accumulate: false,
        };
        const lay = g.pointwise ? undefined : im2col(module, g);
        return module.func(key, ["i32", "i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
          const [y, x, w, packed, begin, end] = params as [
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
            Local<"i32">,
          ];
          const padded = f.local("i32", i32.add(packed, g.groups * packedBytes));
          const columns = f.local("i32", i32.add(padded, paddedBytes(g)));
          const item = f.local("i32");
          const image = f.local("i32");
          const last = f.local("i32", i32.const(-1));
          const from = f.local("i32");
          const to = f.local("i32");
          const first = f.local("i32");
          const rows = f.local("i32");

          for (let group = 0; group < g.groups; group++)
            pack(
              module,
              f,
              panels,
              { transposed: false, stride: 4 * g.o },
              i32.add(packed, group * packedBytes),
              i32.add(w, 4 * g.og * group),
              panels.full,
              1,
            );
          if (g.padded) f.call(clear(module, paddedBytes(g) / 4), padded);

          f.loop(item, begin, end, 1, () => {
            f.set(image, i32.divU(item, blocks));
            f.set(first, i32.mul(i32.remU(item, blocks), perBlock));
            f.set(rows, i32.sub(g.pixels, first));
            f.set(rows, i32.select(i32.ltS(rows, perBlock), rows, i32.const(perBlock)));
            f.set(from, i32.add(x, i32.mul(image, 4 * g.image[0] * g.image[1] * g.c)));
            f.set(to, i32.add(y, i32.mul(i32.add(i32.mul(image, g.pixels), first), 4 * g.o)));
            if (g.padded) {
              f.if(i32.ne(image, last), () => f.call(padImage(module, g), padded, from));
              f.set(last, image);
              f.set(from, padded);
            }
            for (let group = 0; group < g.groups; group++) {
              const seen = i32.add(from, 4 * g.cg * group);
              if (lay) f.call(lay, columns, seen, first, rows);
              multiplyAll(module, f, product, {
                c: i32.add(to, 4 * g.og * group),
                rows,
                a: lay ? columns : i32.add(seen, i32.mul(first, 4 * g.c)),
                b: i32.add(packed, group * packedBytes),
              });
            }
          });
        });
      }),
  };
}
