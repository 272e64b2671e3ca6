import { noOptions, notNegative } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { around } from "./internal/affine.js";

/**
 * Makes an image lighter or darker: x + b, with b uniform in [−most, most). Values are not cut off
 * at white or black.
 *
 * Keras: `RandomBrightness`; torchvision: `ColorJitter(brightness)`, which multiplies instead.
 * Throws unless 0 ≤ most < ∞.
 *
 * @param most in the units of the dataset, such as 0.2 of images in [0, 1]
 */
export function brightness(most: number): Augmentation {
  noOptions("brightness", arguments[1]);
  notNegative("brightness", "most", most);
  return {
    type: "brightness",
    paint(image, _, rng) {
      const by = around(rng, most);
      for (let i = 0; i < image.length; i++) image[i] += by;
    },
    toJSON: () => ({ type: "brightness", args: [most] }),
  };
}
