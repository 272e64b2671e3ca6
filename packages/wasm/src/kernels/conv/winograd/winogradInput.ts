import { i32, type Local } from "@tenon/emit";
import type { ConvSpec } from "../geometry.js";
import { clear, cropImage } from "../im2col/im2col.js";
import { packedPanels } from "../../gemm/panels.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { planesToImage, gradientsToPlanes } from "./winogradPasses.js";
import {
  afterKernels,
  kernelPlane,
  least,
  placesAt,
  planeBytes,
  productsOf,
  tilesOf,
  tilesOfKinds,
  tilesOfPlace,
} from "./winogradTiles.js";
import type { Stages } from "../../kernel.js";

type Address = Local<"i32">;

/**
 * What the image of a `winograd` convolution gets from its output's gradient: the same steps
 * backwards, B[(A g Aᵀ) ⊙ (G w Gᵀ)]Bᵀ, added where tiles overlap. Operands: 0 the image's gradient,
 * 1 the output's gradient g, 2 w.
 */
export function winogradInput(spec: ConvSpec): Stages {
  const t = tilesOf(spec);
  const { channels, outputs, columns } = t;
  const key = `winogradInput/${t.key}`;
  const atOnce = Math.min(t.linesAtOnce, t.rows);
  const left = t.rows % atOnce;
  const imagePlane = planeBytes(atOnce * columns, channels);
  const outputPlane = planeBytes(atOnce * columns, outputs);
  return afterKernels(t, true, {
    key,
    pointers: 3,
    workItems: t.images,
    flops: 2 * productsOf(t, t.lines),
    scratch: 36 * (imagePlane + outputPlane) + t.paddedBytes,
    emit: (module) =>
      module.once(key, () =>
        module.func(key, ["i32", "i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
          const product: Product = {
            panels: packedPanels(channels, outputs, module.features),
            aRow: 4 * outputs,
            aStep: 4,
            cRow: 4 * channels,
            rows: [atOnce, left].flatMap((lines) =>
              tilesOfKinds(t, lines).map(({ tiles }) => tiles),
            ),
            packA: false,
            accumulate: false,
          };
          const [dx, dy, u, v, begin, end] = params as [
            Address,
            Address,
            Address,
            Address,
            Address,
            Address,
          ];
          const m = f.local("i32", i32.add(v, 36 * imagePlane));
          const copy = f.local("i32", i32.add(m, 36 * outputPlane));
          const item = f.local("i32");
          const lines = { first: f.local("i32"), until: f.local("i32") };
          const { first, until } = lines;
          const ends = f.local("i32");
          const place = f.local("i32");
          const whole = f.local("i32");
          const to = f.local("i32");

          f.loop(item, begin, end, 1, () => {
            f.set(to, i32.add(dx, i32.mul(item, t.imageBytes)));
            f.set(whole, t.padded ? copy : to);
            f.call(clear(module, t.imageBytes / 4), to);
            if (t.padded) f.call(clear(module, t.paddedBytes / 4), copy);
            f.set(ends, i32.mul(i32.add(item, 1), t.rows));
            f.set(first, i32.mul(item, t.rows));
            f.loop(first, first, ends, atOnce, () => {
              f.set(until, least(i32.add(first, atOnce), ends));

              gradientsToPlanes(module, f, t, outputPlane, lines, m, dy);

              f.loop(place, 0, 36, 1, () =>
                multiplyAll(module, f, product, {
                  c: i32.add(v, i32.mul(place, imagePlane)),
                  a: i32.add(m, i32.mul(place, outputPlane)),
                  b: i32.add(u, i32.mul(place, kernelPlane(t))),
                  rows: tilesOfPlace(f, t, place, first, until),
                }),
              );

              planesToImage(module, f, t, imagePlane, lines, whole, placesAt(f, v));
            });
            if (t.padded) f.call(cropImage(module, t.frame), copy, to);
          });
        }),
      ),
  });
}
