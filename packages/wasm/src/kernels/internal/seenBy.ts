import { v128, type Local, type V128 } from "@tenon/emit";
import type { Conv2dAttrs } from "@tenon/tensor";
import type { Geometry } from "./geometry.js";
import type { Pool } from "./poolWindows.js";

/** All that the cells of a max pool's window see of a convolution's image, and no matter what beside it, as one vector that is zero only if all is. `seen`: where the first cell looks. */
export function seenBy({ rowStep, pixelStep, c }: Geometry, { kernel, strides, dilation }: Conv2dAttrs, { attrs: { window: [ph, pw] } }: Pool, seen: Local<"i32">): V128 {
  const reach = (d: 0 | 1): number => (kernel[d] - 1) * dilation[d] + 1, line = rowStep / strides[0], floats = ((pw - 1) * pixelStep) / 4 + reach(1) * c;
  const loads = Array.from({ length: (ph - 1) * strides[0] + reach(0) }, (_, row) => Array.from({ length: Math.ceil(floats / 4) }, (_, k) => v128.load(seen, row * line + 16 * k))).flat();
  return loads.reduce(v128.or);
}
