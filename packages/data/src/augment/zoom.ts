import { noOptions } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { about, around, checkMost } from "./internal/affine.js";

/**
 * Makes an image larger or smaller about its center, by a factor uniform in [1 − most, 1 + most).
 *
 * Keras: `RandomZoom`; torchvision: `RandomAffine(scale)`. Throws unless 0 ≤ most < 1.
 *
 * @param most such as 0.1
 */
export function zoom(most: number): Augmentation {
  noOptions("zoom", arguments[1]);
  checkMost("zoom", most);
  return {
    type: "zoom",
    warp(places, rng) {
      const inverse = 1 / (1 + around(rng, most));
      about(places, [inverse, 0, 0, inverse]);
    },
    toJSON: () => ({ type: "zoom", args: [most] }),
  };
}
