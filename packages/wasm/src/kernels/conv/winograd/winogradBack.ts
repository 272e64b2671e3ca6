import { strided, type I32, type Local } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { imageItems } from "../../shared/imageItems.js";
import { clear, cropImage, imagesOf } from "../im2col/im2col.js";
import {
  gradientsToPoints,
  imagesToPoints,
  pointsToImage,
  tileCode,
  timesKernel,
  type TileCode,
} from "./passes.js";
import {
  partsOf,
  pointGradients,
  turnsOf,
  winogradFilterPays,
  type Turns,
} from "./winogradFilter.js";
import { addedParts } from "../../reduce/sumParts.js";
import { kernelPointStride, transformKernels, transformKernelsBack } from "./kernelTransforms.js";
import { pointersFrom, productsOf, tileGrid, tileScratch, type TileGrid } from "./tileGrid.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Kernel, Stages } from "../../kernel.js";

/**
 * Whether both gradients of a convolution are computed together: where `winogradFilter` pays and
 * whole images stay in L2.
 */
export function winogradBackFits(spec: ConvSpec): boolean {
  return winogradFilterPays(spec) && tileGrid(spec).whole;
}

/**
 * Both gradients of a `winograd` convolution: dM is computed once for the two, and dV overwrites V.
 * Operands: 0 dx, 1 dw, 2 dy, 3 w, 4 x.
 */
export function winogradBack(spec: ConvSpec): Stages {
  const grid = tileGrid(spec);
  const parts = partsOf(grid);
  const sumBytes = 36 * kernelPointStride(grid);
  const kernels = transformKernels(grid, true);
  const back = transformKernelsBack(grid);
  const [u, du, sum] = [5, 6, parts > 1 ? 7 : 6];
  return {
    temporaries: [sumBytes, parts * sumBytes, sumBytes],
    stages: [
      { kernel: kernels, operands: [u, 3] },
      { kernel: bothGradients(grid, parts), operands: [0, du, 2, u, 4] },
      ...addedParts(parts, sumBytes / 4, sum, du),
      { kernel: back, operands: [1, sum] },
    ],
  };
}

/**
 * Pointers: dx, dU [parts, 36, channels, outputs], dy, U, x. A work item is a part of the batch.
 */
function bothGradients(grid: TileGrid, parts: number): Kernel {
  const turns = turnsOf(grid, parts);
  return kernelOf(
    {
      key: `winogradBack/${grid.key}/${parts}`,
      pointers: 5,
      workItems: parts,
      ...imageItems(grid.images, 1, [0, 2, 4], parts),
      flops: 4 * productsOf(grid, grid.allRows),
      scratch: tileScratch(grid, turns.rowsAtOnce).bytes,
    },
    bothGradientsBody(grid, turns),
  );
}

/**
 * At each of 36 points dU ← dU + Vᵀ dM and then dV = dM Uᵀ, in the place of V; of some images at a
 * time.
 */
function bothGradientsBody(grid: TileGrid, turns: Turns): KernelBody<5> {
  return (f, [dx, du, dy, u, x], { begin, end }, module, v) => {
    const { parts, rowsAtOnce, counts } = turns;
    const { channels, outputs } = grid;
    const code = tileCode(module, f, grid, rowsAtOnce, v);
    const { m, vStride, mStride, copy } = code;
    const multiply = timesKernel(code, u, [outputs, channels], counts);
    const adds = f.local("i32");
    const firstImage = (part: I32): I32 => i32.divU(i32.mul(part, grid.images), parts);
    const imagesAtOnce = rowsAtOnce / grid.rows;
    f.for(begin, end, 1, (part) => {
      f.set(adds, 0);
      const last = f.let(firstImage(i32.add(part, 1)));
      f.for(firstImage(part), last, imagesAtOnce, (image) => {
        const next = f.let(i32.min(i32.add(image, imagesAtOnce), last));
        const rows = {
          first: f.let(i32.mul(image, grid.rows)),
          end: f.let(i32.mul(next, grid.rows)),
        };
        imagesToPoints(code, rows, imagesOf(module, f, grid.frame, x, copy));
        gradientsToPoints(code, rows, dy);
        f.for(0, 36, 1, (point) => {
          const factors = {
            v: f.let(strided(v, point, vStride)),
            m: f.let(strided(m, point, mStride)),
          };
          pointGradients(code, turns, rows, { part, point, adds, du, ...factors });
          multiply(rows, point, factors.v, factors.m);
        });
        f.set(adds, 1);
        addToImages(code, [image, next], dx);
      });
    });
  };
}

/** Emits dx = B dV Bᵀ for images [first, end). */
function addToImages(
  code: TileCode,
  [first, end]: readonly [I32, I32],
  dx: Local<"address">,
): void {
  const { module, f, grid, v, copy } = code;
  const pointers = pointersFrom(f, v);
  f.for(first, end, 1, (image) => {
    const to = f.let(strided(dx, image, grid.imageBytes));
    const target = f.let(grid.padded ? copy : to);
    f.call(clear(module, (grid.padded ? grid.paddedBytes : grid.imageBytes) / 4), target);
    if (grid.padded) f.call(clear(module, grid.imageBytes / 4), to);
    const row = f.let(i32.mul(image, grid.rows));
    const rows = { first: row, end: f.let(i32.add(row, grid.rows)) };
    pointsToImage(code, rows, target, pointers);
    if (grid.padded) f.call(cropImage(module, grid.frame), copy, to);
  });
}
