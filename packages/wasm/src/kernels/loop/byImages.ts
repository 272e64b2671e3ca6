import { sizeOf } from "@tenon/tensor";
import type { Kernel } from "../kernel.js";
import { imageItems } from "../shared/imageItems.js";
import { isContiguous } from "./addressing.js";
import { elementwise, rowsOf } from "./elementwise.js";
import type { Loop } from "./loop.js";

/**
 * An elementwise loop with one work item per image of a batch, each an equal part of the rows;
 * undefined if it cannot be cut like that.
 *
 * @param loop that of an elementwise kernel
 * @param elements of the batch
 */
export function loopByImages(loop: Loop, images: number, elements: number): Kernel | undefined {
  const { shape, inputs, outputs } = loop;
  // A loop over another number of elements does not have these images.
  if (elements === 0 || elements !== sizeOf(shape) || rowsOf(loop) % images > 0) return undefined;
  const contiguous = inputs.flatMap((input, k) =>
    isContiguous(shape, input) ? [outputs.length + k] : [],
  );
  const kernel = elementwise(loop, images);
  return { ...kernel, ...imageItems(images, 1, [...outputs.keys(), ...contiguous]) };
}
