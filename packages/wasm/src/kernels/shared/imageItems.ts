import * as i32 from "@tenon/emit/i32";
import type { BatchItems, Kernel } from "../kernel.js";

/**
 * `Kernel.images` of a kernel that cuts a batch of `count` images into parts, and each part into
 * `itemsPerPart` work items; none if the parts are not of equal size.
 *
 * @param parts @defaultValue each image is one
 */
export function imageItems(
  count: number,
  itemsPerPart: number,
  pointers: BatchItems["pointers"],
  parts: number = count,
): Pick<Kernel, "images"> {
  if (count % parts > 0) return {};
  const group = count / parts;
  return {
    images: {
      count,
      group,
      firstItem: (image) => i32.mul(i32.divU(image, group), itemsPerPart),
      pointers,
    },
  };
}
