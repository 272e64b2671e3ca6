import { i32, type FunctionBuilder, type I32, type Local, type ModuleBuilder } from "@tenon/emit";
import type { ConvSpec } from "../geometry.js";
import { clear } from "../im2col/im2col.js";
import { panelsInPlace, tileWidth } from "../../gemm/panels.js";
import { longestRun } from "../../shared/longestRun.js";
import { multiplyAll } from "../../gemm/product.js";
import { sumParts } from "../../reduce/sumParts.js";
import type { Accumulate } from "../../gemm/tile.js";
import { imagesToPlanes, gradientsToPlanes } from "./winogradPasses.js";
import { bitsOfPlace } from "./winogradKinds.js";
import {
  kernelFlops,
  least,
  planeBytes,
  productsOf,
  tilesOf,
  tilesOfKinds,
  winogradFits,
  type Tiles,
} from "./winogradTiles.js";
import { transformKernelBack } from "./winogradTransforms.js";
import type { Kernel, Stages } from "../../kernel.js";

type Address = Local<"i32">;

/**
 * The batch is cut into at most this many parts, each with transformed gradients of its own, as
 * long as those take no more than so much memory.
 */
const mostParts = 8;
const partsBytes = 16 * 1024 * 1024;

/**
 * Sums at 36 places that do not stay in the second cache cost more than the multiplications they
 * save.
 */
const sumsBytes = 1024 * 1024;

/**
 * Whether `winogradFilter` is faster than `conv2dFilter`: where `winograd` fits, unless both
 * channels and outputs are many.
 */
export function winogradFilterPays(spec: ConvSpec): boolean {
  return winogradFits(spec) && 36 * 4 * spec.w[2]! * spec.w[3]! <= sumsBytes;
}

/**
 * What the kernel of a `winograd` convolution gets from its output's gradient: Gᵀ[Σ over tiles of
 * (Bᵀ d B)ᵀ · (A g Aᵀ)]G. Operands: 0 the kernel's gradient, 1 the image x, 2 the output's gradient
 * g.
 *
 * Parts of the batch, of a number that depends on shapes only, are summed apart, tile after tile,
 * and then added in order.
 */
export function winogradFilter(spec: ConvSpec): Stages {
  const t = tilesOf(spec);
  const floats = 36 * t.channels * t.outputs;
  const parts = partsOf(t);
  const products = gradientsOfProducts(t, parts);
  const back = backToKernel(t);
  if (parts === 1)
    return {
      temporaries: [4 * floats],
      stages: [
        { kernel: products, operands: [3, 1, 2] },
        { kernel: back, operands: [0, 3] },
      ],
    };
  return {
    temporaries: [4 * parts * floats, 4 * floats],
    stages: [
      { kernel: products, operands: [3, 1, 2] },
      { kernel: sumParts(parts, floats), operands: [4, 3] },
      { kernel: back, operands: [0, 4] },
    ],
  };
}

/** Into how many parts the batch is cut. */
export const partsOf = ({ channels, outputs, images }: Tiles): number =>
  Math.max(1, Math.min(mostParts, images, Math.floor(partsBytes / (4 * 36 * channels * outputs))));

/** dU = Vᵀ dM at one of 36 places, or added to it, for the tiles of so many lines. */
export function gradientsOfKernel(
  module: ModuleBuilder,
  f: FunctionBuilder,
  t: Tiles,
  lines: number,
  place: Local<"i32">,
  adds: I32,
  c: I32,
  a: I32,
  b: I32,
): void {
  const { channels, outputs } = t;
  const more: Accumulate =
    Math.ceil(t.images / partsOf(t)) * t.rows * t.columns > longestRun ? "apart" : true;
  const bits = bitsOfPlace(t.kinds, place);
  const kind = f.local("i32", i32.add(i32.add(bits.row, bits.row), bits.column));
  const these = (tiles: number, accumulate: Accumulate): void => {
    if (tiles > 0)
      multiplyAll(
        module,
        f,
        {
          panels: panelsInPlace(outputs, tiles, tileWidth(module.features), 4 * outputs),
          aRow: 4,
          aStep: 4 * channels,
          cRow: 4 * outputs,
          rows: [channels],
          packA: false,
          accumulate,
        },
        { c, a, b, rows: channels },
      );
    else if (!accumulate) f.call(clear(module, channels * outputs), c);
  };
  for (const { kind: one, tiles } of tilesOfKinds(t, lines))
    f.if(i32.eq(kind, one), () =>
      f.if(
        adds,
        () => these(tiles, more),
        () => these(tiles, false),
      ),
    );
}

/**
 * Σ over the tiles of a part of the batch, at each of 36 places: [parts, 36, channels, outputs].
 * Pointers: that, x, g. A work item is a part.
 */
function gradientsOfProducts(t: Tiles, parts: number): Kernel {
  const key = `winogradFilter/${t.key}/${parts}`;
  const { channels, outputs, columns, images, rows } = t;
  // Parts differ by one image at most, and what is left of them after as many lines as fit at once
  // differs with them.
  const sizes = [Math.floor(images / parts), Math.ceil(images / parts)].map(
    (count) => count * rows,
  );
  const atOnce = Math.min(
    t.whole ? rows * Math.floor(t.linesAtOnce / rows) : t.linesAtOnce,
    sizes[1]!,
  );
  const counts = [
    ...new Set(sizes.flatMap((size) => [Math.min(size, atOnce), size % atOnce])),
  ].filter((count) => count > 0);
  const imagePlane = planeBytes(atOnce * columns, channels);
  const outputPlane = planeBytes(atOnce * columns, outputs);
  const kernelPlane = 4 * channels * outputs;

  return {
    key,
    pointers: 3,
    workItems: parts,
    flops: 2 * productsOf(t, t.lines),
    scratch: 36 * (imagePlane + outputPlane) + t.paddedBytes,
    emit: (module) =>
      module.once(key, () =>
        module.func(key, ["i32", "i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
          const [du, x, dy, v, begin, end] = params as [
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
          const lines = { first: f.local("i32"), until: f.local("i32") };
          const { first, until } = lines;
          const ends = f.local("i32");
          const adds = f.local("i32");
          const place = f.local("i32");
          const known = f.local("i32", i32.const(-1));
          const to = f.local("i32");
          const lineOf = (of: I32): I32 => i32.mul(i32.divU(i32.mul(of, images), parts), rows);

          if (t.padded) f.call(clear(module, t.paddedBytes / 4), copy);
          f.loop(part, begin, end, 1, () => {
            f.set(adds, i32.const(0)); // the first tiles of a part find nothing to add to
            f.set(ends, lineOf(i32.add(part, 1)));
            f.loop(first, lineOf(part), ends, atOnce, () => {
              f.set(until, least(i32.add(first, atOnce), ends));

              imagesToPlanes(module, f, t, imagePlane, lines, v, x, copy, known);
              gradientsToPlanes(module, f, t, outputPlane, lines, m, dy);

              f.loop(place, 0, 36, 1, () => {
                f.set(to, i32.add(du, i32.mul(i32.add(i32.mul(part, 36), place), kernelPlane)));
                for (const count of counts)
                  f.if(i32.eq(i32.sub(until, first), count), () => {
                    gradientsOfKernel(
                      module,
                      f,
                      t,
                      count,
                      place,
                      adds,
                      to,
                      i32.add(v, i32.mul(place, imagePlane)),
                      i32.add(m, i32.mul(place, outputPlane)),
                    );
                  });
              });
              f.set(adds, i32.const(1));
            });
          });
        }),
      ),
  };
}

/** dw = Gᵀ dU G. Pointers: dw, dU. A work item is a channel. */
export function backToKernel({ channels, outputs }: Tiles): Kernel {
  const key = `winogradKernelBack/${channels}x${outputs}`;
  const plane = 4 * channels * outputs;
  return {
    key,
    pointers: 2,
    scratch: 0,
    workItems: channels,
    flops: kernelFlops * channels * outputs,
    emit: (module) =>
      module.once(key, () =>
        module.func(key, ["i32", "i32", "i32", "i32"], (f, dw, du, begin, end) => {
          const channel = f.local("i32");
          const output = f.local("i32");
          const at = f.local("i32");
          f.loop(channel, begin!, end!, 1, () =>
            f.loop(output, 0, outputs, 4, () => {
              f.set(at, i32.mul(i32.add(i32.mul(channel, outputs), output), 4));
              f.call(transformKernelBack(module, plane, plane), i32.add(dw!, at), i32.add(du!, at));
            }),
          );
        }),
      ),
  };
}
