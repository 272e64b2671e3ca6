import type { Address, V128 } from "@tenon/emit";
import * as v128 from "@tenon/emit/v128";
import type { Conv2dAttrs } from "@tenon/tensor";
import type { Pool } from "../../pool/poolWindows.js";
import type { Geometry } from "../geometry.js";

/**
 * With more vectors, reading a patch costs more than the products that are left out: the patches of
 * dilated kernels and of large strides. Chosen by `bench/zeros`.
 */
const mostVectors = 32;

/** The part of a convolution's image that one window of the pool behind it depends on. */
interface WindowPatch {
  readonly rows: number;
  /** From one row of the image to the next. */
  readonly rowBytes: number;
  /** Vectors that hold a row of the patch; the last may include elements beyond it. */
  readonly vectorsPerRow: number;
}

function windowPatch(conv: Geometry, attrs: Conv2dAttrs, pool: Pool): WindowPatch {
  const { kernel, strides, dilation } = attrs;
  const [rows, columns] = pool.attrs.window;
  const extent = (d: 0 | 1): number => (kernel[d] - 1) * dilation[d] + 1;
  const floatsPerRow = ((columns - 1) * conv.pixelStride) / 4 + extent(1) * conv.c;
  return {
    rows: (rows - 1) * strides[0] + extent(0),
    rowBytes: conv.rowStride / strides[0],
    vectorsPerRow: Math.ceil(floatsPerRow / 4),
  };
}

/** Whether a window's patch is so small that it pays to test whether it is zero. */
export function patchIsSmall(conv: Geometry, attrs: Conv2dAttrs, pool: Pool): boolean {
  const { rows, vectorsPerRow } = windowPatch(conv, attrs, pool);
  return rows * vectorsPerRow <= mostVectors;
}

/**
 * Bitwise OR of the input patch of one pooling window: zero only if the whole patch is zero. May
 * include neighbouring elements. `patch`: the address of the patch of the window's first cell.
 */
export function patchBits(conv: Geometry, attrs: Conv2dAttrs, pool: Pool, patch: Address): V128 {
  const { rows, rowBytes, vectorsPerRow } = windowPatch(conv, attrs, pool);
  return Array.from({ length: rows * vectorsPerRow }, (_, k) =>
    v128.load(patch, Math.floor(k / vectorsPerRow) * rowBytes + 16 * (k % vectorsPerRow)),
  ).reduce(v128.or);
}
