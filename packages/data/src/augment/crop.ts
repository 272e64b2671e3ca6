import { noOptions, whole } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { move } from "./internal/affine.js";

/**
 * A random part of an image that has a margin of `padding` pixels around it, as large as the image:
 * moves it by whole pixels, down or up and right or left, so that nothing is interpolated. Each
 * place is equally likely.
 *
 * torchvision: `RandomCrop(32, padding=4)`. Throws unless the padding is a whole number ≥ 0.
 *
 * @param padding in pixels, such as 4 for images of 32 × 32
 */
export function crop(padding: number): Augmentation {
  noOptions("crop", arguments[1]);
  whole("crop", "padding", padding, 0);
  return {
    type: "crop",
    warp(places, rng) {
      const by = (): number => Math.floor(rng() * (2 * padding + 1)) - padding;
      move(places, { up: by(), left: by() });
    },
    toJSON: () => ({ type: "crop", args: [padding] }),
  };
}
