import { strided } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { clear, cropImage } from "../im2col/im2col.js";
import { gradientsToPoints, pointsToImage, tileCode, timesKernel } from "./passes.js";
import { withTransformedKernel } from "./kernelTransforms.js";
import { pointersFrom, productsOf, tileGrid, tileScratch, type TileGrid } from "./tileGrid.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Stages } from "../../kernel.js";

/**
 * The gradient of a `winograd` convolution with respect to its image: B[(A dy Aᵀ) ⊙ (G w Gᵀ)]Bᵀ,
 * added where tiles overlap. Operands: 0 dx, 1 dy, 2 w. A work item is an image.
 */
export function winogradInput(spec: ConvSpec): Stages {
  const grid = tileGrid(spec);
  const key = `winogradInput/${grid.key}`;
  const rowsAtOnce = Math.min(grid.rowsAtOnce, grid.rows);
  return withTransformedKernel(
    grid,
    kernelOf(
      {
        key,
        pointers: 3,
        workItems: grid.images,
        flops: 2 * productsOf(grid, grid.allRows),
        scratch: tileScratch(grid, rowsAtOnce).bytes,
      },
      winogradInputBody(grid, rowsAtOnce),
    ),
    true,
  );
}

function winogradInputBody(grid: TileGrid, rowsAtOnce: number): KernelBody<3> {
  return (f, [dx, dy, u], { begin, end }, module, v) => {
    const { channels, outputs } = grid;
    const code = tileCode(module, f, grid, rowsAtOnce, v);
    const { m, vStride, mStride, copy } = code;
    const multiply = timesKernel(
      code,
      u,
      [outputs, channels],
      [rowsAtOnce, grid.rows % rowsAtOnce],
    );
    f.for(begin, end, 1, (item) => {
      const to = f.let(strided(dx, item, grid.imageBytes));
      const image = f.let(grid.padded ? copy : to);
      f.call(clear(module, grid.imageBytes / 4), to);
      if (grid.padded) f.call(clear(module, grid.paddedBytes / 4), copy);
      const rowsEnd = f.let(i32.mul(i32.add(item, 1), grid.rows));
      f.for(i32.mul(item, grid.rows), rowsEnd, rowsAtOnce, (first) => {
        const rows = { first, end: f.let(i32.min(i32.add(first, rowsAtOnce), rowsEnd)) };
        gradientsToPoints(code, rows, dy);
        f.for(0, 36, 1, (point) =>
          multiply(rows, point, strided(v, point, vStride), strided(m, point, mStride)),
        );
        pointsToImage(code, rows, image, pointersFrom(f, v));
      });
      if (grid.padded) f.call(cropImage(module, grid.frame), copy, to);
    });
  };
}
