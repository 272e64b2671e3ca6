import { strided } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { enoughWorkItems } from "../../../machine.js";
import { imagesOf } from "../im2col/im2col.js";
import { imagesToPoints, pointsToOutputs, tileCode, timesKernel } from "./passes.js";
import { withTransformedKernel } from "./kernelTransforms.js";
import { productsOf, tileGrid, tileScratch, type TileGrid } from "./tileGrid.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Stages } from "../../kernel.js";

export { winogradFits } from "./tileGrid.js";

/**
 * A 3 × 3 convolution at stride 1 with a quarter of the multiplications: F(4 × 4, 3 × 3). Operands:
 * 0 y, 1 x, 2 w. See `winogradFits`.
 *
 * Y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ d B)]A for tiles of 4 × 4 outputs, where ⊙ is, at each of 36 points, a
 * matrix product over channels. The last tiles of an image have fewer outputs and use fewer points,
 * so that nothing is computed outside of it. Rounding errors are a few times those of the plain
 * sum, and one cell that is not finite makes all outputs of its tiles so. Lavin & Gray (2016), Fast
 * algorithms for convolutional neural networks. arXiv:1509.09308
 */
export function winograd(spec: ConvSpec): Stages {
  const grid = tileGrid(spec);
  const key = `winograd/${grid.key}`;
  const wanted = Math.min(grid.rowsAtOnce, Math.ceil(grid.allRows / enoughWorkItems));
  // Whole images, if any fit.
  const rowsPerItem = grid.whole ? grid.rows * Math.max(1, Math.floor(wanted / grid.rows)) : wanted;
  const group = rowsPerItem / grid.rows;
  return withTransformedKernel(
    grid,
    kernelOf(
      {
        key,
        pointers: 3,
        workItems: Math.ceil(grid.allRows / rowsPerItem),
        ...(rowsPerItem % grid.rows === 0 && {
          images: {
            count: grid.images,
            group,
            firstItem: (image) => i32.divU(i32.add(image, group - 1), group),
            pointers: [0, 1],
          },
        }),
        flops: 2 * productsOf(grid, grid.allRows),
        scratch: tileScratch(grid, rowsPerItem).bytes,
      },
      winogradBody(grid, rowsPerItem),
    ),
    false,
  );
}

function winogradBody(grid: TileGrid, rowsPerItem: number): KernelBody<3> {
  return (f, [y, x, u], { begin, end }, module, v) => {
    const { channels, outputs, allRows } = grid;
    const code = tileCode(module, f, grid, rowsPerItem, v);
    const { m, vStride, mStride, copy } = code;
    const counts = [rowsPerItem, allRows % rowsPerItem || rowsPerItem];
    const multiply = timesKernel(code, u, [channels, outputs], counts);
    const imageAt = imagesOf(module, f, grid.frame, x, copy);
    f.for(begin, end, 1, (item) => {
      const first = f.let(i32.mul(item, rowsPerItem));
      const rows = { first, end: f.let(i32.min(i32.add(first, rowsPerItem), allRows)) };
      imagesToPoints(code, rows, imageAt);
      f.for(0, 36, 1, (point) =>
        multiply(rows, point, strided(m, point, mStride), strided(v, point, vStride)),
      );
      pointsToOutputs(code, rows, y);
    });
  };
}
