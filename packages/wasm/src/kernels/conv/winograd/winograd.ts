import { i32, type Local } from "@tenon/emit";
import type { ConvSpec } from "../geometry.js";
import { clear } from "../im2col/im2col.js";
import { packedPanels } from "../../gemm/panels.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { imagesToPlanes } from "./winogradPasses.js";
import {
  afterKernels,
  eachLine,
  eachTile,
  kernelPlane,
  least,
  placesAt,
  planeBytes,
  productsOf,
  tilesOf,
  tilesOfKinds,
  tilesOfPlace,
} from "./winogradTiles.js";
import { transformOutputs } from "./winogradTransforms.js";
import type { Stages } from "../../kernel.js";

export { winogradFits } from "./winogradTiles.js";

type Address = Local<"i32">;

const enoughWorkItems = 16;

/**
 * A 3 × 3 convolution at stride 1 with a quarter of the multiplications: F(4 × 4, 3 × 3). Operands:
 * 0 y, 1 x, 2 w. See `winogradFits`.
 *
 * Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A for tiles of 4 × 4 outputs, where ⊙ is, for each of 36 places, a
 * matrix product over channels. The last tiles of an image have fewer outputs and use fewer places,
 * so that nothing is computed outside it. Rounding errors are some times those of the plain sum,
 * and one cell that is not finite spoils its whole tile. Lavin & Gray (2016), Fast algorithms for
 * convolutional neural networks. arXiv:1509.09308
 */
export function winograd(spec: ConvSpec): Stages {
  const t = tilesOf(spec);
  const { channels, outputs, columns, lines: all, output } = t;
  const key = `winograd/${t.key}`;
  const wanted = Math.min(t.linesAtOnce, Math.ceil(all / enoughWorkItems));
  // Whole images, if any fit.
  const perItem = t.whole ? t.rows * Math.max(1, Math.floor(wanted / t.rows)) : wanted;
  const workItems = Math.ceil(all / perItem);
  const last = all - (workItems - 1) * perItem;
  const imagePlane = planeBytes(perItem * columns, channels);
  const outputPlane = planeBytes(perItem * columns, outputs);
  return afterKernels(t, false, {
    key,
    pointers: 3,
    workItems,
    ...(perItem % t.rows === 0 && {
      images: {
        count: t.images,
        group: perItem / t.rows,
        firstItem: (image) => i32.divU(i32.add(image, perItem / t.rows - 1), perItem / t.rows),
        pointers: [0, 1],
      },
    }),
    flops: 2 * productsOf(t, all),
    scratch: 36 * (imagePlane + outputPlane) + t.paddedBytes,
    emit: (module) =>
      module.once(key, () =>
        module.func(key, ["i32", "i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
          const product: Product = {
            panels: packedPanels(outputs, channels, module.features),
            aRow: 4 * channels,
            aStep: 4,
            cRow: 4 * outputs,
            rows: [perItem, last].flatMap((lines) =>
              tilesOfKinds(t, lines).map(({ tiles }) => tiles),
            ),
            packA: false,
            accumulate: false,
          };
          const [y, x, u, v, begin, end] = params as [
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
          const known = f.local("i32", i32.const(-1));
          const place = f.local("i32");
          const target = f.local("i32");

          if (t.padded) f.call(clear(module, t.paddedBytes / 4), copy);
          f.loop(item, begin, end, 1, () => {
            f.set(first, i32.mul(item, perItem));
            f.set(until, least(i32.add(first, perItem), i32.const(all)));

            imagesToPlanes(module, f, t, imagePlane, lines, v, x, copy, known);

            f.loop(place, 0, 36, 1, () =>
              multiplyAll(module, f, product, {
                c: i32.add(m, i32.mul(place, outputPlane)),
                a: i32.add(v, i32.mul(place, imagePlane)),
                b: i32.add(u, i32.mul(place, kernelPlane(t))),
                rows: tilesOfPlace(f, t, place, first, until),
              }),
            );

            const places = placesAt(f, m);
            const line = 4 * output[1] * outputs;
            eachLine(f, t, first, until, (image, row) => {
              f.set(
                target,
                i32.add(y, i32.mul(i32.add(i32.mul(image, output[0]), i32.mul(row, 4)), line)),
              );
              eachTile(
                f,
                t,
                row,
                places,
                4 * outputs,
                [[target, 16 * outputs]],
                ({ size, within, places }) =>
                  f.call(
                    transformOutputs(
                      module,
                      outputs,
                      { size, kinds: t.kinds, plane: outputPlane, line },
                      within,
                    ),
                    ...places,
                    target,
                  ),
              );
            });
          });
        }),
      ),
  });
}
