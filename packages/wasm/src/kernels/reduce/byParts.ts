import { i32 } from "@tenon/emit";
import type { ByImage, Kernel } from "../kernel.js";

/**
 * How the pieces of a kernel belong to images whose batch is cut into parts, and each part into
 * some pieces more, if the parts are alike.
 */
export function byParts(
  count: number,
  parts: number,
  cut: number,
  pointers: ByImage["pointers"],
): Pick<Kernel, "images"> {
  if (count % parts !== 0) return {};
  const step = count / parts;
  return {
    images: { count, step, piece: (image) => i32.mul(i32.divU(image, step), cut), pointers },
  };
}
