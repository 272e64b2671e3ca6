import { noOptions, notNegative } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { around } from "./internal/affine.js";
import { recolor, saturated } from "./internal/colors.js";

/**
 * Makes colors stronger or paler: g + (x − g) · f, with g the grey of the pixel's brightness,
 * 0.299 red + 0.587 green + 0.114 blue, and f uniform in [1 − most, 1 + most).
 *
 * Keras: `RandomSaturation`; torchvision: `ColorJitter(saturation)`. Values are not cut off. Throws
 * unless 0 ≤ most < ∞, and where images have not three channels.
 *
 * @param most such as 0.4; 1 makes some images grey
 */
export function saturation(most: number): Augmentation {
  noOptions("saturation", arguments[1]);
  notNegative("saturation", "most", most);
  return {
    type: "saturation",
    paint: (image, shape, rng) =>
      recolor("saturation", image, shape, saturated(1 + around(rng, most))),
    toJSON: () => ({ type: "saturation", args: [most] }),
  };
}
