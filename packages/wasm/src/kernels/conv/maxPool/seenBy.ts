import { v128, type Local, type V128 } from "@tenon/emit";
import type { Conv2dAttrs } from "@tenon/tensor";
import type { Geometry } from "../geometry.js";
import type { Pool } from "../../pool/poolWindows.js";

/**
 * Looking at more vectors costs more than what is left out gains: kernels that look far apart, as
 * dilated ones and those of large strides.
 */
const mostLooks = 32;

/**
 * The part of an image that the cells of a max pool's window see: rows, bytes from one to the next,
 * vectors of each.
 */
function looks(
  { rowStep, pixelStep, c }: Geometry,
  { kernel, strides, dilation }: Conv2dAttrs,
  {
    attrs: {
      window: [ph, pw],
    },
  }: Pool,
): { readonly rows: number; readonly line: number; readonly vectors: number } {
  const reach = (d: 0 | 1): number => (kernel[d] - 1) * dilation[d] + 1;
  const floats = ((pw - 1) * pixelStep) / 4 + reach(1) * c;
  return {
    rows: (ph - 1) * strides[0] + reach(0),
    line: rowStep / strides[0],
    vectors: Math.ceil(floats / 4),
  };
}

/** Whether it is worth to look at what windows see. */
export function seenByFew(g: Geometry, attrs: Conv2dAttrs, pool: Pool): boolean {
  const { rows, vectors } = looks(g, attrs, pool);
  return rows * vectors <= mostLooks;
}

/**
 * All that the cells of a max pool's window see of a convolution's image, and no matter what beside
 * it, as one vector that is zero only if all is. `seen`: where the first cell looks.
 */
export function seenBy(g: Geometry, attrs: Conv2dAttrs, pool: Pool, seen: Local<"i32">): V128 {
  const { rows, line, vectors } = looks(g, attrs, pool);
  return Array.from({ length: rows * vectors }, (_, k) =>
    v128.load(seen, Math.floor(k / vectors) * line + 16 * (k % vectors)),
  ).reduce(v128.or);
}
