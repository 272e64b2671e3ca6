import { i32 } from "@tenon/emit";
import type { BatchItems, Kernel } from "../kernel.js";

/** For a kernel with this many work items for each of `count` images. */
export const imageItems = (
  count: number,
  itemsPerImage: number,
  pointers: BatchItems["pointers"],
): Pick<Kernel, "images"> => ({
  images: { count, group: 1, firstItem: (image) => i32.mul(image, itemsPerImage), pointers },
});
