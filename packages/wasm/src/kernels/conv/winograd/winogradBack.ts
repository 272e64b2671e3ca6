import { i32, type Local } from "@tenon/emit";
import { byParts } from "../../reduce/byParts.js";
import type { ConvSpec } from "../geometry.js";
import { clear, cropImage } from "../im2col/im2col.js";
import { packedPanels } from "../../gemm/panels.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { sumParts } from "../../reduce/sumParts.js";
import { imagesToPlanes, planesToImage, gradientsToPlanes } from "./winogradPasses.js";
import {
  kernelPlane,
  least,
  placesAt,
  planeBytes,
  productsOf,
  tilesOf,
  tilesOfKinds,
  tilesOfPlace,
  transformKernels,
  type Tiles,
} from "./winogradTiles.js";
import { backToKernel, partsOf, gradientsOfKernel, winogradFilterPays } from "./winogradFilter.js";
import type { Kernel, Stages } from "../../kernel.js";

type Address = Local<"i32">;

/** Whole images that are worked on at a time. */
const imagesAtOnce = (t: Tiles): number => Math.max(1, Math.floor(t.linesAtOnce / t.rows));

/**
 * Whether both gradients of a convolution are made together: where `winogradFilter` pays and whole
 * images stay in the second cache.
 */
export function winogradBackFits(spec: ConvSpec): boolean {
  if (!winogradFilterPays(spec)) return false;
  return tilesOf(spec).whole;
}

/**
 * Both gradients of a `winograd` convolution: the transformed gradient of its output is made once
 * for the two, and the gradient of the transformed image takes the place of that image. Operands: 0
 * the image's gradient, 1 the kernel's gradient, 2 the output's gradient g, 3 w, 4 the image x.
 */
export function winogradBack(spec: ConvSpec): Stages {
  const t = tilesOf(spec);
  const floats = 36 * t.channels * t.outputs;
  const parts = partsOf(t);
  const both = grads(t, parts);
  const kernels = transformKernels(t, true);
  const back = backToKernel(t);
  const [u, du, sum] = [5, 6, parts > 1 ? 7 : 6];
  return {
    temporaries: [36 * kernelPlane(t), 4 * parts * floats, ...(parts > 1 ? [4 * floats] : [])],
    stages: [
      { kernel: kernels, operands: [u, 3] },
      { kernel: both, operands: [0, du, 2, u, 4] },
      ...(parts > 1 ? [{ kernel: sumParts(parts, floats), operands: [sum, du] }] : []),
      { kernel: back, operands: [1, sum] },
    ],
  };
}

/** Pointers: dx, dU [parts, 36, channels, outputs], g, U, x. A work item is a part of the batch. */
function grads(t: Tiles, parts: number): Kernel {
  const { channels, outputs, columns, images, rows } = t;
  const key = `winogradBack/${t.key}/${parts}`;
  const sizes = [Math.floor(images / parts), Math.ceil(images / parts)];
  const atOnce = Math.min(imagesAtOnce(t), sizes[1]!);
  const counts = [
    ...new Set(sizes.flatMap((size) => [Math.min(size, atOnce), size % atOnce])),
  ].filter((count) => count > 0);
  const tiles = rows * columns;
  const imagePlane = planeBytes(atOnce * tiles, channels);
  const outputPlane = planeBytes(atOnce * tiles, outputs);
  return {
    key,
    pointers: 5,
    workItems: parts,
    ...byParts(images, parts, 1, [0, 2, 4]),
    flops: 4 * productsOf(t, t.lines),
    scratch: 36 * (imagePlane + outputPlane) + t.paddedBytes,
    emit: (module) =>
      module.once(key, () =>
        module.func(key, new Array(8).fill("i32"), (f, ...params) => {
          const product: Product = {
            panels: packedPanels(channels, outputs, module.features),
            aRow: 4 * outputs,
            aStep: 4,
            cRow: 4 * channels,
            rows: counts.flatMap((count) =>
              tilesOfKinds(t, count * rows).map(({ tiles }) => tiles),
            ),
            packA: false,
            accumulate: false,
          };
          const [dx, du, dy, u, x, v, begin, end] = params as [
            Address,
            Address,
            Address,
            Address,
            Address,
            Address,
            Address,
            Address,
          ];
          const m = f.local("i32", i32.add(v, 36 * imagePlane));
          const copy = f.local("i32", i32.add(m, 36 * outputPlane));
          const part = f.local("i32");
          const image = f.local("i32");
          const next = f.local("i32");
          const ends = f.local("i32");
          const adds = f.local("i32");
          const place = f.local("i32");
          const known = f.local("i32");
          const lines = { first: f.local("i32"), until: f.local("i32") };
          const one = { first: f.local("i32"), until: f.local("i32") };
          const plane = f.local("i32");
          const grad = f.local("i32");
          const to = f.local("i32");
          const whole = f.local("i32");
          const imageOf = (of: Address | ReturnType<typeof i32.add>) =>
            i32.divU(i32.mul(of, images), parts);

          f.loop(part, begin, end, 1, () => {
            f.set(adds, i32.const(0));
            f.set(ends, imageOf(i32.add(part, 1)));
            f.loop(image, imageOf(part), ends, atOnce, () => {
              f.set(next, least(i32.add(image, atOnce), ends));
              f.set(lines.first, i32.mul(image, rows));
              f.set(lines.until, i32.mul(next, rows));
              if (t.padded) {
                f.call(clear(module, t.paddedBytes / 4), copy);
                f.set(known, i32.const(-1));
              }
              imagesToPlanes(module, f, t, imagePlane, lines, v, x, copy, known);
              gradientsToPlanes(module, f, t, outputPlane, lines, m, dy);

              f.loop(place, 0, 36, 1, () => {
                f.set(plane, i32.add(v, i32.mul(place, imagePlane)));
                f.set(grad, i32.add(m, i32.mul(place, outputPlane)));
                f.set(
                  to,
                  i32.add(du, i32.mul(i32.add(i32.mul(part, 36), place), 4 * channels * outputs)),
                );
                for (const count of counts)
                  f.if(i32.eq(i32.sub(next, image), count), () => {
                    gradientsOfKernel(module, f, t, count * rows, place, adds, to, plane, grad);
                  });
                multiplyAll(module, f, product, {
                  c: plane,
                  a: grad,
                  b: i32.add(u, i32.mul(place, kernelPlane(t))),
                  rows: tilesOfPlace(f, t, place, lines.first, lines.until),
                });
              });
              f.set(adds, i32.const(1));

              const places = placesAt(f, v);
              const index = f.local("i32");
              f.loop(index, image, next, 1, () => {
                f.set(to, i32.add(dx, i32.mul(index, t.imageBytes)));
                f.set(whole, t.padded ? copy : to);
                f.call(clear(module, t.padded ? t.paddedBytes / 4 : t.imageBytes / 4), whole);
                if (t.padded) f.call(clear(module, t.imageBytes / 4), to);
                f.set(one.first, i32.mul(index, rows));
                f.set(one.until, i32.add(one.first, rows));
                planesToImage(module, f, t, imagePlane, one, whole, places);
                if (t.padded) f.call(cropImage(module, t.frame), copy, to);
              });
            });
          });
        }),
      ),
  };
}
